import Databases
import Schemas
import TestSupport
import Testing

@testable import Rows

/// Rows made up for schemas at random, and what is seen of them.
@Suite struct RandomRowsTests {
  private static func filled(_ engine: Engine, _ seed: UInt64) throws -> TestDatabase {
    var schema = RandomSchema(seed: seed, engine: engine)
    let database = try TestDatabase(engine, schema.script(tables: 5))
    _ = try RowGenerator(seed: seed).fill(
      RowWriter(database.address), tables: try database.snapshot().tables)
    return database
  }

  /// Each value of each row by itself, set to NULL or to another row's: whatever the engine lets stand.
  @Test(arguments: Engine.allCases, [3, 11, 29] as [UInt64])
  func `a single value that is another is always found`(_ engine: Engine, _ seed: UInt64) throws {
    let database = try Self.filled(engine, seed)
    let reader = try RowReader(address: database.address)
    var before = try reader.image(of: database.snapshot())
    var tried = 0
    for table in try database.snapshot().tables {
      let key = table.primaryKey?.columns ?? []
      for column in table.columns where column.generated == nil && !key.contains(column.name) {
        let (name, target) = (table.name.quoted, column.name.quoted)
        let id = engine == .sqlite ? "rowid" : "ctid"
        let change =
          "UPDATE \(name) SET \(target) = NULL WHERE \(id) = "
          + "(SELECT \(id) FROM \(name) WHERE \(target) IS NOT NULL LIMIT 1)"
        guard !column.isNotNull,
          try database.rows("SELECT 1 FROM \(name) WHERE \(target) IS NOT NULL").count > 0,
          (try? database.execute(change)) != nil
        else { continue }
        tried += 1
        let after = try reader.image(of: database.snapshot())
        let difference = RowsDifference(from: before, to: after)
        #expect(difference.tables.map(\.after) == [table.name], "\(change)")
        let columns = difference.tables.first?.columns ?? []
        #expect(columns.contains { $0.after == column.name && $0.changed == 1 }, "\(change)")
        before = after
      }
    }
    #expect(tried > 3)
  }

  @Test(arguments: Engine.allCases, [3, 11, 29] as [UInt64])
  func `rows that are written back are as they were`(_ engine: Engine, _ seed: UInt64) throws {
    let database = try Self.filled(engine, seed)
    let before = try database.image()
    var schema = RandomSchema(seed: seed, engine: engine)
    let other = try TestDatabase(engine, schema.script(tables: 5))
    let tables = try other.snapshot().tables
    try RowGenerator(seed: seed).writeBack(before, RowWriter(other.address), tables: tables) { _ in
      .all
    }
    #expect(RowsDifference(from: before, to: try other.image()).told == [])
  }
}
