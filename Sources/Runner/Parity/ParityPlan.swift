/// What is held against a walk's result.
package struct ParityPlan: Sendable, Hashable {
  /// Whether the SQL that the tool prints is run.
  package let printsSQL: Bool
  /// Whether the application is started.
  package let startsApplication: Bool
  /// Whether anything is.
  package let isWanted: Bool

  package static let none = ParityPlan(
    printsSQL: false, startsApplication: false, isWanted: false)

  package init(printsSQL: Bool = true, startsApplication: Bool = true) {
    self.init(printsSQL: printsSQL, startsApplication: startsApplication, isWanted: true)
  }

  private init(printsSQL: Bool, startsApplication: Bool, isWanted: Bool) {
    self.printsSQL = printsSQL
    self.startsApplication = startsApplication
    self.isWanted = isWanted
  }
}
