import Databases
import Schemas

/// A foreign key of SQLite that makes every row of its table be refused
/// (<https://www.sqlite.org/foreignkeys.html#fk_indexes>).
struct Misfit {
  private let key: ForeignKeyShape
  private let table: TableShape
  private let tables: TableIndex

  init(_ key: ForeignKeyShape, in table: TableShape, tables: TableIndex) {
    self.key = key
    self.table = table
    self.tables = tables
  }

  /// nil where the key is sound.
  var reason: String? {
    guard table.engine == .sqlite else { return nil }
    let names = key.columns.map(\.raw).joined(separator: ", ")
    guard let target = tables[key.table] else {
      return "its foreign key (\(names)) refers to \"\(key.table.name)\", which is no table"
    }
    let wanted = Set(key.referencedColumns.map { target.column($0)?.name ?? $0 })
    let fits = target.keys.contains { candidate in
      candidate.predicate == nil && candidate.columns.map { Set($0) == wanted } == true
        && wanted.count == key.columns.count
    }
    if fits { return nil }
    return """
      its foreign key (\(names)) refers to columns of \"\(target)\" that are neither its primary \
      key nor unique
      """
  }
}
