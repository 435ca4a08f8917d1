/// A row of `sqlite_schema` (<https://www.sqlite.org/schematab.html>) but for its root page, which
/// may change while the object stays the same.
struct SchemaRow: Hashable, Sendable {
  enum Kind: String, Sendable { case table, index, view, trigger }

  let kind: Kind
  let name: String
  /// The table that an index or trigger hangs on; a table's or view's own name.
  let table: String
  let sql: String

  /// nil for what no statement of its own made: automatic indexes, and a kind that is not known.
  init?(kind: String, name: String, table: String, sql: String?) {
    guard let kind = Kind(rawValue: kind), let sql else { return nil }
    self.kind = kind
    self.name = name
    self.table = table
    self.sql = sql
  }

  /// SQLite's names are equal whatever their case.
  var key: String { table.lowercased() }

  /// SQLite's own tables, like `sqlite_sequence` and `sqlite_stat1`.
  var isInternal: Bool { table.lowercased().hasPrefix("sqlite_") }
}
