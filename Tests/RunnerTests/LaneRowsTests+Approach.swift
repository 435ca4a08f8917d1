import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Runner

extension `A lane with rows on SQLite` {
  /// The second revision makes of `name` what the first one's fixture does not know.
  private static let renamed = Migration(
    id: "bbbb", parents: ["aaaa"], up: "ALTER TABLE users RENAME COLUMN name TO full_name",
    down: "ALTER TABLE users RENAME COLUMN full_name TO name")
  private static let posts = Migration(
    id: "cccc", parents: ["bbbb"],
    up: "CREATE TABLE posts(id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES users)",
    down: "DROP TABLE posts")
  private static let fixtures = [
    "aaaa.yml": "rows:\n  users:\n    - {id: 7, name: Ada}\n",
    "cccc.yml": "rows:\n  posts:\n    - {id: 1, author: 7}\n",
  ]

  @Test func `fixtures of revisions that are only taken up are written where they fit`() throws {
    let record = try walk(
      [Self.users, Self.renamed, Self.posts], fixtures: Self.fixtures,
      scope: .range(.init(after: "bbbb")))
    #expect(record.fault == nil)
    #expect(record.approach?.outcome == .succeeded)
    #expect(
      record.approach?.change.changes.contains { $0.id.description == "column users.full_name" }
        == true)
    let filling = try #require(record.roundTrips.first?.filling)
    #expect(filling.provided == 1)
    #expect(filling.rejected.isEmpty)
    #expect(record.leftOutRows.isEmpty)
    #expect(record.roundTrips[0].steps.map(\.outcome).allSatisfy { $0 == .succeeded })
  }

  @Test func `an older revision that fails on fixtures is taken up without them`() throws {
    let stricter = Migration(
      id: "bbbb", parents: ["aaaa"],
      up: "CREATE TABLE copy(id INTEGER PRIMARY KEY, name TEXT CHECK (name <> 'Ada')); "
        + "INSERT INTO copy SELECT id, name FROM users",
      down: "DROP TABLE copy")
    let record = try walk(
      [Self.users, stricter, Self.posts], fixtures: Self.fixtures,
      scope: .range(.init(after: "bbbb")))
    #expect(record.fault == nil)
    #expect(record.approach?.outcome == .succeeded)
    #expect(record.roundTrips[0].filling?.provided == 1)
    #expect(record.roundTrips[0].filling?.rejected.isEmpty == true)
  }

  @Test func `rows of an older fixture that do not fit are left out, and that is told`() throws {
    var fixtures = Self.fixtures
    fixtures["aaaa.yml"] = """
      rows:
        users:
          - {id: 7, name: Ada}
          - {id: 8, nickname: Bob}

      """
    let record = try walk(
      [Self.users, Self.renamed, Self.posts], fixtures: fixtures,
      scope: .range(.init(after: "bbbb")))
    #expect(record.fault == nil)
    #expect(record.roundTrips[0].filling?.provided == 1)
    #expect(record.leftOutRows.map(\.message) == ["users has no column nickname"])
    #expect(record.leftOutRows.map(\.place.line) == [4])
  }
}
