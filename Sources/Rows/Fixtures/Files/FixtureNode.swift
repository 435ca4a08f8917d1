import Formats

/// What YAML and JSON fixtures have in common once they are parsed.
struct FixtureNode {
  enum Content {
    case value(InputValue)
    case list([FixtureNode])
    case map([Entry])
    /// A scalar that means nothing in a fixture.
    case refused(Refusal)
  }

  struct Entry {
    let key: String
    let line: Int
    let node: FixtureNode
  }

  let content: Content
  let line: Int

  /// What it is, as a sentence about a wrong form names it.
  var title: String {
    switch content {
    case .value(.null): "nothing"
    case .value(.integer), .value(.decimal): "a number"
    case .value(.boolean): "true or false"
    case .value, .refused: "a text"
    case .list: "a list"
    case .map: "a mapping"
    }
  }
}

extension FixtureNode {
  /// The value of a column: a mapping is a JSON document, a list an array or JSON as its column has
  /// it.
  func value() throws(Refusal) -> InputValue {
    switch content {
    case .value(let value): return value
    case .refused(let refusal): throw refusal
    case .map: return .json(try json())
    case .list(let items):
      var values: [InputValue] = []
      for item in items { values.append(try item.value()) }
      return .list(values)
    }
  }

  private func json() throws(Refusal) -> String {
    switch content {
    case .refused(let refusal): throw refusal
    case .value(let value):
      guard let text = value.jsonText else {
        throw Refusal(
          message: "a JSON document cannot hold binary data, infinity or NaN",
          fix: "write it as text, between quotes")
      }
      return text
    case .list(let items):
      var texts: [String] = []
      for item in items { texts.append(try item.json()) }
      return "[\(texts.joined(separator: ", "))]"
    case .map(let entries):
      var texts: [String] = []
      for entry in entries {
        texts.append("\(JSONText.quoted(entry.key)): \(try entry.node.json())")
      }
      return "{\(texts.joined(separator: ", "))}"
    }
  }
}
