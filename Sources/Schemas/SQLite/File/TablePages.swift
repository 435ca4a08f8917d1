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

  /// A table's first page.
  fileprivate struct Page {
    /// The table's name as it is declared.
    let table: String
    /// 0 for none.
    let number: UInt32
    /// Empty where the rows lie on other pages too, or are not understood.
    var bytes: [UInt8] = []
  }

  /// What was seen at one time.
  fileprivate struct Look {
    var form: FileForm
    var pages: [Page] = []
    /// Where they are, by the tables' names in small letters.
    var places: [String: Int] = [:]

    /// Takes up where the tables begin now; of those that begin where they did, the bytes stay known.
    mutating func arrange(_ roots: [String: SchemaPage.Root]) {
      var arranged = Look(form: form)
      for (key, root) in roots {
        var page = Page(table: root.table, number: root.page)
        if let place = places[key], pages[place].number == root.page {
          page.bytes = pages[place].bytes
        }
        arranged.places[key] = arranged.pages.count
        arranged.pages.append(page)
      }
      self = arranged
    }
  }

  private var schema = SchemaPages()
  /// nil before the first look, and after one that failed or could not tell.
  private var last: Look?

  package init() {}

  /// Looks at every table's first page.
  /// - Parameter connection: inside a transaction that has read, so that no page can change.
  /// - Returns: the tables, as they are declared, that may not hold the very rows of the last call; nil
  ///   where the file does not tell.
  package mutating func refresh(_ connection: borrowing SQLiteConnection) throws -> [String]? {
    // Taken out while it is changed: nobody else then holds it, and a failure leaves no half of it.
    var known = last.take()
    _ = try schema.refresh(connection)
    guard let form = try FileForm(of: connection), schema.tellsRoots else { return nil }
    let isFirst = known == nil
    var look = known.take() ?? Look(form: form)
    look.form = form
    if isFirst || schema.hasChanged { look.arrange(schema.roots ?? [:]) }
    var touched: [String] = []
    for index in look.pages.indices where try look.refresh(index, connection) {
      touched.append(look.pages[index].table)
    }
    last = look
    return touched
  }

  /// Whether there was a table of this name, in small letters, at the last call of `refresh`; nil where
  /// there was none, or the file did not tell.
  package func hasTable(_ name: String) -> Bool? { last == nil ? nil : schema.hasTable(name) }

  /// The rows of a table as they were at the last call of `refresh`.
  /// - Parameters:
  ///   - table: in small letters.
  ///   - width: how many columns are stored.
  /// - Returns: nil where they do not all lie on one page, or a row has fewer values.
  package func rows(of table: String, width: Int) -> [Row]? {
    guard let last, let page = last.places[table].map({ last.pages[$0] }), !page.bytes.isEmpty,
      let content = PageContent(page.bytes, number: page.number, form: last.form)
    else { return nil }
    var rows: [Row] = []
    for record in content.records {
      guard let values = record.values(count: width) else { return nil }
      rows.append(Row(rowid: record.rowid, values: values))
    }
    return rows
  }
}

extension TablePages.Look {
  /// Reads a page again.
  /// - Returns: whether it may be another than before.
  fileprivate mutating func refresh(
    _ index: Int, _ connection: borrowing SQLiteConnection
  ) throws -> Bool {
    let number = pages[index].number
    guard number > 0 else { return true }
    let bytes = try connection.fileBytes(
      at: form.offset(of: number), count: form.pageSize, unless: pages[index].bytes)
    guard let bytes else { return false }
    let content = PageContent(bytes, number: number, form: form)
    let isWhole =
      content.map { $0.children.isEmpty && $0.records.allSatisfy { $0.missing == 0 } } ?? false
    pages[index].bytes = isWhole ? bytes : []
    return true
  }
}
