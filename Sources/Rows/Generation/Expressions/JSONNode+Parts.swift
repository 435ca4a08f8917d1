import Databases
import Formats

/// JSON documents as conditions see them.
extension JSONNode {
  init(_ content: Content) { self.init(content, line: 1) }

  /// The document of a text; nil for what is none.
  init?(document: String) {
    guard let node = try? JSONDocument.parse(document, name: "") else { return nil }
    self = node
  }

  /// As `jsonb_typeof` names it.
  var kind: String {
    switch content {
    case .null: "null"
    case .boolean: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// What stands there; nil where nothing does.
  subscript(path: some Collection<DocumentPath.Step>) -> JSONNode? {
    guard let step = path.first else { return self }
    return child(step)?[path.dropFirst()]
  }

  private func child(_ step: DocumentPath.Step) -> JSONNode? {
    switch (content, step) {
    case (.object(let members), .key(let key)): return members.last { $0.key == key }?.value
    case (.object(let members), .index(let index)):
      return members.last { $0.key == String(index) }?.value
    case (.array(let items), .index(let index)):
      let place = index < 0 ? items.count + index : index
      return items.indices.contains(place) ? items[place] : nil
    default: return nil
    }
  }

  /// The same with another value there, and objects on the way to it; without one for nil.
  func setting(_ path: some Collection<DocumentPath.Step>, to value: JSONNode?) -> JSONNode? {
    guard let step = path.first else { return value }
    let below = (child(step) ?? JSONNode(.object([]))).setting(path.dropFirst(), to: value)
    switch step {
    case .key(let key):
      var members = if case .object(let members) = content { members } else { [Member]() }
      members.removeAll { $0.key == key }
      if let below { members.append(Member(key: key, line: 1, value: below)) }
      return JSONNode(.object(members))
    case .index(let index):
      var items = if case .array(let items) = content { items } else { [JSONNode]() }
      guard (0...items.count).contains(index) else { return self }
      items.replaceSubrange(
        index..<min(index + 1, items.count), with: [below].compactMap { $0 })
      return JSONNode(.array(items))
    }
  }

  /// A key of an object, or a text in an array.
  func hasKey(_ key: String) -> Bool {
    switch content {
    case .object(let members): members.contains { $0.key == key }
    case .array(let items): items.contains { $0.content == .string(key) }
    case .string(let text): text == key
    default: false
    }
  }

  /// As `@>` has it (<https://www.postgresql.org/docs/current/datatype-json.html#JSON-CONTAINMENT>).
  func contains(_ other: JSONNode) -> Bool {
    switch (content, other.content) {
    case (.object(let members), .object(let others)):
      others.allSatisfy { wanted in
        members.contains { $0.key == wanted.key && $0.value.contains(wanted.value) }
      }
    case (.array(let items), .array(let others)):
      others.allSatisfy { wanted in items.contains { $0.contains(wanted) } }
    case (.number(let number), .number(let other)): Double(number) == Double(other)
    case (.array(let items), .string), (.array(let items), .number),
      (.array(let items), .boolean), (.array(let items), .null):
      items.contains { $0.isScalar && $0.contains(other) }
    default: content == other.content
    }
  }

  private var isScalar: Bool {
    switch content {
    case .array, .object: false
    case .null, .boolean, .number, .string: true
    }
  }

  /// With all that the other has.
  func merged(with other: JSONNode) -> JSONNode {
    switch (content, other.content) {
    case (.object, .object(let others)):
      others.reduce(self) { node, member in
        let step = [DocumentPath.Step.key(member.key)]
        return node.setting(step, to: node[step]?.merged(with: member.value) ?? member.value)
          ?? node
      }
    case (.array(let items), .array(let others)): JSONNode(.array(items + others))
    default: other
    }
  }

  /// As an engine gives a scalar out as text, or SQLite as a value of its own.
  func scalar(on engine: Engine) -> Datum {
    switch content {
    case .null: .null
    case .string(let text): .text(text)
    case .boolean(let flag):
      engine == .sqlite ? .integer(flag ? 1 : 0) : .text(flag ? "true" : "false")
    case .number(let digits):
      engine == .postgresql
        ? .text(digits)
        : Int64(digits).map { .integer($0) } ?? .number(Double(digits) ?? 0)
    case .array, .object: .text(text)
    }
  }
}
