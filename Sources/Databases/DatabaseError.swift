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

  /// Where in a script the refused statement is; nil where it was no script's.
  package let place: ScriptPlace?

  /// A statement's place among those of a script.
  package struct ScriptPlace: Sendable, Hashable {
    /// From 1; nil where the engine does not say.
    package let line: Int?
    /// How many statements ran before it.
    package let statementsBefore: Int
  }

  package init(
    _ code: Code, message: String, state: String? = nil, statement: String? = nil,
    subject: Subject? = nil, place: ScriptPlace? = nil
  ) {
    self.code = code
    self.message = message
    self.state = state
    self.statement = statement
    self.subject = subject
    self.place = place
  }

  /// The same, with its place in a script.
  func placed(_ place: ScriptPlace) -> DatabaseError {
    DatabaseError(
      code, message: message, state: state, statement: statement, subject: subject, place: place)
  }

  package var description: String {
    statement.map { "\(message) (in: \($0.prefix(200)))" } ?? message
  }
}
