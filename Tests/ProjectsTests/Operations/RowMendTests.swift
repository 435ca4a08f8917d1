import Databases
import Platform
import Schemas
import Scratch
import Testing
import Walks

@testable import Projects

@Suite struct RowMendTests {
  @Test(arguments: RefusalCase.all)
  func `what was refused for its rows is told with what to do to them first`(_ c: RefusalCase) {
    #expect(AlembicOperations().mending(c.failure, on: c.engine) == c.mend)
  }

  private static let day = ObjectID(.table, ["day"])
  private static func column(_ name: Identifier) -> ObjectID { ObjectID(.column, ["day", name]) }

  @Test func `what spares rows a harm runs on PostgreSQL and does it`() throws {
    let server = try ScratchServers.find(
      engine: .postgresql, settings: MendScript.settings)
    defer { server.shutDown() }
    let database = try server.lend()
    defer { database.drop() }
    try MendScript.execute(
      [
        "CREATE TABLE users (id int PRIMARY KEY)", "INSERT INTO users VALUES (1)",
        """
        CREATE TABLE day (id serial PRIMARY KEY, user_id int, "Mood" text, at timestamp)
        """,
        """
        INSERT INTO day VALUES (7, 1, 'good', '2020-02-02 12:00'), (8, 2, 'bad', NULL),
          (9, NULL, 'bad', NULL)
        """,
      ], at: database.address)
    let mends: [RowMend] = [
      .deleteDangling(
        [Self.column("user_id")], in: ObjectID(.table, ["users"]), to: ["id"]),
      .advance(ObjectID(.sequence, ["day_id_seq"]), past: Self.column("id")),
      .rename(Self.column("Mood"), to: "feeling"), .convertTime(Self.column("at"), toMoment: true),
      .rename(Self.day, to: "days"), .allow(rule: "rows-lost", object: Self.day),
    ]
    let lines = mends.flatMap { AlembicOperations().lines(for: $0, on: .postgresql) }
    try MendScript.run(lines, at: database.address)
    guard case .postgresql(let address) = database.address else { return }
    let rows = try PostgresConnection(address).rows(
      """
      SELECT string_agg(id || feeling, ',' ORDER BY id),
        min(at) = '2020-02-02 12:00+00', nextval('public.day_id_seq') FROM public.days
      """)
    #expect(rows.map { $0.values.map(\.text) } == [["7good,9bad", "t", "10"]])
    #expect(lines.last == "# stairway: allow rows-lost day because …")
  }

  @Test func `a table that is rebuilt on SQLite keeps the rows that refer to it`() throws {
    let server = try ScratchServers.find(engine: .sqlite, settings: MendScript.settings)
    defer { server.shutDown() }
    func rowsLeft(after lines: [String]) throws -> String? {
      let database = try server.lend()
      defer { database.drop() }
      try MendScript.execute(
        [
          "CREATE TABLE users (id INTEGER PRIMARY KEY)", "INSERT INTO users VALUES (1)",
          """
          CREATE TABLE day (id INTEGER PRIMARY KEY, mood TEXT,
            user_id INTEGER REFERENCES users (id) ON DELETE CASCADE)
          """, "INSERT INTO day VALUES (7, 'good', 1)",
        ], at: database.address)
      let rebuilding = [
        "with op.batch_alter_table(\"users\", recreate=\"always\") as batch_op:",
        "    batch_op.add_column(sa.Column(\"name\", sa.Text()))",
      ]
      try MendScript.run(
        ["op.execute(\"PRAGMA foreign_keys=ON\")"] + lines + rebuilding
          + AlembicOperations().lines(
            for: .rename(Self.column("mood"), to: "feeling"), on: .sqlite), at: database.address)
      guard case .sqlite(let path) = database.address else { return nil }
      return try SQLiteConnection(path: path, access: .readOnly).rows(
        "SELECT count(feeling) FROM day"
      ).first?[0].text
    }
    let spared = AlembicOperations().lines(for: .suspendReferences, on: .sqlite)
    #expect(try rowsLeft(after: []) == "0")
    #expect(try rowsLeft(after: spared) == "1")
    // PostgreSQL knows no PRAGMA.
    #expect(spared.first == "if op.get_context().dialect.name == \"sqlite\":")
    #expect(spared.dropFirst().allSatisfy { $0.hasPrefix("    ") })
  }
}
