package import Rows

/// What a lane's tables are given: the project's own rows, and what others are made up from.
package struct RowPlan: Sendable {
  /// nil where the project provides none.
  package let fixtures: FixtureFolder?
  /// The same seed makes up the same rows.
  package let seed: UInt64
  /// Whether no value may stand in the record; keys, types and lengths do.
  package let hidesValues: Bool

  package init(fixtures: FixtureFolder? = nil, seed: UInt64 = 0, hidesValues: Bool = false) {
    self.fixtures = fixtures
    self.seed = seed
    self.hidesValues = hidesValues
  }

  /// What makes rows up; small keys are left to fixtures and to the rows that migrations insert.
  var generator: RowGenerator {
    RowGenerator(seed: seed, firstKey: RowGenerator.keyBeyondTheProjects)
  }
}
