package import Databases
package import Schemas

/// Writes a schema difference as the migration code of a project's own tool.
///
/// Declared here so that rules can propose a mend without knowing the tool; each adapter has one.
package protocol MendWriter: Sendable {
  /// The statements that take a database from `difference`'s after to its before, as lines of the
  /// body of the tool's downgrade.
  ///
  /// - Returns: the lines, ordered so that they can run; a comment line for what has no operation.
  func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String]
}
