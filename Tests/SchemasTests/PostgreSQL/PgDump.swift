import Databases
import Platform

/// PostgreSQL's own tool, as the measure of what a snapshot must notice.
struct PgDump {
  private let program: String

  /// The program of the server's version where the distribution keeps one, else that of the path.
  init(majorVersion: Int) {
    let packaged = Path("/usr/lib/postgresql/\(majorVersion)/bin/pg_dump")
    program = Files.isFile(packaged) ? packaged.text : "pg_dump"
  }

  /// The schema as it writes it, without comments, blank lines and what it says about the session.
  func schema(of address: PostgresAddress) throws -> String {
    let run = try ChildProcess.run(
      Launch(
        program, ["--schema-only", "--dbname", address.connectionString],
        environment: ["PATH": "/usr/bin:/bin"]), limit: 8 << 20)
    guard run.isSuccess else {
      throw DatabaseError(.statementFailed, message: "pg_dump: \(run.errors)")
    }
    return run.output.split(separator: "\n").filter { !isNoise($0) }.joined(separator: "\n")
  }

  /// Which access method and tablespace a table has is said in settings before it.
  private func isNoise(_ line: Substring) -> Bool {
    if line.hasPrefix("SET default_t") { return false }
    return line.hasPrefix("--") || line.hasPrefix("SET ") || line.hasPrefix("\\")
      || line.hasPrefix("SELECT pg_catalog.set_config(")
  }
}
