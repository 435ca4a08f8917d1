import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Runner

extension `A lane with rows on SQLite` {
  private static let people = Migration(
    id: "aaaa", up: "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT)",
    down: "DROP TABLE users")

  private static func refusing(_ column: String, _ type: String) -> String {
    """
    CREATE TABLE n(id INTEGER PRIMARY KEY, \(column) \(type) NOT NULL);
    INSERT INTO n SELECT id, \(column) FROM users; DROP TABLE users; ALTER TABLE n RENAME TO users
    """
  }

  @Test func `a NULL that was made up is told from one that every table has`() throws {
    let made = try walk([
      Self.people, Migration(id: "bbbb", parents: ["aaaa"], up: Self.refusing("name", "TEXT")),
    ])
    #expect(made.roundTrips[1].step(.upgrade)?.emptyTrial == .succeedsWithoutMadeUpNulls)
    let later = try walk([
      Self.people,
      Migration(
        id: "bbbb", parents: ["aaaa"], up: "ALTER TABLE users ADD COLUMN age INTEGER",
        down: "ALTER TABLE users DROP COLUMN age"),
      Migration(id: "cccc", parents: ["bbbb"], up: Self.refusing("age", "INTEGER")),
    ])
    #expect(later.roundTrips[2].step(.upgrade)?.emptyTrial == .succeedsWithoutMadeUpRows)
    let new = try walk([
      Self.people,
      Migration(
        id: "bbbb", parents: ["aaaa"], up: "ALTER TABLE users ADD COLUMN age INTEGER NOT NULL",
        down: "ALTER TABLE users DROP COLUMN age"),
    ])
    #expect(new.roundTrips[1].step(.upgrade)?.emptyTrial == .succeedsWithoutMadeUpRows)
  }

  @Test(arguments: [
    ("ALTER TABLE users ADD COLUMN age INTEGER NOT NULL", "ALTER TABLE users DROP COLUMN age"),
    ("ALTER TABLE users RENAME COLUMN name TO title", "there is no way back"),
  ])
  func `rows of fixtures are there again after a restoration, for those that point to them`(
    _ up: String, _ down: String
  ) throws {
    let record = try walk(
      [
        Self.users, Migration(id: "bbbb", parents: ["aaaa"], up: up, down: down),
        Migration(
          id: "cccc", parents: ["bbbb"],
          up: "CREATE TABLE posts(id INTEGER PRIMARY KEY, user_id NOT NULL REFERENCES users)",
          down: "DROP TABLE posts"),
      ],
      fixtures: [
        "aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n",
        "cccc.yml": "rows:\n  posts:\n    - {id: 1, user_id: 1}\n",
      ])
    #expect(record.roundTrips[1].steps.contains { $0.outcome != .succeeded })
    #expect(record.roundTrips.map { $0.filling?.rejected ?? [] } == [[], [], []])
    #expect(record.roundTrips[2].filling?.provided == 1)
  }

  @Test func `rows that a migration made of a fixture's return after a restoration`() throws {
    let record = try walk(
      [
        Self.users,
        Migration(
          id: "bbbb", parents: ["aaaa"],
          up: """
            CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT);
            INSERT INTO people SELECT id, name FROM users; INSERT INTO people VALUES (99, 'root')
            """, down: "there is no way back"),
        Migration(id: "cccc", parents: ["bbbb"]),
      ],
      fixtures: [
        "aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n",
        "cccc.yml": "expect:\n  people:\n    - {id: 1, name: ann}\n    - {id: 99, name: root}\n",
      ])
    #expect(record.roundTrips[1].restoration != nil)
    #expect(record.roundTrips[2].step(.upgrade)?.outcome == .succeeded)
    #expect(record.roundTrips[2].filling?.missing.isEmpty ?? true)
  }

  @Test func `whether rows were made up is told with what became of them`() throws {
    let change = Migration(id: "bbbb", parents: ["aaaa"], up: "UPDATE users SET name = id")
    for fixtures in [[:], ["aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n"]] {
      let record = try walk([Self.users, change], fixtures: fixtures)
      let table = record.roundTrips[1].step(.upgrade)?.rows?[TableName("users")]
      #expect(table?.isMadeUp == fixtures.isEmpty)
    }
  }

  @Test func `rows that were moved stand in nobody's way once a restoration has made others`()
    throws
  {
    let record = try walk([
      Self.users,
      Migration(
        id: "bbbb", parents: ["aaaa"],
        up: """
          CREATE TABLE archive(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
          INSERT INTO archive SELECT * FROM users; DELETE FROM users
          """,
        down: "INSERT INTO users SELECT * FROM archive; DROP TABLE archive"),
      Migration(
        id: "cccc", parents: ["bbbb"], up: "ALTER TABLE users ADD COLUMN age INTEGER NOT NULL",
        down: "ALTER TABLE users DROP COLUMN age"),
    ])
    #expect(record.roundTrips[2].step(.upgrade)?.emptyTrial == .succeedsWithoutMadeUpRows)
    #expect(record.roundTrips[1].step(.rollback)?.outcome == .succeeded)
    #expect(record.descent?.outcome == .succeeded)
  }

  @Test(arguments: [true, false])
  func `a descent that fails on rows alone is told apart, and its end is judged`(
    _ isProvided: Bool
  ) throws {
    let record = try walk(
      [
        Self.users,
        Migration(
          id: "bbbb", parents: ["aaaa"], up: "CREATE TABLE twins(id INTEGER PRIMARY KEY)",
          down: "INSERT INTO users SELECT id, '' FROM twins; DROP TABLE twins"),
        Migration(
          id: "cccc", parents: ["bbbb"],
          up: "DELETE FROM twins; INSERT INTO twins SELECT id FROM users"),
      ],
      fixtures: isProvided ? ["aaaa.yml": "rows:\n  users:\n    - {id: 1, name: ann}\n"] : [:])
    #expect(record.descent?.emptyTrial == (isProvided ? .succeeds : .succeedsWithoutMadeUpRows))
    #expect(record.descent?.stoppedAt == "bbbb")
    #expect(record.descentTrace?.isEmpty == true)
    #expect(record.ascent?.outcome == .succeeded)
  }

  @Test func `a descent is not blamed for rows that were made anew in a form of later`() throws {
    let record = try walk([
      Self.users,
      Migration(
        id: "bbbb", parents: ["aaaa"], up: "UPDATE users SET name = id",
        down: """
          CREATE TABLE n(id INTEGER CHECK (id > 0)); INSERT INTO n SELECT CAST(name AS INTEGER) FROM users;
          DROP TABLE n
          """),
      Migration(
        id: "cccc", parents: ["bbbb"], up: "ALTER TABLE users ADD COLUMN age INTEGER NOT NULL",
        down: "ALTER TABLE users DROP COLUMN age"),
    ])
    #expect(record.roundTrips[1].step(.rollback)?.outcome == .succeeded)
    #expect(record.descent?.outcome == .succeeded)
    #expect(record.descent?.emptyTrial == nil)
  }
}
