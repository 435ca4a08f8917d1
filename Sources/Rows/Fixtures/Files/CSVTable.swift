import Databases
import Formats
import Schemas

/// One table of a fixture's folder: the first record names the columns, each further one is a row.
struct CSVTable {
  let file: String
  /// The file's name without `.csv`: `users`, `public.users`, `users.before`, `users.expect`.
  let stem: String
  let section: FixtureSection
  private(set) var rows: [InputRow] = []
  private(set) var problems: [FixtureProblem] = []

  init(file: String, stem: String) {
    self.file = file
    let sections: [FixtureSection] = [.before, .expect]
    section = sections.first { stem.hasSuffix(".\($0.rawValue)") } ?? .rows
    self.stem = section == .rows ? stem : String(stem.dropLast(section.rawValue.count + 1))
  }

  mutating func read(_ records: [CSVRecord]) {
    guard let table = TableName(written: stem) else {
      refuse(
        1, nil, message: "\(stem) is no table's name",
        fix: "name the file table.csv or schema.table.csv")
      return
    }
    guard let header = records.first, let columns = columns(header, table) else { return }
    for record in records.dropFirst() {
      guard record.fields.count == columns.count else {
        refuse(
          record.line, table,
          message: "\(counted(record.fields.count)) under \(columns.count) columns",
          fix: "separate as many by commas as the first line has, text with a comma between quotes")
        continue
      }
      if let bad = record.fields.firstIndex(where: { $0.text.unicodeScalars.contains("\0") }) {
        problems.append(
          FixtureProblem(
            .wrongValue, at: SourcePlace(file: file, line: record.line), table: table,
            column: columns[bad],
            message: "\(table.written).\(columns[bad]): a text cannot hold the character U+0000",
            fix: "leave it out"))
        continue
      }
      let cells = zip(columns, record.fields).map { column, field in
        InputRow.Cell(column, Self.value(of: field))
      }
      rows.append(
        InputRow(
          table, cells, place: SourcePlace(file: file, line: record.line),
          named: SourcePlace(file: file, line: header.line)))
    }
  }

  private static func value(of field: CSVRecord.Field) -> InputValue {
    field.text.isEmpty && !field.isQuoted ? .null : .text(field.text)
  }

  private mutating func columns(_ header: CSVRecord, _ table: TableName) -> [Identifier]? {
    let names = header.fields.map(\.text)
    if names.contains("") {
      refuse(
        header.line, table, message: "a column has no name",
        fix: "name every column in the first line")
    } else if names.count == 1, names[0].contains(";") || names[0].contains("\t") {
      refuse(
        header.line, table, message: "the columns are not separated by commas",
        fix: "save the file with commas between the fields")
    } else if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      refuse(
        header.line, table, message: "the column \(names[twice]) is named twice",
        fix: "remove one of the two")
    } else {
      return names.map { Identifier($0) }
    }
    return nil
  }

  private func counted(_ fields: Int) -> String {
    fields == 1 ? "1 field stands" : "\(fields) fields stand"
  }

  private mutating func refuse(_ line: Int, _ table: TableName?, message: String, fix: String) {
    problems.append(
      FixtureProblem(
        .form, at: SourcePlace(file: file, line: line), table: table, message: message, fix: fix))
  }
}
