import Databases
import Formats
import FoundationEssentials
import Schemas

/// Writes rows as the YAML of a fixture, so that reading it gives them again.
package struct FixtureText {
  private static let width = 100
  private var lines: [String]

  /// - Parameter comment: what stands above the rows, a line each.
  package init(comment: [String] = []) { lines = comment.map { $0.isEmpty ? "#" : "# \($0)" } }

  package var text: String { lines.map { $0 + "\n" }.joined() }

  /// Adds the section, where it has any row: tables in the order in which they come first, their rows
  /// in the given one.
  /// - Parameter section: `before`, `rows` or `expect`; each at most once.
  package mutating func add(_ rows: [InputRow], to section: FixtureSection) {
    guard !rows.isEmpty else { return }
    lines.append("\(section.rawValue):")
    var order: [TableName] = []
    for row in rows where !order.contains(row.table) { order.append(row.table) }
    for table in order {
      lines.append("  \(YAMLText.text(table.written)):")
      for row in rows where row.table == table { add(row) }
    }
  }

  private mutating func add(_ row: InputRow) {
    let cells = row.cells.map { "\(YAMLText.text($0.column.raw)): \(Self.text(of: $0.value))" }
    let line = "    - {\(cells.joined(separator: ", "))}"
    if cells.isEmpty || line.count <= Self.width {
      lines.append(line)
    } else {
      lines += cells.enumerated().map { index, cell in (index == 0 ? "    - " : "      ") + cell }
    }
  }

  private static func text(of value: InputValue) -> String {
    switch value {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .decimal(let spelling): number(spelling)
    case .text(let text): YAMLText.text(text)
    case .bytes(let bytes): "!!binary " + quoted(Data(bytes).base64EncodedString())
    case .list(let items): "[\(items.map(text).joined(separator: ", "))]"
    case .json(let document): json(document)
    }
  }

  private static func number(_ spelling: String) -> String {
    switch spelling {
    case "NaN": ".nan"
    case "Infinity": ".inf"
    case "-Infinity": "-.inf"
    default: spelling
    }
  }

  private static func quoted(_ base64: String) -> String {
    base64.isEmpty ? "\"\"" : base64
  }

  /// A document as YAML's own mapping; one that is no object or array as the text that a JSON column
  /// takes for a document.
  private static func json(_ document: String) -> String {
    guard let node = try? JSONDocument.parse(document, name: "") else {
      return YAMLText.text(document)
    }
    switch node.content {
    case .object, .array: return flow(node)
    default: return YAMLText.text(document)
    }
  }

  private static func flow(_ node: JSONNode) -> String {
    switch node.content {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let text): text
    case .string(let text): YAMLText.text(text)
    case .array(let items): "[\(items.map(flow).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.map { "\(YAMLText.text($0.key)): \(flow($0.value))" }.joined(separator: ", "))}"
    }
  }
}
