/// One statement of a script.
package struct ScriptStatement: Sendable, Hashable {
  /// Without the semicolon that ends it.
  package let sql: String
  /// The line of the script on which it begins, behind comments; from 1.
  package let line: Int

  init(sql: String, line: Int) {
    self.sql = sql
    self.line = line
  }
}
