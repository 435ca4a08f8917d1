import Databases
import Schemas

/// Takes rows out of a YAML or JSON fixture; what is not of its form is told and left out, and the
/// rest is used.
struct FixtureSections {
  let file: String
  private(set) var rows: [(FixtureSection, InputRow)] = []
  private(set) var problems: [FixtureProblem] = []

  init(file: String) { self.file = file }

  mutating func read(_ root: FixtureNode) {
    guard case .map(let sections) = root.content else {
      let isNothing = if case .value(.null) = root.content { true } else { false }
      refuse(
        root.line, message: isNothing ? "the file is empty" : "the file holds \(root.title)",
        fix: isNothing
          ? "write rows: and a table below it, or remove the file"
          : "write before:, rows: or expect: with tables below")
      return
    }
    for entry in sections {
      if let section = FixtureSection(rawValue: entry.key) {
        readTables(entry.node, section)
      } else {
        let near = Spelling.nearest(
          to: entry.key, among: FixtureSection.allCases.map(\.rawValue))
        refuse(
          entry.line, message: "a fixture has before:, rows: and expect:, and no \(entry.key):",
          fix: near.map { "did you mean \($0):?" } ?? "if it is a table, write it below rows:")
      }
    }
  }

  private mutating func readTables(_ node: FixtureNode, _ section: FixtureSection) {
    switch node.content {
    case .value(.null): return
    case .map(let tables):
      for entry in tables {
        guard let table = TableName(written: entry.key) else {
          refuse(
            entry.line, message: "\(entry.key) is no table's name",
            fix: "write table or schema.table, a part that holds a dot between double quotes")
          continue
        }
        readRows(entry.node, of: table, section)
      }
    default:
      refuse(
        node.line, message: "\(section.rawValue): holds \(node.title) and should hold tables",
        fix: "write a table's name, a colon, and its rows as a list")
    }
  }

  private mutating func readRows(
    _ node: FixtureNode, of table: TableName, _ section: FixtureSection
  ) {
    switch node.content {
    case .value(.null): return
    case .list(let items): for item in items { readRow(item, of: table, section) }
    default:
      let isRow = if case .map = node.content { true } else { false }
      refuse(
        node.line, table,
        message: "the table \(table.written) is \(node.title) and should be a list",
        fix: isRow ? "begin each row with a dash" : "write its rows as a list of mappings")
    }
  }

  private mutating func readRow(
    _ node: FixtureNode, of table: TableName, _ section: FixtureSection
  ) {
    guard case .map(let entries) = node.content else {
      refuse(
        node.line, table,
        message: "a row of \(table.written) is \(node.title) and should be a mapping",
        fix: "write {column: value, …}")
      return
    }
    var cells: [InputRow.Cell] = []
    for entry in entries {
      if entry.key == "<<" {
        refuse(
          entry.line, table, message: "YAML 1.2 has no merge key (<<)",
          fix: "write the columns in every row")
        return
      }
      do throws(Refusal) {
        cells.append(InputRow.Cell(Identifier(entry.key), try entry.node.value()))
      } catch {
        problems.append(
          FixtureProblem(
            .wrongValue, at: SourcePlace(file: file, line: entry.line), table: table,
            column: Identifier(entry.key),
            message: "\(table.written).\(entry.key): \(error.message)", fix: error.fix))
        return
      }
    }
    let place = SourcePlace(file: file, line: node.line)
    rows.append((section, InputRow(table, cells, place: place)))
  }

  private mutating func refuse(
    _ line: Int, _ table: TableName? = nil, message: String, fix: String
  ) {
    problems.append(
      FixtureProblem(
        .form, at: SourcePlace(file: file, line: line), table: table, message: message, fix: fix))
  }
}
