/// One node of a JSON document with its place, so that whoever reads it can name the line.
package struct JSONNode: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// As it is written, so that no digit is lost.
    case number(String)
    case string(String)
    case array([JSONNode])
    /// In the order of the file; no key comes twice.
    case object([Member])
  }

  /// A key with its line and its value.
  package struct Member: Hashable, Sendable {
    package let key: String
    /// Of the key; from 1.
    package let line: Int
    package let value: JSONNode

    package init(key: String, line: Int, value: JSONNode) {
      self.key = key
      self.line = line
      self.value = value
    }
  }

  package let content: Content
  /// Where the node begins; from 1.
  package let line: Int

  package init(_ content: Content, line: Int) {
    self.content = content
    self.line = line
  }
}

extension JSONNode {
  /// The document in one line, with its members in their order.
  package var text: String {
    switch content {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): JSONText.quoted(text)
    case .array(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(JSONText.quoted($0.key)): \($0.value.text)" }.joined(separator: ", ")
        + "}"
    }
  }
}
