import Databases
import FoundationEssentials
import Schemas
import Testing

/// One file of `fixtures/ddl/sqlite`: statements parted by empty lines, each with the reason, if
/// there is one, why only one of the two sides sees it.
struct DDLFile: Sendable, CustomTestStringConvertible {
  struct Statement: Sendable {
    let sql: String
    let onlyCatalog: Bool
    let onlyStairway: Bool
  }

  let name: String
  let statements: [Statement]
  var testDescription: String { name }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("fixtures/ddl/sqlite").path

  static func all() throws -> [DDLFile] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sql") }
      .sorted().map { name in
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
        return DDLFile(
          name: name, statements: statements(in: String(decoding: data, as: UTF8.self)))
      }
  }

  private static func statements(in text: String) -> [Statement] {
    text.split(separator: "\n\n").compactMap { paragraph in
      let lines = paragraph.split(separator: "\n")
      let comments = lines.prefix { $0.hasPrefix("--") }
      let sql = lines.dropFirst(comments.count).joined(separator: "\n")
      guard !sql.isEmpty else { return nil }
      return Statement(
        sql: sql, onlyCatalog: comments.contains { $0.hasPrefix("-- only sqlite_master: ") },
        onlyStairway: comments.contains { $0.hasPrefix("-- only stairway: ") })
    }
  }
}

@Suite struct SQLiteOracleTests {
  @Test(arguments: try DDLFile.all())
  func `the fingerprint changes exactly when sqlite_master does`(_ file: DDLFile) throws {
    let database = SQLiteDatabase()
    try database.execute("PRAGMA user_version")
    let reader = SQLiteSchemaReader(path: database.path)
    var catalog = try catalogText(database)
    var snapshot = try reader.snapshot()
    #expect(!file.statements.isEmpty)
    for statement in file.statements {
      try database.execute(statement.sql)
      let (nextCatalog, next) = (try catalogText(database), try reader.snapshot())
      if statement.onlyCatalog { #expect(nextCatalog != catalog, "needless: \(statement.sql)") }
      if statement.onlyStairway { #expect(nextCatalog == catalog, "needless: \(statement.sql)") }
      #expect(
        (next.fingerprint != snapshot.fingerprint)
          == (statement.onlyStairway || nextCatalog != catalog && !statement.onlyCatalog),
        "fingerprint: \(statement.sql)")
      #expect(
        SchemaDifference(from: snapshot, to: next).isEmpty == (next == snapshot),
        "difference: \(statement.sql)")
      #expect(next == (try reader.fullSnapshot()), "full snapshot: \(statement.sql)")
      (catalog, snapshot) = (nextCatalog, next)
    }
  }

  /// `sqlite_master` without what no statement of its own made, quotes and blanks outside strings
  /// taken away; independent of the tokenizer.
  private func catalogText(_ database: SQLiteDatabase) throws -> String {
    let shadows = Set(
      try database.rows("SELECT name FROM pragma_table_list WHERE type = 'shadow'").map {
        $0.text(0)
      })
    return try database.rows("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2, 3")
      .filter { !$0.text(2).hasPrefix("sqlite_") && !shadows.contains($0.text(2)) }
      .map { "\($0.text(0)) \($0.text(1)) \($0.text(2)) \(Self.normalised($0.text(3)))" }
      .joined(separator: "\n")
  }

  private static func normalised(_ sql: String) -> String {
    var text = ""
    var inString = false
    for character in sql {
      if character == "'" { inString.toggle() }
      if inString {
        text.append(character)
      } else if !character.isWhitespace, !"\"`[]".contains(character) {
        text += character.lowercased()
      }
    }
    return text
  }

  @Test(arguments: try DDLFile.all())
  func `what the parser reads is what SQLite's PRAGMAs say`(_ file: DDLFile) throws {
    let database = SQLiteDatabase()
    for statement in file.statements { try database.execute(statement.sql) }
    let snapshot = try SQLiteSchemaReader(path: database.path).snapshot()
    for unit in snapshot.ordered
    where unit.id.kind == .table && unit.objects[0]["definition"] == nil {
      try compareColumns(of: unit, database)
      try compareConstraints(of: unit, database)
      try compareIndexes(of: unit, database)
    }
  }

