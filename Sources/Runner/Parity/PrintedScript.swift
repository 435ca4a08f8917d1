internal import Databases
internal import Projects
internal import Walks

/// SQL as the tool printed it, run as `sqlite3` and `psql` run a file: statement by statement, in a
/// session of its own.
struct PrintedScript {
  private let parts: [PrintedSQL.Part]

  init(_ parts: [PrintedSQL.Part]) { self.parts = parts }

  func run(on address: DatabaseAddress) -> SessionAnswer {
    do {
      switch address {
      case .sqlite(let path):
        let connection = try SQLiteConnection(path: path, access: .createIfMissing)
        return run { try connection.run(script: $0) }
      case .postgresql(let server):
        let connection = try PostgresConnection(server)
        try connection.execute("RESET ALL")
        return run { part in
          for statement in PostgresScript(part).statements {
            try connection.run(script: statement.sql)
          }
        }
      }
    } catch {
      let fault = Fault(.databaseLost, message: "the scratch database cannot be reached: \(error)")
      return SessionAnswer(outcome: .unjudged(fault))
    }
  }

  private func run(_ execute: (String) throws -> Void) -> SessionAnswer {
    for part in parts {
      do {
        try execute(part.sql)
      } catch {
        let refused = error as? DatabaseError
        return SessionAnswer(
          outcome: .failed(
            StepFailure(
              type: "", message: refused?.message ?? "\(error)", sqlState: refused?.state,
              statement: refused?.statement, frames: part.writer(of: refused).map { [$0] } ?? [])),
          stoppedAt: part.revision)
      }
    }
    return SessionAnswer(outcome: .succeeded)
  }
}

extension PrintedSQL.Part {
  /// The line of the project that wrote what was refused among the SQL; nil where the tool printed it.
  fileprivate func writer(of refused: DatabaseError?) -> Frame? {
    guard let statement = refused?.statement else { return nil }
    let own = (said ?? []).first { said in
      guard let line = said.text.split(whereSeparator: \.isNewline).first else { return false }
      // It ends at a semicolon of its own, or spoils the statement after it.
      return statement.hasPrefix(line) || line.hasPrefix(statement)
        || refused?.state == "42601" && statement.contains(line)
    }
    return own?.frame
  }
}
