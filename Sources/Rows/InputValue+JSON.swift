import Formats

extension InputValue {
  /// The value as a JSON document, as a list has to be written into a column that holds JSON; nil for
  /// what JSON does not have: bytes, infinity, NaN.
  package var jsonText: String? { isJSON ? json : nil }

  /// The same for what a column takes in any case: what JSON does not have stands in it as text, as
  /// PostgreSQL writes it.
  var json: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .decimal(let spelling): Self.jsonNumber(spelling) ?? JSONText.quoted(spelling)
    case .text(let text): JSONText.quoted(text)
    case .bytes(let bytes): JSONText.quoted("\\x" + bytes.hexadecimal)
    case .json(let document): document
    case .list(let items): "[\(items.map(\.json).joined(separator: ", "))]"
    }
  }

  private var isJSON: Bool {
    switch self {
    case .null, .boolean, .integer, .text, .json: true
    case .decimal(let spelling): Self.jsonNumber(spelling) != nil
    case .bytes: false
    case .list(let items): items.allSatisfy(\.isJSON)
    }
  }

  /// JSON has neither a plus sign, nor leading zeros, nor a point without digits on both its sides.
  private static func jsonNumber(_ spelling: String) -> String? {
    var digits = spelling[...]
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
    while digits.hasPrefix("0"), digits.dropFirst().first?.isNumber == true { digits.removeFirst() }
    guard let first = digits.first, first.isNumber || first == "." else { return nil }
    var number = first == "." ? "0" + digits : String(digits)
    if let point = number.firstIndex(of: ".") {
      let next = number.index(after: point)
      if next == number.endIndex || !number[next].isNumber { number.insert("0", at: next) }
    }
    return (isNegative ? "-" : "") + number
  }
}
