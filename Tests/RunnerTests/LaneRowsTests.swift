import Databases
import History
import Platform
import Projects
import Rows
import Schemas
import Scratch
import Testing
import Walks

@testable import Runner

@Suite struct `A lane with rows on SQLite` {
  typealias Migration = ScriptedProject.Migration

  func walk(
    _ migrations: [ScriptedProject.Migration], fixtures: [String: String] = [:],
    supply: RowSupply = .typical, hidesValues: Bool = false, floor: RevisionID? = nil,
    skipped: [RevisionID: String] = [:], scope: WalkScope = .whole
  ) throws -> EngineRecord {
    let graph = ScriptedProject.graph(migrations)
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-test-rows")
    defer { try? Files.removeTree(folder) }
    for (name, text) in fixtures { try Files.write(text, to: folder / name) }
    let rows = RowPlan(
      fixtures: FixtureFolder(
        folder, shownRelativeTo: folder, revisions: migrations.map(\.id.text)),
      hidesValues: hidesValues)
    let plan = LanePlan(
      walk: WalkPlanner(
        graph: graph, scope: scope, downgradeFloor: floor, skipped: skipped, rows: supply
      ).walk(on: .sqlite), rows: rows,
      project: ScriptedProject(migrations),
      server: ServerStart { try SQLiteScratch(ScratchSettings(environment: [:])) })
    return try #require(Runner(RunContext(now: { 0 })).run([plan]).engines.first)
  }

  static let users = Migration(
    id: "aaaa", up: "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    down: "DROP TABLE users")

  @Test func `a history that loses nothing has no rows to tell of`() throws {
    let record = try walk([
      Self.users,
      Migration(
        id: "bbbb", parents: ["aaaa"], up: "ALTER TABLE users ADD COLUMN email TEXT",
        down: "ALTER TABLE users DROP COLUMN email"),
    ])
    #expect(record.fault == nil)
    let trip = record.roundTrips[1]
    #expect(
      trip.steps.map(\.name) == [.upgrade, .downgrade, .reupgrade, .rollback, .recovery])
    #expect(trip.steps.allSatisfy { $0.outcome == .succeeded })
    #expect(trip.rowsTrace?.losses.isEmpty == true)
    #expect(trip.rollbackRows?.isEmpty == true)
    #expect(record.roundTrips[0].filling?.generated == 3)
  }

  @Test func `rows that an upgrade deletes are counted, and given back to the next revision`()
    throws
  {
    let record = try walk([
      Self.users,
      Migration(id: "bbbb", parents: ["aaaa"], up: "DELETE FROM users WHERE id > 0", down: ""),
      Migration(id: "cccc", parents: ["bbbb"], up: "DELETE FROM users WHERE id > 0", down: ""),
    ])
    for trip in record.roundTrips.dropFirst() {
      #expect(trip.step(.upgrade)?.rows?.tables.map(\.rowsLost) == [3])
    }
  }

  @Test func `an upgrade that fails on rows alone is told apart and does not block what follows`()
    throws
  {
    let twice = "INSERT INTO users SELECT id, name FROM users"
    let record = try walk([
      Self.users,
      Migration(id: "bbbb", parents: ["aaaa"], up: twice, down: ""),
      Migration(id: "cccc", parents: ["aaaa"], up: "INSERT INTO nowhere VALUES (1)", down: ""),
      Migration(
        id: "dddd", parents: ["bbbb"], up: "CREATE TABLE logs(id)", down: "DROP TABLE logs"),
    ])
    func trip(_ id: RevisionID) -> RoundTripRecord? {
      record.roundTrips.first { $0.revision == id }
    }
    #expect(trip("bbbb")?.step(.upgrade)?.emptyTrial == .succeedsWithoutMadeUpRows)
    #expect(trip("cccc")?.step(.upgrade)?.emptyTrial == .fails)
    #expect(trip("dddd")?.step(.reupgrade)?.outcome == .succeeded)
  }

  @Test(arguments: [RowSupply.typical, .edge])
  func `edge rows are to blame where typical ones pass`(_ supply: RowSupply) throws {
    let record = try walk(
      [
        Migration(
          id: "aaaa", up: "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT)",
          down: "DROP TABLE users"),
        Migration(
          id: "bbbb", parents: ["aaaa"],
          up: """
            CREATE TABLE names(n CHECK (length(n) < 999)); INSERT INTO names SELECT name FROM users
            """,
          down: "DROP TABLE names"),
        Migration(
          id: "cccc", parents: ["bbbb"],
          up: "CREATE TABLE twins(id UNIQUE); INSERT INTO twins SELECT 1 FROM users",
          down: "DROP TABLE twins"),
      ], supply: supply)
    let trips = record.roundTrips
    #expect(trips[1].step(.upgrade)?.emptyTrial == (supply == .edge ? .succeedsOnTypicalRows : nil))
    #expect(trips[2].step(.upgrade)?.emptyTrial == .succeedsWithoutMadeUpRows)
    #expect(record.fault == nil)
  }

