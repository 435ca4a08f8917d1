import Runner

extension TrialPlan {
  private static let mostInstances = 16

  /// Reads what the settings say of it.
  ///
  /// - Throws: `SettingsError` for a number of instances that cannot be meant.
  init(_ layers: SettingsLayers) throws {
    self.init(interrupts: layers.text("rehearse.interrupt") == "true")
    if let text = layers.text("rehearse.instances") {
      guard let count = Int(text), (2...Self.mostInstances).contains(count) else {
        throw SettingsError(
          .invalidValue, at: layers["rehearse.instances"]?.place ?? "rehearse.instances",
          "'\(text)' instances cannot be tried: one alone is what every rehearsal runs, and "
            + "\(Self.mostInstances) are the most",
          fix: "write a number from 2 to \(Self.mostInstances), or leave it out")
      }
      instances = count
    }
    if let text = layers.text("rehearse.max-interruptions") {
      guard let count = Int(text), count > 0 else {
        throw SettingsError(
          .invalidValue,
          at: layers["rehearse.max-interruptions"]?.place ?? "rehearse.max-interruptions",
          "'\(text)' is no number of places at which an upgrade can be killed",
          fix: "write 1 or more; without --interrupt it is not killed at all")
      }
      mostInterruptions = count
    }
  }

  /// Adds what only the command line says.
  ///
  /// - Throws: `UsageError` for a copy that cannot be put back before each trial.
  init(_ arguments: ParsedArguments, _ settings: Settings) throws {
    self = settings.trials
    if arguments.has("interrupt") { interrupts = true }
    keepsCopy = arguments.has("keep")
    guard arguments.has("in-place") else { return }
    for option in ["instances", "interrupt"] where arguments.has(option) {
      throw UsageError.other(
        "'--\(option)' needs a copy that is put back before each trial, and one that is used in place "
          + "is not: leave '--in-place' out.", RehearseCommand.syntax)
    }
    // What the settings file asks for holds for copies of Stairway's own.
    instances = nil
    interrupts = false
  }
}
