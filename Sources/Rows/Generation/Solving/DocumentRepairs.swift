import Databases
import Formats

/// JSON documents of which a function would give a wanted value.
struct DocumentRepairs {
  private enum Part {
    case value(DocumentPath)
    case keys([String])
    case length(DocumentPath)
  }

  private let name: String
  private let part: Part

  /// nil for what is no function of a document.
  /// - Parameter others: the arguments behind the document.
  init?(engine: Engine, name: String, _ others: [Datum]) {
    self.name = name
    switch name {
    case "operator ?", "jsonb_exists", "operator ?|", "jsonb_exists_any", "operator ?&",
      "jsonb_exists_all":
      part = .keys(Self.keys(others))
    case "jsonb_array_length": part = .length(DocumentPath.whole)
    case "json_type", "json_valid": return nil
    default:
      guard let path = DocumentPath(name, others, on: engine) else { return nil }
      part = name == "json_array_length" ? .length(path) : .value(path)
    }
  }

  /// The keys that an operator asks for.
  static func keys(_ arguments: [Datum]) -> [String] {
    arguments.flatMap { argument in
      if case .list(let items) = argument {
        items.compactMap(\.text)
      } else {
        [argument.text].compactMap { $0 }
      }
    }
  }

  /// Both in one.
  static func merging(_ datum: Datum, _ other: String) -> String? {
    guard let other = JSONNode(document: other) else { return nil }
    return (datum.text.flatMap(JSONNode.init(document:))?.merged(with: other) ?? other).text
  }

  /// - Parameters:
  ///   - present: the document that there is; its other parts stay.
  ///   - values: of which one is to be given.
  func documents(instead present: Datum?, giving values: [Datum]) -> [String] {
    let document = present?.text.flatMap(JSONNode.init(document:)) ?? JSONNode(.object([]))
    let found: [JSONNode?]
    switch part {
    case .value(let path):
      found = values.flatMap(nodes).map { document.setting(path.steps, to: $0) }
    case .keys(let keys):
      let value = values.first?.truth == true ? JSONNode(.string("text")) : nil
      found = [
        keys.reduce(document) { node, key in
          node.setting([DocumentPath.Step.key(key)], to: value) ?? node
        }
      ]
    case .length(let path):
      let items =
        if case .array(let items)? = document[path.steps]?.content { items } else { [JSONNode]() }
      found = values.compactMap(\.double).filter { (0...1000).contains($0) }.map { count in
        let missing = max(0, Int(count) - items.count)
        let more = Array(repeating: JSONNode(.string("text")), count: missing)
        return document.setting(path.steps, to: JSONNode(.array(items.prefix(Int(count)) + more)))
      }
    }
    return found.compactMap { $0?.text }
  }

  /// What stands in a document for a value, or nothing for NULL.
  private func nodes(_ value: Datum) -> [JSONNode?] {
    switch value {
    case .null: return [nil]
    case .boolean(let flag): return [JSONNode(.boolean(flag))]
    case .integer, .number:
      let digits = value.text ?? "0"
      return [JSONNode(.number(digits)), JSONNode(.string(digits))]
    case .instant(let seconds):
      return [false, true].map { JSONNode(.string(Calendar.text(seconds, withTime: $0))) }
    case .text(let text):
      let document = JSONNode(document: text)
      let isText = name.hasSuffix(">>") || name.hasSuffix("_text") || name.hasSuffix("extract")
      return isText
        ? [JSONNode(.string(text))] + (document.map { [$0] } ?? [])
        : [document ?? JSONNode(.string(text))]
    default: return []
    }
  }
}