  private func compareColumns(of unit: SchemaUnit, _ database: SQLiteDatabase) throws {
    let columns = unit.objects.filter { $0.id.kind == .column }.sorted {
      ($0[.position]?.description ?? "").count < ($1[.position]?.description ?? "").count
        || ($0[.position]?.description ?? "").count == ($1[.position]?.description ?? "").count
          && ($0[.position]?.description ?? "") < ($1[.position]?.description ?? "")
    }
    let table = unit.id.name.raw
    let told = try database.rows("SELECT * FROM pragma_table_xinfo('\(table)')")
    #expect(columns.map(\.id.name.raw) == told.map { $0.text(1) }, "\(table)")
    for (column, row) in zip(columns, told) {
      let name = column.id.description
      #expect(
        squeezed(column[.type]?.description ?? "") == squeezed(row.text(2).uppercased()), "\(name)")
      #expect((column[.defaultValue] != nil) == (row[4] != .null), "\(name)")
      #expect((column[.generated] != nil) == ((row[6].integer ?? 0) > 1), "\(name)")
      #expect((column[.stored] != nil) == (row[6].integer == 3), "\(name)")
      if row[3].integer == 1 { #expect(column[.notNull] == .flag(true), "\(name)") }
    }
    let key = told.filter { ($0[5].integer ?? 0) > 0 }.sorted {
      ($0[5].integer ?? 0) < ($1[5].integer ?? 0)
    }.map { $0.text(1) }
    let primary = unit.objects.first { $0[.constraintType] == .text("PRIMARY KEY") }
    let read: [String] = if case .list(let columns)? = primary?[.columns] { columns } else { [] }
    #expect(read.map { String($0.prefix { $0 != " " }) } == key, "\(table)")
  }

  private func squeezed(_ text: String) -> String { text.filter { $0 != " " } }

  private func compareConstraints(of unit: SchemaUnit, _ database: SQLiteDatabase) throws {
    let table = unit.id.name.raw
    let foreign = unit.objects.filter { $0[.constraintType] == .text("FOREIGN KEY") }
    let told = try database.rows(
      "SELECT id, group_concat(\"from\", ', '), \"table\", on_update, on_delete FROM pragma_foreign_key_list('\(table)') GROUP BY id"
    )
    func said(_ value: PropertyValue?) -> String { value?.description ?? "NO ACTION" }
    #expect(
      foreign.map {
        "\($0[.columns]?.description ?? "") \(said($0[.referencedTable])) \(said($0[.onUpdate])) \(said($0[.onDelete]))"
      }.sorted()
        == told.map { "(\($0.text(1))) \($0.text(2)) \($0.text(3)) \($0.text(4))" }.sorted(),
      "\(table)")
  }

  private func compareIndexes(of unit: SchemaUnit, _ database: SQLiteDatabase) throws {
    let table = unit.id.name.raw
    let told = try database.rows(
      "SELECT name, \"unique\", origin, partial FROM pragma_index_list('\(table)')")
    let indexes = unit.objects.filter { $0.id.kind == .index }
    #expect(
      indexes.map(\.id.name.raw).sorted()
        == told.filter { $0.text(2) == "c" }.map { $0.text(0) }.sorted(), "\(table)")
    #expect(
      Set(unit.objects.filter { $0[.constraintType] == .text("UNIQUE") }.map { $0[.columns] }).count
        == told.filter { $0.text(2) == "u" }.count, "\(table)")
    for row in told where row.text(2) == "c" {
      let index = try #require(indexes.first { $0.id.name.raw == row.text(0) })
      #expect((index[.unique] != nil) == (row[1].integer == 1), "\(index.id)")
      #expect((index[.predicate] != nil) == (row[3].integer == 1), "\(index.id)")
      let parts = try database.rows(
        "SELECT name, \"desc\" FROM pragma_index_xinfo('\(row.text(0))') WHERE key = 1 ORDER BY seqno"
      )
      guard case .list(let columns)? = index[.columns] else { continue }
      #expect(columns.count == parts.count, "\(index.id)")
      for (column, part) in zip(columns, parts) {
        #expect(column.hasSuffix(" DESC") == (part[1].integer == 1), "\(index.id)")
        if part[0] != .null { #expect(column.hasPrefix(part.text(0)), "\(index.id)") }
      }
    }
  }
}
