/// A database refused something: what it was asked and what it said, in its own words.
package struct DatabaseError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of call was refused; stable, for code that decides on it.
  package enum Code: String, Sendable {
    case badAddress = "bad-address"
    case cannotConnect = "cannot-connect"
    case statementFailed = "statement-failed"
    case unreadableValue = "unreadable-value"
  }

  package let code: Code
  /// The engine's own message, without a trailing newline and without credentials.
  package let message: String
  /// PostgreSQL's SQLSTATE, or SQLite's extended result code as a number.
  package let state: String?
  /// The SQL that was refused; nil when the connection itself was.
  package let statement: String?
  /// What PostgreSQL says beside the message; nil where it says nothing, and on SQLite.
  package let subject: Subject?

  /// The objects that a refusal is about, as PostgreSQL's error fields name them
  /// (<https://www.postgresql.org/docs/current/protocol-error-fields.html>).
  package struct Subject: Sendable, Hashable {
    package var schema: String?
    package var table: String?
    package var column: String?
    package var constraint: String?
    /// May hold the row's values: to be shown only where values are.
    package var detail: String?

    package init() {}
  }

  /// The line at which the refused statement of a script begins, or the part of it that the engine names,
  /// from 1; nil where it was no script's.
  package let line: Int?

  package init(
    _ code: Code, message: String, state: String? = nil, statement: String? = nil,
    subject: Subject? = nil, line: Int? = nil
  ) {
    self.code = code
    self.message = message
    self.state = state
    self.statement = statement
    self.subject = subject
    self.line = line
  }

  /// The same, with its place in a script.
  func placed(at line: Int) -> DatabaseError {
    DatabaseError(
      code, message: message, state: state, statement: statement, subject: subject, line: line)
  }

  package var description: String {
    statement.map { "\(message) (in: \($0.prefix(200)))" } ?? message
  }
}
