import Databases
import Rows
import Schemas
import TestSupport
import Testing

/// Every case has a table of its own, `t0` and so on, in one database.
@Suite struct ValueChangeTests {
  private static func tables(_ engine: Engine, _ body: (String, ValueChangeCase) -> String)
    -> String
  {
    ValueChangeCase.of(engine).enumerated().map { body("t\($0)", $1) }.joined()
  }

  @Test(arguments: Engine.allCases, RowLimits.both)
  func `a single value that changed is found and named`(
    _ engine: Engine, _ limits: RowLimits
  ) throws {
    let database = try TestDatabase(
      engine,
      ValueChangeCase.types(engine)
        + Self.tables(engine) { table, c in
          """
          CREATE TABLE \(table) (id integer PRIMARY KEY, v \(c.type), w text);
          INSERT INTO \(table) VALUES (1, \(c.old), 'a'), (2, \(c.old), 'b'), (3, NULL, 'c');
          """
        })
    let difference = try database.difference(
      [Self.tables(engine) { table, c in "UPDATE \(table) SET v = \(c.new) WHERE id = 2;" }],
      limits: limits)
    #expect(difference.tables.count == ValueChangeCase.of(engine).count)
    for (index, c) in ValueChangeCase.of(engine).enumerated() {
      let table = try #require(difference[TableName(Identifier("t\(index)"))], "\(c)")
      #expect(table.rowsLost == 0 && table.rowsAdded == 0, "\(c)")
      #expect(table.columns.map(\.after) == ["v"], "\(c)")
      #expect(table["v"]?.changed == (c.change.keepsValue ? 0 : 1), "\(c)")
      #expect(table["v"]?.rewritten == (c.change.keepsValue ? 1 : 0), "\(c)")
      guard limits != .none else { continue }
      #expect(table.isExact, "\(c)")
      #expect(table["v"]?.changes == [c.change: 1], "\(c)")
      #expect(table["v"]?.samples.map(\.key) == [["2"]], "\(c)")
    }
  }

  @Test(arguments: Engine.allCases, RowLimits.both)
  func `a single value that changed is found in a table without a key`(
    _ engine: Engine, _ limits: RowLimits
  ) throws {
    let database = try TestDatabase(
      engine,
      ValueChangeCase.types(engine)
        + Self.tables(engine) { table, c in
          """
          CREATE TABLE \(table) (n integer, v \(c.type), w text);
          INSERT INTO \(table) VALUES (1, \(c.old), 'a'), (1, \(c.old), 'a'), (2, \(c.old), 'b');
          """
        })
    let difference = try database.difference(
      [Self.tables(engine) { table, c in "UPDATE \(table) SET v = \(c.new) WHERE n = 2;" }],
      limits: limits)
    for (index, c) in ValueChangeCase.of(engine).enumerated() {
      let table = try #require(difference[TableName(Identifier("t\(index)"))], "\(c)")
      #expect(table.columns.map(\.after) == ["v"], "\(c)")
      #expect(table["v"].map { $0.changed + $0.rewritten } == 1, "\(c)")
      #expect(table.rowsLost == 0 && table.rowsAdded == 0, "\(c)")
    }
  }

  @Test(arguments: Engine.allCases, RowLimits.both)
  func `a table whose rows were written anew is as it was`(
    _ engine: Engine, _ limits: RowLimits
  ) throws {
    let database = try TestDatabase(
      engine,
      ValueChangeCase.types(engine)
        + Self.tables(engine) { table, c in
          """
          CREATE TABLE \(table) (id integer PRIMARY KEY, v \(c.type));
          INSERT INTO \(table) VALUES (1, \(c.old)), (2, \(c.new)), (3, NULL);
          """
        })
    let difference = try database.difference(
      [
        Self.tables(engine) { table, _ in
          """
          CREATE TABLE kept AS SELECT * FROM \(table); DELETE FROM \(table);
          INSERT INTO \(table) SELECT * FROM kept ORDER BY id DESC; DROP TABLE kept;
          """
        }
      ], limits: limits)
    #expect(difference.isEmpty)
  }

  @Test(arguments: Engine.allCases)
  func `values and sums of the same rows are held against each other`(_ engine: Engine) throws {
    let database = try TestDatabase(
      engine,
      ValueChangeCase.types(engine)
        + Self.tables(engine) { table, c in
          """
          CREATE TABLE \(table) (id integer PRIMARY KEY, v \(c.type));
          INSERT INTO \(table) VALUES (1, \(c.old)), (-2, \(c.new)), (3, NULL);
          CREATE TABLE keyless\(table) (v \(c.type), w text);
          INSERT INTO keyless\(table) VALUES (\(c.old), NULL), (\(c.new), '');
          """
        } + "CREATE TABLE pairs (a integer, b varchar(5), c integer, PRIMARY KEY (a, b));"
        + "INSERT INTO pairs VALUES (1, 'x', 1), (1, 'y', 2), (-7, 'x', NULL);"
        + "CREATE TABLE keys (a varchar(9), b bigint, c char(36), d integer, PRIMARY KEY (a, b, c));"
        + "INSERT INTO keys VALUES ('x', -9000000000, 'b', 1), ('y', 9000000000, 'c', 2);"
        + (engine == .sqlite
          ? ""
          : """
          CREATE TABLE named (u uuid, n int, v text, PRIMARY KEY (u, n));
          INSERT INTO named SELECT gen_random_uuid(), n, n::text FROM generate_series(-9, 9) n;
          """))
    let (small, large) = (try database.image(), try database.image(.none))
    #expect(RowsDifference(from: small, to: large).isEmpty)
    #expect(RowsDifference(from: large, to: small).isEmpty)
    #expect(small[.init("pairs")]?.keepsValues == true)
    #expect(large[.init("pairs")]?.keepsValues == false)
  }
}
