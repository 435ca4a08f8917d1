import Databases
import Platform
import Scratch
import Testing

/// Runs lines of a migration with Alembic's `op`, as a migration would.
enum MendScript {
  private static let program = """
    import sys
    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    engine = sa.create_engine(sys.argv[1])
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        op = Operations(context)
        with context.begin_transaction(_per_migration=True):
            exec(sys.argv[2], {"op": op, "sa": sa})
        if connection.in_transaction():
            connection.commit()
    """

  static var settings: ScratchSettings {
    ScratchSettings(
      environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin"],
      roomForFiles: 1 << 20, roomForCluster: 256 << 20)
  }

  static func run(_ lines: [String], at address: DatabaseAddress) throws {
    let script = lines.joined(separator: "\n")
    let run = try ChildProcess.run(
      Launch(
        try TestPython.path().text, ["-c", program, url(address), script],
        environment: ["PATH": "/usr/bin:/bin"]))
    #expect(run.isSuccess, Comment(rawValue: "\(script)\n\(run.errors)"))
  }

  static func execute(_ statements: [String], at address: DatabaseAddress) throws {
    switch address {
    case .sqlite(let path):
      let connection = try SQLiteConnection(path: path, access: .readWrite)
      for statement in statements { try connection.execute(statement) }
    case .postgresql(let address):
      let connection = try PostgresConnection(address)
      try connection.execute("SET search_path = public")
      for statement in statements { try connection.execute(statement) }
    }
  }

  private static func url(_ address: DatabaseAddress) -> String {
    switch address {
    case .sqlite(let path): "sqlite:///\(path)"
    case .postgresql(let address):
      "postgresql+psycopg2://\(address.user):\(address.password ?? "")@/\(address.database)"
        + "?host=\(address.host)&port=\(address.port)"
    }
  }
}
