/// What is held against a walk's result.
package struct ParityPlan: Sendable, Hashable {
  /// Whether the SQL that the tool prints is run.
  package let printsSQL: Bool
  /// Whether the application is started.
  package let startsApplication: Bool
  /// Whether the schema that the models make is compared.
  package let comparesModels: Bool
  /// Whether models that nobody imports are looked for: the same on every engine.
  package let findsUnregisteredModels: Bool

  package init(
    printsSQL: Bool = true, startsApplication: Bool = true, comparesModels: Bool = true,
    findsUnregisteredModels: Bool = true
  ) {
    self.printsSQL = printsSQL
    self.startsApplication = startsApplication
    self.comparesModels = comparesModels
    self.findsUnregisteredModels = findsUnregisteredModels
  }
}
