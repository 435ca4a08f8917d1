package import Databases

/// The tables of a SQLite file whose rows all lie on one page, as they were when last looked at.
///
/// Reads the file itself, as `SchemaPages` does and for the same reason: the first question to any
/// table makes SQLite parse the statements of all of them.
package struct TablePages {
  /// A row as it is stored: a column that is the rowid holds NULL, and one that was added later may
  /// be missing at the end.
  package struct Row {
    package let rowid: Int64
    package let values: [Value]
  }

  private struct Page {
    let number: UInt32
    let bytes: [UInt8]
  }

  private var schema = SchemaPages()
  private var form: FileForm?
  /// By the table's name in small letters.
  private var pages: [String: Page] = [:]

  package init() {}

  /// Looks at every table's first page.
  /// - Parameter connection: inside a transaction that has read, so that no page can change.
  /// - Returns: the tables, in small letters, that hold the very rows of the last call. Others may do
  ///   so too.
  package mutating func refresh(_ connection: borrowing SQLiteConnection) throws -> Set<String> {
    let known = pages
    pages = [:]
    _ = try schema.refresh(connection)
    form = try FileForm(of: connection)
    guard let form, let roots = schema.roots else { return [] }
    var same: Set<String> = []
    for (table, number) in roots where number > 0 {
      let before = known[table].flatMap { $0.number == number ? $0 : nil }
      let bytes = try connection.fileBytes(
        at: form.offset(of: number), count: form.pageSize, unless: before?.bytes ?? [])
      guard let bytes else {
        pages[table] = before
        same.insert(table)
        continue
      }
      guard let content = PageContent(bytes, number: number, form: form),
        content.children.isEmpty, content.records.allSatisfy({ $0.missing == 0 })
      else { continue }
      pages[table] = Page(number: number, bytes: bytes)
    }
    return same
  }

  /// Whether there was a table of this name, in small letters, at the last call of `refresh`; nil where
  /// there was none, or the file did not tell.
  package func hasTable(_ name: String) -> Bool? { form == nil ? nil : schema.hasTable(name) }

  /// The rows of a table as they were at the last call of `refresh`.
  /// - Parameters:
  ///   - table: in small letters.
  ///   - width: how many columns are stored.
  /// - Returns: nil where they do not all lie on one page, or a row has fewer values.
  package func rows(of table: String, width: Int) -> [Row]? {
    guard let form, let page = pages[table],
      let content = PageContent(page.bytes, number: page.number, form: form)
    else { return nil }
    var rows: [Row] = []
    for record in content.records {
      guard let values = record.values(count: width) else { return nil }
      rows.append(Row(rowid: record.rowid, values: values))
    }
    return rows
  }
}
