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

  package init(_ code: Code, message: String, state: String? = nil, statement: String? = nil) {
    self.code = code
    self.message = message
    self.state = state
    self.statement = statement
  }

  package var description: String {
    statement.map { "\(message) (in: \($0.prefix(200)))" } ?? message
  }
}