  @Test(arguments: ["users", "logs"])
  func `a fixture's rows are to blame only where the step fails on them alone`(
    _ table: String
  ) throws {
    let record = try walk(
      [
        Self.users,
        Migration(
          id: "bbbb", parents: ["aaaa"],
          up: "CREATE TABLE logs(id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
          down: "DROP TABLE logs"),
        Migration(
          id: "cccc", parents: ["bbbb"],
          up: "CREATE TABLE one(id UNIQUE); INSERT INTO one SELECT 1 FROM \(table)",
          down: "DROP TABLE one"),
      ],
      fixtures: [
        "aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n    - {id: 2, name: bob}\n"
      ])
    #expect(
      record.roundTrips[2].step(.upgrade)?.emptyTrial
        == (table == "users" ? .succeeds : .succeedsWithoutMadeUpRows))
    #expect(record.fault == nil)
  }

  @Test func `a row that is expected before the fixture writes it is told with where to write it`()
    throws
  {
    let record = try walk(
      [Self.users],
      fixtures: [
        "aaaa.yml": """
        rows:
          users:
            - {id: 1, name: "ann"}
        expect:
          users:
            - {id: 1}
            - {name: ann}
            - {id: 2}

        """
      ])
    let missing = try #require(record.roundTrips[0].filling?.missing)
    #expect(missing.map(\.place.line) == [6, 7, 8])
    #expect(
      missing.map { $0.fix?.contains("write the row below before:") } == [true, true, nil])
  }

  @Test func `a rollback that fails on rows written for it alone is no fault of a fixture's`()
    throws
  {
    let record = try walk(
      [
        Self.users,
        Migration(
          id: "bbbb", parents: ["aaaa"],
          up: "CREATE TABLE codes(id INTEGER PRIMARY KEY, code VARCHAR(8), UNIQUE (code)); "
            + "CREATE TABLE other(id INTEGER PRIMARY KEY)",
          down: "DROP TABLE other; DROP TABLE codes"),
        Migration(
          id: "cccc", parents: ["bbbb"],
          up: "CREATE TABLE n(id INTEGER PRIMARY KEY, code VARCHAR(8)); "
            + "INSERT INTO n SELECT * FROM codes; DROP TABLE codes; ALTER TABLE n RENAME TO codes",
          down: "CREATE TABLE n(id INTEGER PRIMARY KEY, code VARCHAR(8), UNIQUE (code)); "
            + "INSERT INTO n SELECT * FROM codes; DROP TABLE codes; ALTER TABLE n RENAME TO codes"),
      ], fixtures: ["bbbb.yml": "rows:\n  other:\n    - {id: 1}\n"])
    let rollback = try #require(record.roundTrips[2].step(.rollback))
    #expect(!rollback.isDone)
    #expect(rollback.emptyTrial == .succeedsWithoutMadeUpRows)
  }

  @Test func `a rollback meets the rows of the revision's own fixture`() throws {
    let record = try walk(
      [
        Self.users,
        Migration(
          id: "bbbb", parents: ["aaaa"], up: "CREATE TABLE twins(id, users_id)",
          down: "INSERT INTO users SELECT users_id, '' FROM twins; DROP TABLE twins"),
      ],
      fixtures: [
        "bbbb.yml":
          "rows:\n  users:\n    - {id: 9, name: ann}\n  twins:\n    - {id: 1, users_id: 9}\n"
      ])
    let trip = record.roundTrips[1]
    #expect(trip.step(.downgrade)?.outcome == .succeeded)
    #expect(trip.step(.rollback)?.emptyTrial == .succeeds)
    #expect(trip.step(.recovery)?.outcome == .skipped("the rollback did not succeed"))
  }

  @Test func `rows are written also where a revision is not taken down or not run`() throws {
    let fixtures = [
      "aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n",
      "bbbb.yml": "before:\n  users:\n    - {id: 2, name: bob}\n",
      "cccc.yml": "rows:\n  users:\n    - {id: 3, name: cid}\n",
      "dddd.yml":
        "expect:\n  users:\n    - {id: 1}\n    - {id: 2}\n    - {id: 3}\n    - {id: 4}\n",
    ]
    let record = try walk(
      [
        Self.users, Migration(id: "bbbb", parents: ["aaaa"]),
        Migration(id: "cccc", parents: ["bbbb"], down: "no way back"),
        Migration(id: "dddd", parents: ["cccc"]),
      ], fixtures: fixtures, floor: "bbbb", skipped: ["bbbb": "it is meant"])
    #expect(record.fault == nil)
    let trips = record.roundTrips
    #expect(trips.map { $0.filling?.provided } == [1, 1, 1, 0])
    #expect(trips.allSatisfy { $0.filling?.rejected.isEmpty ?? true })
    #expect(trips[3].filling?.missing.map(\.place.line) == [6])
    #expect(trips[0].step(.downgrade)?.outcome == .skipped("older than the downgrade-floor bbbb"))
    #expect(
      trips[1].steps.map(\.outcome)
        == Array(repeating: .skipped("bbbb is not run: it is meant"), count: 5))
    #expect(trips[3].step(.reupgrade)?.outcome == .succeeded)
  }

  @Test(
    arguments: [
      "INSERT INTO users(id, name) VALUES (7, 'eve');\nDROP TABLE users",
      "BEGIN; COMMIT;\nDROP TABLE users;",
      "SELECT 1;\nALTER TABLE users ADD COLUMN late TEXT", "-- more\nCREATE VIEW late AS SELECT 1;",
    ], ["bbbb.sql", "bbbb.before.sql"])
  func `a script that changes the schema is refused, and no migration is blamed`(
    _ script: String, _ file: String
  ) throws {
    let record = try walk(
      [
        Self.users,
        Migration(
          id: "bbbb", parents: ["aaaa"], up: "ALTER TABLE users ADD COLUMN email TEXT",
          down: "ALTER TABLE users DROP COLUMN email"),
        Migration(
          id: "cccc", parents: ["bbbb"], up: "CREATE TABLE posts(id INTEGER PRIMARY KEY)",
          down: "DROP TABLE posts"),
      ],
      fixtures: [
        "aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n", file: script,
        "bbbb.yml": "rows:\n  users:\n    - {id: 2, name: bob}\n",
        "cccc.yml": "expect:\n  users:\n    - {id: 1}\n    - {id: 2}\n",
      ])
    #expect(record.fault == nil)
    let trip = record.roundTrips[1]
    let refused = try #require(trip.filling?.rejected.first)
    #expect(trip.filling?.rejected.count == 1)
    #expect(refused.place == SourcePlace(file: file, line: 2))
    let object = script.contains("DROP") ? "drops table users" : "adds "
    #expect(refused.message.contains("it \(object)"), "\(refused.message)")
    for trip in record.roundTrips {
      #expect(trip.steps.allSatisfy { $0.outcome == .succeeded })
      #expect(trip.trace?.isEmpty != false)
    }
    #expect(record.roundTrips[2].filling?.missing == [])
    #expect(record.descent?.change != nil)
    #expect(record.roundTrips[2].filling?.rejected == [])
  }

  @Test func `a script may make for itself what it drops again`() throws {
    let record = try walk(
      [Self.users],
      fixtures: [
        "aaaa.sql": """
        CREATE TABLE names(n TEXT); INSERT INTO names VALUES ('ann');
        INSERT INTO users SELECT 1, n FROM names; DROP TABLE names
        """
      ])
    #expect(record.roundTrips[0].filling?.rejected == [])
    #expect(record.roundTrips[0].filling?.hasProvided == true)
  }

  @Test func `a fixture's rows that a migration deletes are there again for later fixtures`() throws
  {
    let posts = Migration(
      id: "cccc", parents: ["bbbb"],
      up: "CREATE TABLE posts(id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users)",
      down: "DROP TABLE posts")
    let record = try walk(
      [
        Self.users,
        Migration(id: "bbbb", parents: ["aaaa"], up: "DELETE FROM users WHERE id > 0"), posts,
      ],
      fixtures: [
        "aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n",
        "cccc.yml": "rows:\n  posts:\n    - {id: 1, user_id: 1}\n",
      ])
    #expect(record.roundTrips[1].step(.upgrade)?.rows?.tables.map(\.rowsLost) == [1])
    #expect(record.roundTrips.map { $0.filling?.rejected ?? [] } == [[], [], []])
    #expect(record.roundTrips[2].filling?.provided == 1)
  }

  @Test func `made-up rows leave the small keys to fixtures that come later`() throws {
    let record = try walk(
      [
        Self.users, Migration(id: "bbbb", parents: ["aaaa"]),
        Migration(id: "cccc", parents: ["bbbb"]),
      ], fixtures: ["cccc.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n"])
    #expect(record.roundTrips.map { $0.filling?.generated } == [3, 3, 0])
    #expect(record.roundTrips.last?.filling?.rejected == [])
    #expect(record.roundTrips.last?.filling?.provided == 1)
  }

  @Test func `a row that the engine refuses is told with its table and what to do`() throws {
    let posts = Migration(
      id: "bbbb", parents: ["aaaa"],
      up: "CREATE TABLE posts(id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users)",
      down: "DROP TABLE posts")
    let views = Migration(
      id: "cccc", parents: ["bbbb"],
      up: """
        CREATE VIEW all_posts AS SELECT * FROM posts; CREATE TABLE oo(i TEXT);
        CREATE TRIGGER g BEFORE INSERT ON oo WHEN length(NEW.i) < 9
        BEGIN SELECT raise(ABORT, 'it is too long'); END
        """, down: "DROP TABLE oo; DROP VIEW all_posts")
    let record = try walk(
      [Self.users, posts, views],
      fixtures: [
        "aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n    - {id: 1, name: bob}\n",
        "bbbb.yml": "rows:\n  posts:\n    - {id: 1, user_id: 77}\n",
        "cccc.yml": "rows:\n  all_posts:\n    - {id: 1}\n  oo:\n    - {i: ann}\n",
      ])
    let faults = record.roundTrips.prefix(2).compactMap { $0.filling?.rejected.first }
    #expect(
      faults.map(\.message) == [
        "UNIQUE constraint failed: users.id", "posts.user_id: FOREIGN KEY constraint failed",
      ])
    #expect(
      record.roundTrips[2].filling?.rejected.map(\.message) == [
        "all_posts is a view", "oo: it is too long",
      ])
    #expect(faults.map(\.place.line) == [4, 3])
    #expect(faults.first?.fix == "give it values of its own")
    #expect(faults.last?.fix?.hasPrefix("write the row that it points to") == true)
  }

  @Test func `what a fixture expects and what is refused is told with its line`() throws {
    let record = try walk(
      [
        Self.users,
        Migration(
          id: "bbbb", parents: ["aaaa"], up: "UPDATE users SET name = upper(name)", down: ""),
      ],
      fixtures: [
        "aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n    - {id: 1, name: bob}\n",
        "bbbb.yml": "expect:\n  users:\n    - {id: 1, name: ANN}\n    - {id: 1, name: ann}\n",
      ])
    #expect(record.roundTrips[0].filling?.rejected.map(\.place.line) == [4])
    #expect(record.roundTrips[1].filling?.missing.map(\.place.line) == [4])
  }

  @Test(arguments: [false, true])
  func `a column that came later is given values, which are lost when it is dropped and added anew`(
    _ isProvided: Bool
  ) throws {
    let fixture = ["aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n"]
    let record = try walk(
      [
        Self.users,
        Migration(
          id: "bbbb", parents: ["aaaa"], up: "ALTER TABLE users ADD COLUMN phone TEXT",
          down: "ALTER TABLE users DROP COLUMN phone"),
        Migration(
          id: "cccc", parents: ["bbbb"],
          up:
            "ALTER TABLE users DROP COLUMN phone; ALTER TABLE users ADD COLUMN telephone TEXT",
          down: "ALTER TABLE users DROP COLUMN telephone; ALTER TABLE users ADD COLUMN phone TEXT"),
      ], fixtures: isProvided ? fixture : [:])
    let dropped = record.roundTrips[2].step(.upgrade)?.rows?[TableName("users")]?["phone"]
    // What the project's own rows hold is the project's to say.
    #expect((dropped?.valuesBefore ?? 0) == (isProvided ? 0 : 2))
  }

  @Test func `hidden values are nowhere in the record`() throws {
    let migrations = [
      Self.users,
      Migration(id: "bbbb", parents: ["aaaa"], up: "UPDATE users SET name = 'gone'", down: ""),
    ]
    let fixtures = ["aaaa.yml": "rows:\n  users:\n    - {id: 1, name: Rumpelstilzchen}\n"]
    let open = try walk(migrations, fixtures: fixtures).roundTrips[1].step(.upgrade)?.rows
    let hidden = try walk(migrations, fixtures: fixtures, hidesValues: true).roundTrips[1]
    let name = "Rumpelstilzchen"
    let shown = String(describing: open)
    let silent = String(describing: hidden.step(.upgrade)?.rows)
    #expect(shown.contains(name))
    #expect(!silent.contains(name))
    #expect(hidden.step(.upgrade)?.rows?.tables.first?.columns.first?.changed == 1)
  }
}
