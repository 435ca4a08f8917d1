/// What a project provides for one revision, from all the files that name it.
package struct Fixture: Hashable, Sendable {
  package let revision: String
  /// The files it was read from, as they are to be shown; in the order in which they were read.
  package internal(set) var files: [String] = []
  /// To be written in the state just before the revision.
  package internal(set) var before: [InputRow] = []
  /// To be run in the state just before the revision, after the rows of `before`.
  package internal(set) var beforeScripts: [FixtureScript] = []
  /// To be written once the revision is applied.
  package internal(set) var rows: [InputRow] = []
  /// To be run once the revision is applied, after the rows of `rows`.
  package internal(set) var scripts: [FixtureScript] = []
  /// Must be found once the revision is applied; a row names only the columns that matter.
  package internal(set) var expect: [InputRow] = []
  /// What could not be read; everything else can be used.
  package internal(set) var problems: [FixtureProblem] = []

  package init(revision: String) { self.revision = revision }

  /// Whether anything is written in the state just before the revision.
  package var isWrittenBefore: Bool { !before.isEmpty || !beforeScripts.isEmpty }
  /// Whether anything is written once the revision is applied.
  package var isWrittenAfter: Bool { !rows.isEmpty || !scripts.isEmpty }
}

/// When a fixture's row is meant; the raw value is the section's name in YAML and JSON.
package enum FixtureSection: String, Sendable, CaseIterable {
  case before, rows, expect
}

extension Fixture {
  mutating func add(_ row: InputRow, to section: FixtureSection) {
    switch section {
    case .before: before.append(row)
    case .rows: rows.append(row)
    case .expect: expect.append(row)
    }
  }
}
