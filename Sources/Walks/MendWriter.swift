package import Databases
package import History
package import Schemas

/// Writes mends as the code and commands of a project's own tool.
///
/// Declared here so that rules can propose a mend without knowing the tool; each adapter has one.
package protocol MendWriter: Sendable {
  /// The statements that take a database from `difference`'s after to its before, as lines of the
  /// body of the tool's downgrade.
  ///
  /// - Returns: the lines, ordered so that they can run; a comment line for what has no operation.
  func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String]

  /// The same where more is known than the difference.
  ///
  /// - Parameters:
  ///   - present: the tables with their parts as they are before these lines run, for a table that is
  ///     copied to be changed loses parts unless they are named.
  ///   - types: what columns become, in the tool's words.
  func undoing(
    _ difference: SchemaDifference, on engine: Engine, keeping present: [SchemaObject],
    types: [ObjectID: ToolsType]
  ) -> [String]

  /// What to change in a migration that failed in a way the tool's users know well; nil for all
  /// others.
  func mending(_ failure: StepFailure, on engine: Engine) -> String?

  /// What to write into a further revision so that `engine` has what the other one has; nil where the
  /// tool has no certain operation for it.
  func aligning(_ divergence: Divergence, on engine: Engine) -> String?

  /// The same lines, run on this engine alone.
  func limiting(_ lines: [String], to engine: Engine) -> [String]

  /// The command that joins these heads into one.
  func merging(_ heads: [RevisionID]) -> String?

  /// How a revision's file says that it follows another one; nil where the tool has no words for it.
  func following(_ parent: RevisionID) -> String?

  /// What spares rows a harm, as lines of a migration; empty where the tool has no words for it.
  func lines(for mend: RowMend, on engine: Engine) -> [String]

  /// Sends these statements as they are, as lines of a migration.
  ///
  /// - Parameter outsideOfTransaction: whether each has to be committed by itself.
  func sending(_ statements: [String], outsideOfTransaction: Bool) -> [String]

  /// The command that writes a revision of what differs between models and database.
  var comparing: String? { get }
}

extension MendWriter {
  package func undoing(
    _ difference: SchemaDifference, on engine: Engine, keeping present: [SchemaObject],
    types: [ObjectID: ToolsType]
  ) -> [String] { undoing(difference, on: engine) }
  package func mending(_ failure: StepFailure, on engine: Engine) -> String? { nil }
  package func aligning(_ divergence: Divergence, on engine: Engine) -> String? { nil }
  package func limiting(_ lines: [String], to engine: Engine) -> [String] { lines }
  package func merging(_ heads: [RevisionID]) -> String? { nil }
  package func following(_ parent: RevisionID) -> String? { nil }
  package func lines(for mend: RowMend, on engine: Engine) -> [String] { [] }
  package func sending(_ statements: [String], outsideOfTransaction: Bool) -> [String] {
    statements.map { "\($0);" }
  }
  package var comparing: String? { nil }
}
