import Formats

extension FixtureNode {
  /// A value of a JSON fixture; `{"$binary": "…"}` is base64 where it stands for a whole column or for
  /// an element of an array, and an ordinary object inside a JSON document.
  init(_ node: JSONNode) { self.init(node, within: 0) }

  /// The objects around a column's value: the file, the section, the row.
  private static let objectsAroundValue = 3

  private init(_ node: JSONNode, within objects: Int) {
    line = node.line
    switch node.content {
    case .null: content = .value(.null)
    case .boolean(let flag): content = .value(.boolean(flag))
    case .number(let text): content = .value(Self.number(text))
    case .string(let text): content = Self.text(text)
    case .array(let items): content = .list(items.map { FixtureNode($0, within: objects) })
    case .object(let members):
      if objects == Self.objectsAroundValue, let binary = Self.binary(members) {
        content = binary
      } else {
        content = .map(
          members.map {
            Entry(key: $0.key, line: $0.line, node: FixtureNode($0.value, within: objects + 1))
          })
      }
    }
  }

  private static func number(_ text: String) -> InputValue {
    guard let number = Int64(text), String(number) == text else { return .decimal(text) }
    return .integer(number)
  }

  private static func binary(_ members: [JSONNode.Member]) -> Content? {
    guard members.count == 1, members[0].key == "$binary" else { return nil }
    guard case .string(let text) = members[0].value.content else {
      return .refused(
        Refusal(
          message: "the binary value is no text", fix: "write {\"$binary\": \"<base64>\"}"))
    }
    return binary(text)
  }
}
