private import CPostgres

extension PostgresConnection {
  /// Runs the statements of a script that somebody else wrote, in one implicit transaction where it
  /// begins none itself, ignoring the rows they give.
  ///
  /// - Throws: `DatabaseError` with the place of the statement that was refused. The session is of
  ///   no further use then.
  package borrowing func run(script: String) throws {
    guard PQsendQuery(handle, script) == 1 else { throw failure(nil, of: script) }
    var refused: DatabaseError?
    var count = 0
    while let result = PQgetResult(handle) {
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK: count += 1
      case PGRES_EMPTY_QUERY: continue
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        // What would follow is the client's, which only psql reads from the script.
        throw DatabaseError(
          .statementFailed, message: "COPY from or to the client works in psql only",
          line: Self.line(ofStatement: count, in: script))
      default:
        guard refused == nil else { continue }
        let line = PQresultErrorField(result, Int32(UInt8(ascii: "P")))
          .flatMap { Int(String(cString: $0)) }.map { Self.line(at: $0, of: script) }
        refused = failure(result, of: script).placed(
          at: line ?? Self.line(ofStatement: count, in: script))
      }
    }
    if let refused { throw refused }
  }

  /// - Parameter position: in characters, from 1
  ///   (<https://www.postgresql.org/docs/current/protocol-error-fields.html>).
  private static func line(at position: Int, of script: String) -> Int {
    script.unicodeScalars.prefix(max(position - 1, 0)).count { $0 == "\n" } + 1
  }

  /// - Parameter index: how many ran before it.
  private static func line(ofStatement index: Int, in script: String) -> Int {
    let statements = PostgresScript(script).statements
    return statements.dropFirst(index).first?.line ?? statements.last?.line ?? 1
  }
}
