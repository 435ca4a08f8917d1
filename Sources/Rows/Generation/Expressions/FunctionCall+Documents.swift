import Databases
import Formats

extension FunctionCall {
  /// What a function of a JSON document gives; nil for what is none.
  /// - Throws: `OutOfRange` where the engine refuses the document.
  func document(_ values: [Datum]) throws -> Datum? {
    guard let text = values.first?.text else { return nil }
    if name == "json_valid" { return .boolean(JSONNode(document: text) != nil) }
    guard let node = JSONNode(document: text) else { return nil }
    let others = Array(values.dropFirst())
    if let path = DocumentPath(name, others, on: engine) {
      return try part(of: node, at: path)
    }
    switch name {
    case "jsonb_typeof", "json_typeof": return .text(node.kind)
    case "operator ?", "jsonb_exists", "operator ?|", "jsonb_exists_any", "operator ?&",
      "jsonb_exists_all":
      let keys = DocumentRepairs.keys(others)
      return .boolean(
        name.hasSuffix("|") || name.hasSuffix("any")
          ? keys.contains(where: node.hasKey) : keys.allSatisfy(node.hasKey))
    case "jsonb_array_length": return try length(of: node)
    case "operator @>", "operator <@":
      guard let other = others.first?.text.flatMap(JSONNode.init(document:)) else { return nil }
      return .boolean(name == "operator @>" ? node.contains(other) : other.contains(node))
    default: return nil
    }
  }

  private func part(of document: JSONNode, at path: DocumentPath) throws -> Datum {
    guard let node = document[path.steps] else { return .null }
    switch name {
    case "json_array_length": return try length(of: node)
    case "json_type":
      // SQLite's own names.
      let names = ["string": "text", "boolean": node.text]
      if case .number(let digits) = node.content {
        return .text(Int64(digits) == nil ? "real" : "integer")
      }
      return .text(names[node.kind] ?? node.kind)
    case "operator ->>", "operator #>>", "json_extract", "jsonb_extract",
      "jsonb_extract_path_text", "json_extract_path_text":
      return node.scalar(on: engine)
    default: return .text(node.text)
    }
  }

  private func length(of node: JSONNode) throws -> Datum {
    if case .array(let items) = node.content { return .integer(Int64(items.count)) }
    // "cannot get array length of a non-array"
    guard engine == .sqlite else { throw OutOfRange() }
    return .integer(0)
  }
}
