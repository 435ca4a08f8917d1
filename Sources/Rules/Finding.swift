package import Databases
package import History
package import Schemas
package import Walks

/// How bad a finding is.
package enum Severity: String, Sendable, Codable, Comparable, CaseIterable {
  case note, warning, error

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// A rule's stable kebab-case name, as `allow`, `explain`, JUnit's `type` and SARIF take it.
package struct RuleName: Hashable, Sendable, Codable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let text: String
  package init(_ text: String) { self.text = text }
  package init(stringLiteral value: String) { self.init(value) }
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
  package var description: String { text }
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// What was seen that makes a finding true.
package struct Evidence: Sendable, Hashable, Codable {
  /// The statement that was refused, or did it.
  package var statement: String?
  /// What the engine or the migration said.
  package var error: String?
  package var sqlState: String?
  /// The schema difference in question.
  package var difference: SchemaDifference?
  /// Rows and values in question, a sentence each; only some where there are many.
  package var rows: [String]
  /// The user's frames on the way to the failure.
  package var frames: [Frame]
  /// What the tool's own comparison says of the same, a sentence each.
  package var opinions: [String]?
  /// Lines of a file that are not what they were, as `diff -u` writes them.
  package var source: [String]?

  package init(
    statement: String? = nil, error: String? = nil, sqlState: String? = nil,
    difference: SchemaDifference? = nil, rows: [String] = [], frames: [Frame] = [],
    opinions: [String]? = nil, source: [String]? = nil
  ) {
    self.source = source
    self.opinions = opinions
    self.statement = statement
    self.error = error
    self.sqlState = sqlState
    self.difference = difference
    self.rows = rows
    self.frames = frames
  }
}

/// One thing that is wrong, with its rule, place and evidence.
package struct Finding: Sendable, Hashable, Codable {
  package let rule: RuleName
  package var severity: Severity
  /// nil where it is about the history itself.
  package let engine: Engine?
  package let revision: RevisionID?
  package let step: StepName?
  /// The objects it is about.
  package let objects: [ObjectID]
  package let file: String?
  /// 1-based.
  package let line: Int?
  /// One sentence without a trailing full stop.
  package let message: String
  package let evidence: Evidence
  /// How to mend it: a sentence, or lines of code; nil where nothing general can be said.
  package let fix: String?

  package init(
    rule: RuleName, severity: Severity, engine: Engine? = nil, revision: RevisionID? = nil,
    step: StepName? = nil, objects: [ObjectID] = [], file: String? = nil, line: Int? = nil,
    message: String, evidence: Evidence = .init(), fix: String? = nil
  ) {
    self.rule = rule
    self.severity = severity
    self.engine = engine
    self.revision = revision
    self.step = step
    self.objects = objects
    self.file = file
    self.line = line
    self.message = message
    self.evidence = evidence
    self.fix = fix
  }
}
