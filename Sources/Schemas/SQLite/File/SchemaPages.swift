import Databases

/// The pages of `sqlite_schema` as they were last read, each with the rows on it.
///
/// SQLite parses the whole schema anew for a connection that finds it changed: 14 ms for 800 tables
/// with an index each. Reading the table's pages, whose form is fixed
/// (<https://www.sqlite.org/fileformat2.html>), and comparing them with those of last time takes a
/// hundredth of that.
struct SchemaPages {
  private var pages: [UInt32: SchemaPage] = [:]
  /// How often was read.
  private var reading = 0
  /// Whether the last reading found any page other than the one before.
  private(set) var hasChanged = false

  /// Reads what has changed.
  /// - Parameter connection: inside a transaction that has read, so that no page can change.
  /// - Returns: the rows that are gone and those that are new since the last call.
  mutating func refresh(
    _ connection: borrowing SQLiteConnection
  ) throws -> (removed: Set<SchemaRow>, added: Set<SchemaRow>) {
    let before = pages
    reading += 1
    pages = try read(connection)
    var removed: Set<SchemaRow> = []
    var added: Set<SchemaRow> = []
    for (number, page) in before where pages[number]?.reading != page.reading {
      removed.formUnion(page.rows)
    }
    for (number, page) in pages where before[number]?.reading != page.reading {
      added.formUnion(page.rows)
    }
    hasChanged = before.count != pages.count || pages.values.contains { $0.reading == reading }
    return (removed.subtracting(added), added.subtracting(removed))
  }

  /// All rows as SQLite gives them.
  static func rows(_ connection: borrowing SQLiteConnection) throws -> [SchemaRow] {
    try connection.rows("SELECT type, name, tbl_name, sql FROM main.sqlite_schema").compactMap {
      SchemaRow(kind: $0.text(0), name: $0.text(1), table: $0.text(2), sql: $0[3].text)
    }
  }

  /// Where the tables' own b-trees begin, by their names in small letters; nil where the file does not
  /// tell.
  var roots: [String: SchemaPage.Root]? {
    guard tellsRoots else { return nil }
    return pages.values.reduce(into: [:]) { roots, page in
      roots.merge(page.roots) { first, _ in first }
    }
  }

  /// Whether `roots` is there.
  var tellsRoots: Bool { pages[0] == nil }

  /// Whether there is a table of this name, in small letters; nil as above.
  func hasTable(_ name: String) -> Bool? {
    tellsRoots ? pages.values.contains { $0.roots[name] != nil } : nil
  }

  /// Every row of a table with one column, from its pages.
  /// - Parameter connection: in the transaction in which `refresh` was called last.
  /// - Returns: nil where the file does not tell: another reading has to.
  func values(
    inOnlyColumnOf table: String, _ connection: borrowing SQLiteConnection
  ) throws -> [Value]? {
    guard tellsRoots,
      let root = pages.values.lazy.compactMap({ $0.roots[table.lowercased()]?.page }).first,
      let form = try FileForm(of: connection)
    else { return nil }
    var values: [Value] = []
    var pending: [UInt32] = [root]
    var seen: Set<UInt32> = []
    while let number = pending.popLast() {
      guard number > 0, seen.insert(number).inserted,
        let bytes = try connection.fileBytes(at: form.offset(of: number), count: form.pageSize),
        var content = PageContent(bytes, number: number, form: form),
        try complete(&content, connection, form)
      else { return nil }
      for record in content.records {
        guard let row = record.values(count: 1) else { return nil }
        values += row
      }
      pending += content.children
    }
    return values
  }

  /// From the file where it holds everything and is understood, else through SQLite, as if all rows
  /// lay on one page.
  private func read(_ connection: borrowing SQLiteConnection) throws -> [UInt32: SchemaPage] {
    if let read = try readFile(connection) { return read }
    return [0: SchemaPage(rows: try Self.rows(connection), reading: reading)]
  }

  /// nil where the file is not one that this reads.
  private func readFile(
    _ connection: borrowing SQLiteConnection
  ) throws -> [UInt32: SchemaPage]? {
    guard try connection.fileSize() > 0 else { return [:] }
    guard let form = try FileForm(of: connection) else { return nil }
    if form.hasLog, try connection.walSize() > 0 { return nil }
    var read: [UInt32: SchemaPage] = [:]
    var pending: [UInt32] = [1]
    while let number = pending.popLast() {
      guard number > 0, read[number] == nil else { return nil }
      let known = pages[number]
      let bytes = try connection.fileBytes(
        at: form.offset(of: number), count: form.pageSize, unless: known?.bytes ?? [])
      if let bytes {
        guard var content = PageContent(bytes, number: number, form: form),
          try complete(&content, connection, form),
          let page = SchemaPage(content, reading: reading)
        else { return nil }
        read[number] = page
      } else {
        read[number] = known
      }
      pending += read[number]?.children ?? []
    }
    return read
  }

  /// Follows the chains of pages on which long statements go on.
  private func complete(
    _ page: inout PageContent, _ connection: borrowing SQLiteConnection, _ form: FileForm
  ) throws -> Bool {
    for index in page.records.indices {
      var budget = page.records[index].missing / (form.usableSize - 4) + 2
      while page.records[index].missing > 0, budget > 0 {
        let next = page.records[index].overflow
        guard next > 0 else { return false }
        let bytes = try connection.fileBytes(at: form.offset(of: next), count: form.pageSize)
        guard let bytes else { return false }
        page.records[index].append(overflowPage: bytes, form: form)
        budget -= 1
      }
      guard page.records[index].missing == 0 else { return false }
    }
    return true
  }
}

/// One page of the table.
struct SchemaPage: Sendable {
  /// A table's beginning.
  struct Root {
    /// The table's name as it is declared.
    let table: String
    /// The number of the first page; 0 of a table that has none, whose rows a module keeps.
    let page: UInt32
  }

  /// Empty where they do not tell whether the rows have changed, since part of these lies on other
  /// pages.
  let bytes: [UInt8]
  let rows: [SchemaRow]
  /// Of the tables, by their names in small letters.
  let roots: [String: Root]
  /// The pages below, of an interior page.
  let children: [UInt32]
  /// In which reading it was found as it is.
  let reading: Int

  init(rows: [SchemaRow], reading: Int) {
    bytes = []
    self.rows = rows
    roots = [:]
    children = []
    self.reading = reading
  }

  init?(_ content: PageContent, reading: Int) {
    var rows: [SchemaRow] = []
    var roots: [String: Root] = [:]
    for record in content.records {
      guard let values = record.values(count: 5), case .text(let kind) = values[0],
        case .text(let name) = values[1], case .text(let table) = values[2]
      else { return nil }
      if kind == "table", let page = values[3].integer.flatMap({ UInt32(exactly: $0) }) {
        roots[name.lowercased()] = Root(table: name, page: page)
      }
      if let row = SchemaRow(kind: kind, name: name, table: table, sql: values[4].text) {
        rows.append(row)
      }
    }
    bytes = content.records.contains { $0.overflow > 0 } ? [] : content.bytes
    self.rows = rows
    self.roots = roots
    children = content.children
    self.reading = reading
  }
}
