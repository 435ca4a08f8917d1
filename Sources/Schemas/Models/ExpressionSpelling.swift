import Databases

/// When two expressions mean the same though they are written otherwise.
///
/// Both are in their engine's own canonical text already. What is left are the casts that PostgreSQL
/// puts around values and columns, which follow the types that a column had when the expression was
/// made, and literals with and without quotes.
struct ExpressionSpelling {
  let engine: Engine

  func isSame(_ old: PropertyValue?, _ new: PropertyValue?) -> Bool {
    switch (old, new) {
    case (.text(let old)?, .text(let new)?): canonical(old) == canonical(new)
    case (.list(let old)?, .list(let new)?): old.map(canonical) == new.map(canonical)
    default: false
    }
  }

  /// - Parameter type: of the column.
  func isSameDefault(_ old: String, _ new: String, of type: String) -> Bool {
    value(old, type) == value(new, type)
  }

  /// Without casts, and without the parentheses around what needs none.
  func canonical(_ text: String) -> String {
    guard engine == .postgresql else { return text }
    var text = Self.withoutCasts(text)
    while let bare = Self.withoutIdleParentheses(text) { text = bare }
    return text
  }

  private func value(_ text: String, _ type: String) -> String {
    let bare = canonical(text)
    let lower = bare.lowercased()
    if ["now()", "current_timestamp", "current_timestamp()"].contains(lower) { return "now()" }
    let kind = type.lowercased()
    let isBoolean = kind.hasPrefix("bool")
    let isNumber =
      isBoolean
      || ["int", "num", "dec", "float", "double", "real", "serial"].contains { kind.contains($0) }
    guard isNumber else { return bare }
    if engine == .sqlite || isBoolean {
      if lower == "true" { return Self.number("1") ?? lower }
      if lower == "false" { return Self.number("0") ?? lower }
    }
    return Self.number(bare) ?? bare
  }

  /// A number in one spelling: `'0'`, `0` and `0.0` are one; nil for what is none.
  private static func number(_ text: String) -> String? {
    var digits = text[...]
    if digits.count > 1, digits.hasPrefix("'"), digits.hasSuffix("'") {
      digits = digits.dropFirst().dropLast()
    }
    guard let value = Double(digits), value.isFinite, value.magnitude < 1e15 else { return nil }
    return "\(value)"
  }

  /// Leaves out every `::type` that stands outside of quotes.
  private static func withoutCasts(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    var quote: Character?
    while let next = rest.first {
      if let open = quote {
        if next == open { quote = nil }
      } else if next == "'" || next == "\"" {
        quote = next
      } else if rest.hasPrefix("::") {
        rest = afterType(rest.dropFirst(2))
        continue
      }
      result.append(next)
      rest = rest.dropFirst()
    }
    return result
  }

  /// The words that PostgreSQL's own types go on with after a blank.
  private static let following = [
    " varying", " precision", " without time zone", " with time zone",
  ]

  private static func afterType(_ text: Substring) -> Substring {
    var rest = text
    while rest.first == "\"" {
      rest = rest.dropFirst().drop { $0 != "\"" }.dropFirst()
      if rest.first == "." { rest = rest.dropFirst() }
    }
    rest = rest.drop { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    if rest.first == "\"" { rest = rest.dropFirst().drop { $0 != "\"" }.dropFirst() }
    var goesOn = true
    while goesOn {
      goesOn = false
      if let word = following.first(where: { rest.hasPrefix($0) }) {
        rest = rest.dropFirst(word.count)
        goesOn = true
      } else if rest.hasPrefix("("), let end = rest.firstIndex(of: ")"),
        rest[..<end].dropFirst().allSatisfy({ $0.isNumber || $0 == "," })
      {
        rest = rest[end...].dropFirst()
        goesOn = true
      } else if rest.hasPrefix("[]") {
        rest = rest.dropFirst(2)
        goesOn = true
      }
    }
    return rest
  }

  /// Takes one pair of parentheses away that holds a single name, literal or array, and is no call;
  /// nil where there is none.
  private static func withoutIdleParentheses(_ text: String) -> String? {
    var opening: [String.Index] = []
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case "(": opening.append(index)
      case ")":
        guard let start = opening.popLast() else { return nil }
        let inner = text[text.index(after: start)..<index]
        guard isSingle(inner), !isCall(text[..<start]) else { continue }
        return text[..<start] + String(inner) + text[text.index(after: index)...]
      default: break
      }
    }
    return nil
  }

  private static func isSingle(_ text: Substring) -> Bool {
    if text.hasPrefix("ARRAY["), text.hasSuffix("]") { return true }
    if text.hasPrefix("'"), text.hasSuffix("'"), text.count > 1 {
      return !text.dropFirst().dropLast().contains("'")
    }
    return !text.isEmpty
      && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." || $0 == "-" }
  }

  /// Whether what stands before a parenthesis makes it a call or a list.
  private static func isCall(_ before: Substring) -> Bool {
    guard let last = before.last else { return false }
    if last.isLetter || last.isNumber || last == "_" || last == "\"" { return true }
    let word = before.split(separator: " ").last.map { $0.uppercased() } ?? ""
    return last == " " && ["IN", "ANY", "ALL", "VALUES"].contains(word)
  }
}
