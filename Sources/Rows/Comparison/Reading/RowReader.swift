package import Databases
package import Schemas

/// Reads what the rows of one database are.
///
/// Has a connection of its own, which only reads and has no transaction open between calls. Used by
/// one thread, and closed by letting it go.
package final class RowReader {
  let source: any RowSource
  private let excluded: Set<TableName>
  /// What may write the very same values in another way, once it is another: an enum with its labels,
  /// a function from which a column is computed.
  private static let writers: Set<ObjectKind> = [.type, .domain, .function, .cast, .extension]
  let engine: Engine
  /// What was read last; nil before the first reading and after one that failed.
  private(set) var last: RowImage?

  /// Connects to the database.
  /// - Parameters:
  ///   - excluding: tables that are left out, like the one in which a migration tool keeps its version.
  ///   - writes: of a PostgreSQL database, where somebody else reads them before each reading here.
  ///   - marksRows: whether PostgreSQL is to keep a mark of each row of large tables, as far as there is
  ///     room, so that differences in them can be counted to the row.
  package init(
    address: DatabaseAddress, excluding: [TableName] = [], limits: RowLimits = RowLimits(),
    writes: WriteCounts? = nil, marksRows: Bool = false
  ) throws {
    engine = address.engine
    excluded = Set(
      excluding.map { RowImage.full($0, on: address.engine).folded(on: address.engine) })
    source =
      switch address {
      case .sqlite(let path): SQLiteRowSource(path: path, limits: limits)
      case .postgresql(let address):
        try PostgresRowSource(address, limits: limits, writes: writes, marksRows: marksRows)
      }
  }

  /// Compares two images that were read here, counting to the row what the server has kept marks of.
  /// - Throws: `DatabaseError`.
  package func difference(
    from before: RowImage, to after: RowImage, statements: [String]
  ) throws -> RowsDifference {
    try RowsDifference(
      from: before, to: after, statements: statements, counter: source as? any RowCounter)
  }

  /// Reads the rows of all ordinary tables of the snapshot: partitioned tables through themselves,
  /// virtual tables of SQLite through their own `SELECT`, neither foreign tables nor materialized
  /// views. A table that the engine will not read is in the image with what it said; one that nothing
  /// has touched since the last call is taken from that image.
  ///
  /// - Parameter snapshot: the schema as it is now.
  package func image(of snapshot: Snapshot) throws -> RowImage {
    let previous = last.take()
    try source.look()
    let image = try image(of: snapshot, since: previous ?? RowImage(Snapshot(engine: engine)))
    last = image
    return image
  }

  private func image(of snapshot: Snapshot, since last: RowImage) throws -> RowImage {
    let changes = snapshot.changes(since: last.snapshot)
    let isOther = (changes.changed.map(\.id) + changes.removed).contains { id in
      Self.writers.contains(id.kind) && last.snapshot[id] != nil
    }
    let previous = isOther ? RowImage(Snapshot(engine: engine)) : last
    let schema = isOther ? snapshot.changes(since: previous.snapshot) : changes
    var references = previous.references
    references.apply(schema, since: previous.snapshot)
    var image = RowImage(snapshot, tables: previous.tables, references: references)
    for id in schema.removed { tableName(of: id).map { image.tables[$0] = nil } }
    var wanted = Set(schema.changed.compactMap { tableName(of: $0.id) })
    wanted.formUnion(source.touched(among: image.tables))
    for name in wanted { image.tables[name] = nil }
    guard !wanted.isEmpty else { return image }
    let names = wanted.sorted { $0.precedes($1) }
    for table in try source.images(of: names, in: snapshot) { image.tables[table.name] = table }
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
  /// Looks which tables somebody has written to since the last look.
  func look() throws

  /// Those that may not hold what they held at the look before.
  func touched(among tables: [TableName: TableImage]) -> [TableName]

  /// What the rows of these tables of the snapshot are at one moment; names of what has no rows of its
  /// own are left out of the result.
  func images(of names: [TableName], in snapshot: Snapshot) throws -> [TableImage]

  /// Those rows of one table that lie in these buckets; nil where it is not there.
  func image(of name: TableName, in buckets: [Int]) throws -> TableImage?

  /// - Parameters:
  ///   - touched: full names, SQLite's in small letters; nil for all tables. Likewise below.
  ///   - image: the rows as they were read last.
  func danglingReferences(
    touching touched: Set<TableName>?, in image: RowImage?
  ) throws -> [DanglingReference]
  func sequencesBehind(touching touched: Set<TableName>?) throws -> [SequenceBehind]
}
