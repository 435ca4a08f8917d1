package import Databases
package import Schemas

/// What a snapshot says of a table to those who write rows into it or compare them.
package struct TableShape: Hashable, Sendable {
  package let engine: Engine
  /// With its schema on PostgreSQL, `public` too; without on SQLite.
  package let name: TableName
  /// In the table's own order.
  package let columns: [ColumnShape]
  /// The primary key first, then unique constraints and unique indexes.
  package let keys: [KeyShape]
  package let foreignKeys: [ForeignKeyShape]
  package let checks: [CheckShape]
  /// PostgreSQL's exclusion constraints as the server prints them.
  package let exclusions: [CheckShape]
  package let storage: Storage
  /// The tables that it inherits from or is a partition of.
  package let parents: [TableName]
  /// SQLite's `WITHOUT ROWID`.
  package let isWithoutRowid: Bool
  /// SQLite's `STRICT`: a value of another storage class is refused.
  package let isStrict: Bool

  /// Where a table's rows are kept, as far as that decides who may write them.
  package enum Storage: Hashable, Sendable {
    case own
    /// In the partitions that lie in the snapshot, by a key like `RANGE (d, id)`.
    case partitions(key: String, [Partition])
    /// It is a partition itself; the bound is like `FOR VALUES IN ('a')` or `DEFAULT`.
    case partition(bound: String)
    /// On a foreign server.
    case foreign
    /// In what a module of SQLite makes of them, like `fts5`.
    case module(String)
  }

  /// A partition by what it takes.
  package struct Partition: Hashable, Sendable {
    package let table: TableName
    package let bound: String
    package init(table: TableName, bound: String) {
      self.table = table
      self.bound = bound
    }
  }

  /// Whether its rows are another table's too, into which they are written; also where it has
  /// partitions of its own.
  package var isPartition: Bool {
    switch storage {
    case .partition: true
    case .partitions: !parents.isEmpty
    default: false
    }
  }

  package var primaryKey: KeyShape? { keys.first { $0.kind == .primary } }

  /// The columns of the primary key, else of the first unique key whose columns cannot be NULL: what
  /// tells rows apart. nil where nothing does.
  package var identifyingColumns: [Identifier]? {
    if let columns = primaryKey?.columns { return columns }
    let candidates = keys.lazy.filter { $0.predicate == nil }.compactMap(\.columns)
    return candidates.first { $0.allSatisfy { self.column($0)?.isNotNull == true } }
  }

  /// The column of that name; SQLite's names are equal whatever their case.
  package func column(_ name: Identifier) -> ColumnShape? {
    if let exact = columns.first(where: { $0.name == name }) { return exact }
    guard engine == .sqlite else { return nil }
    let lowered = name.raw.lowercased()
    return columns.first { $0.name.raw.lowercased() == lowered }
  }

  /// Whether this is the table that a user calls so: without a schema it is `public`'s on PostgreSQL.
  package func isCalled(_ other: TableName) -> Bool {
    switch engine {
    case .postgresql: name.name == other.name && name.schema == other.schema ?? "public"
    case .sqlite:
      name == other
        || other.schema.map { $0.raw.lowercased() == "main" } ?? true
          && name.name.raw.lowercased() == other.name.raw.lowercased()
    }
  }
}

extension TableShape: CustomStringConvertible {
  /// As sentences name it: `public` is left out.
  package var description: String {
    guard let schema = name.schema, schema != "public" else { return name.name.raw }
    return "\(schema).\(name.name)"
  }
}

extension TableName {
  /// The name as SQL writes it in any session, whatever its `search_path`.
  package var quoted: String {
    schema.map { "\($0.quoted).\(name.quoted)" } ?? name.quoted
  }
}

extension Collection<TableShape> {
  /// The table that a user calls so.
  package func table(_ name: TableName) -> TableShape? { first { $0.isCalled(name) } }
}
