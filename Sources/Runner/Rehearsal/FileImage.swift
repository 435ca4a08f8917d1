internal import Databases
internal import Schemas

/// A SQLite file at one moment: its size, and what lies in it.
struct FileImage {
  let size: Int
  let journalMode: String
  /// Tables and indexes by their names.
  let objects: [String: ObjectID]

  init(path: String) throws {
    let connection = try SQLiteConnection(path: path, access: .readOnly)
    let pages = try connection.rows("PRAGMA page_count").first?[0].integer ?? 0
    let bytes = try connection.rows("PRAGMA page_size").first?[0].integer ?? 0
    size = Int(pages * bytes)
    journalMode = try connection.rows("PRAGMA journal_mode").first?.text(0) ?? ""
    var objects: [String: ObjectID] = [:]
    let rows = try connection.rows(
      "SELECT type, name, tbl_name FROM sqlite_master WHERE rootpage > 0 AND name <> 'sqlite_sequence'"
    )
    for row in rows {
      let (name, table) = (Identifier(row.text(1)), Identifier(row.text(2)))
      objects[name.raw] =
        row.text(0) == "index" ? ObjectID(.index, [table, name]) : ObjectID(.table, [name])
    }
    self.objects = objects
  }

  func tables(besides version: ObjectID) -> Int {
    objects.values.count { $0.kind == .table && $0 != version }
  }
}
