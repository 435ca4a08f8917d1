import Databases
import Rows
import Schemas
import TestSupport
import Testing

/// Rows that went from one table to another are found there, whether values are kept of the tables or sums.
@Suite struct MovedRowTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let title: String
    let statements: [String]
    let target: Identifier?

    init(_ title: String, _ statements: [String], to target: Identifier? = "arch") {
      self.title = title
      self.statements = statements
      self.target = target
    }

    var testDescription: String { title }

    private static let columns = "id integer NOT NULL PRIMARY KEY, n varchar(40), v numeric(12, 2)"
    private static let made = "CREATE TABLE arch (\(columns))"
    private static let gone = "DELETE FROM big WHERE id % 3 = 0"

    private static func copied(_ rows: String = "id % 3 = 0", _ values: String = "id, n, v")
      -> String
    {
      "INSERT INTO arch (id, n, v) SELECT \(values) FROM big WHERE \(rows)"
    }

    static let all = [
      Case("to a table that was made for them", [made, copied(), gone]),
      Case("all of them", [made, copied("1 = 1"), "DELETE FROM big"]),
      Case(
        "to a table with rows of its own",
        [
          "INSERT INTO old (id, n, v) SELECT id, n, v FROM big WHERE id % 3 = 0", gone,
        ], to: "old"),
      Case(
        "to a table with more columns",
        ["CREATE TABLE arch (why text, \(columns))", copied(), gone]),
      Case(
        "to a table without a key",
        ["CREATE TABLE arch AS SELECT * FROM big WHERE id % 3 = 0", gone]),
      Case(
        "to a table with another key",
        [
          """
          CREATE TABLE arch (
            k integer NOT NULL PRIMARY KEY, id integer, n varchar(40), v numeric(12, 2))
          """,
          "INSERT INTO arch SELECT id + 1000, id, n, v FROM big WHERE id % 3 = 0", gone,
        ]),
      Case("all but one", [made, copied("id % 3 = 0 AND id <> 6"), gone], to: nil),
      Case(
        "all but one that was replaced",
        [
          made, copied("id % 3 = 0 AND id <> 6"), "INSERT INTO arch VALUES (777, 'n 6', 6.5)", gone,
        ], to: nil),
      Case("with another value", [made, copied("id % 3 = 0", "id, upper(n), v"), gone], to: nil),
      Case(
        "without a value", [made, copied("id % 3 = 0", "id, n, nullif(v, 6.5)"), gone], to: nil),
      Case(
        "with values of each other",
        [
          made, copied("id % 3 = 0", "id, (SELECT b.n FROM big b WHERE b.id = 36 - big.id), v"),
          gone,
        ],
        to: nil),
      Case(
        "without one of the columns",
        [
          "CREATE TABLE arch (id integer NOT NULL PRIMARY KEY, n varchar(40))",
          "INSERT INTO arch SELECT id, n FROM big WHERE id % 3 = 0", gone,
        ], to: nil),
      Case("nowhere", ["INSERT INTO old VALUES (999, 'n', 1)", gone], to: nil),
    ]

    static func setup(_ rows: Int) -> String {
      """
      CREATE TABLE big (\(columns));
      CREATE TABLE old (\(columns));
      INSERT INTO big (id, n, v) WITH RECURSIVE g (i) AS (
        SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < \(rows))
        SELECT i, 'n ' || i, i + 0.5 FROM g;
      INSERT INTO old VALUES (500, 'old', NULL), (501, NULL, 5);
      """
    }
  }

  @Test(arguments: Engine.allCases, Case.all)
  func `rows that went to another table are found in it`(_ engine: Engine, _ c: Case) throws {
    // The table that lost them is large, both are, or none.
    for limits in [RowLimits(), RowLimits(rows: 20), RowLimits.none] {
      let database = try TestDatabase(engine, Case.setup(35))
      let difference = try database.difference(c.statements, limits: limits)
      let table = try #require(difference.tables.first { $0.name.name == "big" })
      #expect(table.rowsLost >= 11)
      #expect(table.movedTo?.name == c.target, "\(limits)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `thousands of rows are looked for in one pass`() throws {
    let database = try TestDatabase(.sqlite, Case.setup(9_000))
    let statements = [
      "CREATE TABLE arch (id integer PRIMARY KEY, n text, v numeric)",
      "INSERT INTO arch SELECT id, n, v FROM big", "DELETE FROM big",
    ]
    let difference = try database.difference(statements)
    #expect(difference.tables.first { $0.name.name == "big" }?.movedTo?.name == "arch")
  }
}
