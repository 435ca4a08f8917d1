/// What is tried on the copy beside one undisturbed upgrade.
package struct TrialPlan: Sendable, Hashable {
  /// How many instances begin at the same moment; nil where that is not tried.
  package var instances: Int?
  /// Whether the upgrade is killed after each of its statements.
  package var interrupts: Bool
  /// At how many places at most.
  package var mostInterruptions: Int
  /// Whether the copy has to be as the upgrade left it when all is over.
  package var keepsCopy: Bool
  /// Seconds that every upgrade has, however quick it is by itself.
  package var patience: Double

  package init(
    instances: Int? = nil, interrupts: Bool = false, mostInterruptions: Int = 100,
    keepsCopy: Bool = false, patience: Double = 60
  ) {
    self.instances = instances
    self.interrupts = interrupts
    self.mostInterruptions = mostInterruptions
    self.keepsCopy = keepsCopy
    self.patience = patience
  }

  package var isEmpty: Bool { instances == nil && !interrupts }

  /// How many further states of the copy it needs room for.
  package var states: Int { isEmpty ? 0 : keepsCopy ? 2 : 1 }
}
