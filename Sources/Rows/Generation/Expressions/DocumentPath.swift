import Databases

/// Where in a JSON document something stands.
struct DocumentPath: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case key(String)
    /// From 0; negative ones count from the end.
    case index(Int)
  }

  let steps: [Step]

  /// The document itself.
  static let whole = DocumentPath(steps: [])

  private init(steps: [Step]) { self.steps = steps }

  /// From what stands behind an operator, or between a function's parentheses; nil for what is no path.
  init?(_ function: String, _ arguments: [Datum], on engine: Engine) {
    switch function {
    case "operator ->", "operator ->>":
      guard arguments.count == 1 else { return nil }
      if case .integer(let index) = arguments[0] {
        steps = [.index(Int(index))]
      } else if let text = arguments[0].text {
        let isPath = engine == .sqlite && text.hasPrefix("$")
        guard let found = isPath ? Self.steps(sqlite: text) : [.key(text)] else { return nil }
        steps = found
      } else {
        return nil
      }
    case "operator #>", "operator #>>":
      guard arguments.count == 1, case .list(let items) = arguments[0] else { return nil }
      steps = items.compactMap(\.text).map(Self.step)
    case "jsonb_extract_path", "jsonb_extract_path_text", "json_extract_path",
      "json_extract_path_text":
      steps = arguments.compactMap(\.text).map(Self.step)
    case "json_extract", "jsonb_extract", "json_type", "json_array_length":
      guard arguments.count <= 1 else { return nil }
      guard let found = arguments.first.map({ $0.text.flatMap(Self.steps(sqlite:)) }) ?? [] else {
        return nil
      }
      steps = found
    default: return nil
    }
  }

  /// PostgreSQL reads a number as an index where there is an array.
  private static func step(_ text: String) -> Step { Int(text).map { .index($0) } ?? .key(text) }

  /// `$.a."b c"[0]` (<https://www.sqlite.org/json1.html#path_arguments>).
  private static func steps(sqlite path: String) -> [Step]? {
    guard path.hasPrefix("$") else { return nil }
    var steps: [Step] = []
    var rest = path.dropFirst()
    while let first = rest.popFirst() {
      switch first {
      case "." where rest.first == "\"":
        let name = rest.dropFirst().prefix { $0 != "\"" }
        steps.append(.key(String(name)))
        rest = rest.dropFirst(name.count + 2)
      case ".":
        let name = rest.prefix { $0 != "." && $0 != "[" }
        steps.append(.key(String(name)))
        rest = rest.dropFirst(name.count)
      case "[":
        guard let index = Int(rest.prefix { $0 != "]" }) else { return nil }
        steps.append(.index(index))
        rest = rest.drop { $0 != "]" }.dropFirst()
      default: return nil
      }
    }
    return steps
  }
}
