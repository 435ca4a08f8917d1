package import Databases

/// SQL that a fixture gives as it is to be run, statements and all.
package struct FixtureScript: Hashable, Sendable {
  package let text: String
  /// As it is to be shown.
  package let file: String

  package init(text: String, file: String) {
    self.text = text
    self.file = file
  }

  /// Runs the script in a session of its own, with the settings that a new one has on that database
  /// but for UTF-8 and UTC. All of it or nothing, where it begins no transaction itself.
  ///
  /// - Returns: what the engine refused; nil where it took everything.
  /// - Throws: `DatabaseError` where there is no connection.
  package func run(on address: DatabaseAddress) throws -> RejectedScript? {
    do {
      switch address {
      case .postgresql(let address):
        let connection = try PostgresConnection(address)
        try connection.execute("RESET ALL; SET client_encoding = 'UTF8'; SET timezone = 'UTC'")
        try connection.run(script: text)
      case .sqlite(let path):
        let connection = try SQLiteConnection(path: path, access: .readWrite)
        if leadsTransactions {
          try connection.run(script: text)
        } else {
          try connection.execute("BEGIN IMMEDIATE")
          try connection.run(script: text)
          try connection.execute("COMMIT")
        }
      }
      return nil
    } catch let error as DatabaseError where error.code == .statementFailed {
      return RejectedScript(self, error, address.engine)
    }
  }

  /// The line of the first statement that reads as if it defined something for good; 1 where none does.
  package var lineOfDefinition: Int {
    let definition = /(?im)(?:^|;)\s*(?<word>(?:CREATE(?!\s+TEMP)|ALTER|DROP)\b)/
    guard let word = text.firstMatch(of: definition)?.word else { return 1 }
    return text[..<word.startIndex].count { $0.isNewline } + 1
  }

  /// Whether it speaks of transactions, or of settings that SQLite takes outside of them only. The
  /// body of a trigger looks the same, and then its failure may leave the statements before it.
  private var leadsTransactions: Bool {
    text.firstMatch(of: /(?i)\b(?:BEGIN|SAVEPOINT|PRAGMA|VACUUM|ATTACH|DETACH)\b/) != nil
  }
}

/// A statement of a fixture's script that the engine refused.
package struct RejectedScript: Hashable, Sendable {
  /// The statement's, or its part's that the engine names.
  package let place: SourcePlace
  /// The engine's own words.
  package let message: String
  /// PostgreSQL's SQLSTATE or SQLite's extended result code.
  package let state: String?
  /// As the engine names them; nil where it does not, and on SQLite.
  package let table: Identifier?
  package let column: Identifier?
  package let constraint: String?
  /// What PostgreSQL adds to its message; may hold the row's values.
  package let detail: String?

  init(_ script: FixtureScript, _ error: DatabaseError, _ engine: Engine) {
    place = SourcePlace(file: script.file, line: error.line ?? 1)
    message = error.message
    state = error.state
    table = error.subject?.table.map { Identifier($0) }
    column = error.subject?.column.map { Identifier($0) }
    constraint = error.subject?.constraint
    detail = error.subject?.detail
  }
}
