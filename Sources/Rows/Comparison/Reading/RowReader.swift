package import Databases
package import Schemas

/// Reads what the rows of one database are.
///
/// Has a connection of its own, which only reads and has no transaction open between calls. Used by
/// one thread, and closed by letting it go.
package final class RowReader {
  let source: any RowSource
  private let excluded: Set<TableName>
  let engine: Engine

  /// Connects to the database.
  /// - Parameter excluding: tables that are left out, like the one in which a migration tool keeps its
  ///   version.
  package init(
    address: DatabaseAddress, excluding: [TableName] = [], limits: RowLimits = RowLimits()
  ) throws {
    engine = address.engine
    excluded = Set(
      excluding.map { RowImage.full($0, on: address.engine).folded(on: address.engine) })
    source =
      switch address {
      case .sqlite(let path): SQLiteRowSource(path: path, limits: limits)
      case .postgresql(let address): try PostgresRowSource(address, limits: limits)
      }
  }

  /// Reads the rows of all ordinary tables of the snapshot, in one transaction: partitioned tables
  /// through themselves, virtual tables of SQLite through their own `SELECT`, neither foreign tables nor
  /// materialized views. A table that the engine will not read is in the image with what it said.
  ///
  /// - Parameters:
  ///   - snapshot: the schema as it is now.
  ///   - previous: the image of an earlier moment; what has not changed since is taken from it.
  ///   - changed: the tables whose rows may have changed since `previous`, by their present names; nil
  ///     when any may. A table whose schema differs from `previous` is read in any case.
  package func image(
    of snapshot: Snapshot, reusing previous: RowImage? = nil, changed: Set<TableName>? = nil
  ) throws -> RowImage {
    guard let previous, let changed else {
      let names = snapshot.ordered.compactMap { tableName(of: $0.id) }
      let tables = try source.images(of: names, isAll: true)
      return RowImage(
        snapshot, tables: Dictionary(tables.map { ($0.name, $0) }) { first, _ in first })
    }
    let schema = snapshot.changes(since: previous.snapshot)
    var image = RowImage(snapshot, tables: previous.tables)
    for id in schema.removed { tableName(of: id).map { image.tables[$0] = nil } }
    var wanted = Set(schema.changed.compactMap { tableName(of: $0.id) })
    for table in changed {
      let name = RowImage.full(table, on: engine)
      let id = ObjectID(.table, schema: name.schema, [name.name])
      if snapshot[id] != nil, tableName(of: id) != nil { wanted.insert(name) }
    }
    for name in wanted { image.tables[name] = nil }
    guard !wanted.isEmpty else { return image }
    let names = wanted.sorted { $0.precedes($1) }
    for table in try source.images(of: names, isAll: false) { image.tables[table.name] = table }
    return image
  }

  /// The rows of a large table that lie in some buckets, as they are now: read at both times, they show
  /// through `RowsDifference.showing` what the sums only tell to differ.
  /// - Returns: nil where the table is not there, has no key, or has too many rows in these buckets.
  package func rows(of table: TableName, in buckets: [Int]) throws -> TableImage? {
    guard !buckets.isEmpty else { return nil }
    let image = try source.image(of: RowImage.full(table, on: engine), in: buckets)
    return image?.keepsValues == true && image?.key.isEmpty == false ? image : nil
  }

  private func tableName(of id: ObjectID) -> TableName? {
    guard id.kind == .table else { return nil }
    let name = TableName(schema: id.schema, id.name)
    return excluded.contains(name.folded(on: engine)) ? nil : name
  }
}

extension TableName {
  /// SQLite's names are equal whatever their case.
  func folded(on engine: Engine) -> TableName {
    engine == .sqlite ? TableName(schema: schema, Identifier(name.raw.lowercased())) : self
  }
}

/// An engine's way to the rows.
protocol RowSource: AnyObject {
  /// What the rows of these tables are at one moment; names of what has no rows of its own are left
  /// out of the result.
  /// - Parameter isAll: the tables are all that the database has.
  func images(of names: [TableName], isAll: Bool) throws -> [TableImage]

  /// Those rows of one table that lie in these buckets; nil where it is not there.
  func image(of name: TableName, in buckets: [Int]) throws -> TableImage?

  /// - Parameter touched: full names, SQLite's in small letters; nil for all tables. Likewise below.
  func danglingReferences(touching touched: Set<TableName>?) throws -> [DanglingReference]
  func sequencesBehind(touching touched: Set<TableName>?) throws -> [SequenceBehind]
}
