import Databases
import TestSupport
import Testing

@testable import Schemas

/// What no model can bring about, and only one engine may have.
@Suite struct DivergenceTests {
  private func found(_ sqlite: String, _ postgresql: String) throws -> [String] {
    Divergence.all(
      sqlite: try TestDatabase(.sqlite, sqlite).snapshot(),
      postgresql: try TestDatabase(.postgresql, postgresql).snapshot()
    ).map { "\($0.object) \($0.aspect.rawValue): \($0.sqlite ?? "-") / \($0.postgresql ?? "-")" }
  }

  @Test func `a view that one engine alone has is found`() throws {
    let table = "CREATE TABLE t (a int);"
    let view = "CREATE VIEW v AS SELECT a FROM t;"
    #expect(try found(table + view, table) == ["view v view: SELECT a FROM t / -"])
    #expect(try found(table, table + view).map { String($0.prefix(14)) } == ["view v view: -"])
    #expect(try found(table + view, table + view).isEmpty)
    let stored = "CREATE MATERIALIZED VIEW v AS SELECT a FROM t;"
    #expect(try found(table + view, table + stored).isEmpty)
    #expect(try found(table, table + stored).isEmpty)
  }

  @Test(arguments: [
    "CREATE TABLE \"Users\" (\"Id\" integer PRIMARY KEY, \"Name\" text)",
    "CREATE TABLE users (id integer PRIMARY KEY, name text)",
  ])
  func `a name in another case is the same`(_ postgresql: String) throws {
    let sqlite = "CREATE TABLE Users (Id integer PRIMARY KEY, Name text)"
    #expect(try found(sqlite, postgresql).isEmpty)
  }

  @Test func `a check of an enum's column that both have is none of its labels`() throws {
    let type = "CREATE TYPE mood AS ENUM ('a', 'b', 'c');"
    for check in ["mood IN ('a', 'b')", "mood = 'a'", "mood IN ('a', 'b', 'c')"] {
      #expect(
        try found(
          "CREATE TABLE t (mood text, CONSTRAINT k CHECK (\(check)))",
          type + "CREATE TABLE t (mood mood, CONSTRAINT k CHECK (\(check)))"
        ).isEmpty, "\(check)")
    }
    #expect(
      try found(
        "CREATE TABLE t (mood text CHECK (mood IN ('a', 'b')))", type + "CREATE TABLE t (mood mood)"
      )
        == ["column t.mood labels: a, b / a, b, c"])
  }

  @Test(arguments: ["serial", "bigserial"])
  func `a key that SQLite does not fill is found whatever it is called`(_ type: String) throws {
    let table = "CREATE TABLE t (id \(type) PRIMARY KEY, a text)"
    let found = try found(table, table).map { String($0.prefix(25)) }
    #expect(found == ["column t.id self-filling:"])
  }

  @Test func `of two names in different cases the other one is missing`() throws {
    let divergences = try found(
      "CREATE TABLE users (id integer NOT NULL, note text)",
      """
      CREATE TABLE "Users" (id text); CREATE TABLE users (id integer NOT NULL, "Note" integer, note text)
      """)
    #expect(
      Set(divergences) == [
        "column users.Note column: - / integer", "table Users table: - / TABLE (id)",
      ])
  }

  @Test(arguments: [
    ("a text", ["column t.a unique: UNIQUE (a COLLATE NOCASE) / UNIQUE (a)"]),
    ("a citext", []),
  ])
  func `a unique column that ignores case on SQLite alone is found`(
    _ column: String, _ expected: [String]
  ) throws {
    let extended = column.hasSuffix("citext") ? "CREATE EXTENSION citext;" : ""
    #expect(
      try found(
        "CREATE TABLE t (a text COLLATE NOCASE, UNIQUE (a))",
        extended + "CREATE TABLE t (\(column), UNIQUE (a))") == expected)
    #expect(
      try found(
        "CREATE TABLE t (a text COLLATE NOCASE, UNIQUE (a))",
        "CREATE TABLE t (a text); CREATE UNIQUE INDEX t_lower ON t (lower(a))"
      ).isEmpty)
  }
}
