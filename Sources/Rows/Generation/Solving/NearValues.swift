/// Values that stand in a relation to a given one: itself, its neighbours, some further off.
struct NearValues {
  private let value: Datum

  init(_ value: Datum) { self.value = value }

  func meeting(_ sign: String) -> [Datum] {
    switch sign {
    case "=": [value]
    case "<>": below + above
    case "<": below
    case "<=": [value] + below
    case ">": above
    default: [value] + above
    }
  }

  private var below: [Datum] { moved(by: -1) }
  private var above: [Datum] { moved(by: 1) }

  private func moved(by direction: Double) -> [Datum] {
    switch value {
    case .null: return []
    case .boolean(let flag): return [.boolean(!flag)]
    case .integer(let number):
      let steps: [Int64] = [1, 2, 5, 10, 100, 1000]
      return steps.compactMap { step in
        let (sum, overflow) = number.addingReportingOverflow(direction < 0 ? -step : step)
        return overflow ? nil : .integer(sum)
      } + [.number(Double(number) + direction * 0.5), .number(Double(number) + direction * 0.01)]
    case .number(let number):
      return [0.001, 0.01, 0.1, 0.5, 1, 2, 10, 100].map { .number(number + direction * $0) }
    case .instant(let seconds):
      return [86_400, 1, 3600, 40 * 86_400, 400 * 86_400, 3000 * 86_400]
        .map { .instant(seconds + direction * $0) }
    case .span(let seconds):
      return [1, 60, 3600, 86_400, 864_000].map { .span(seconds + direction * $0) }
    case .text(let text): return texts(text, direction)
    case .bytes(let bytes): return direction < 0 ? [.bytes([])] : [.bytes(bytes + [1])]
    case .range(let range): return range.whole.map { .range($0) }
    case .list(let items): return direction < 0 ? [.list([])] : [.list(items + items)]
    }
  }

  private func texts(_ text: String, _ direction: Double) -> [Datum] {
    // A date of SQLite's, which is text there.
    if let seconds = Calendar.seconds(of: text) {
      let withTime = text.contains(":")
      return [1.0, 40, 400].map {
        .text(Calendar.text(seconds + direction * $0 * 86_400, withTime: withTime))
      }
    }
    if direction > 0 { return [.text(text + "a"), .text(text + "z1"), .text("zulu"), .text("~")] }
    return [.text(String(text.dropLast())), .text("alpha"), .text("0"), .text("A"), .text("")]
  }
}

/// Texts and lists that a function would make a wanted value of.
struct TextRepairs {
  let evaluator: Evaluator

  private func present(_ expression: SQLExpression) -> Datum? { try? evaluator.datum(expression) }

  /// Cut or filled up to these lengths.
  func ofLength(_ function: String, _ subject: SQLExpression, _ lengths: [Datum]) -> [Datum] {
    let unit = function == "bit_length" ? 8 : 1
    let wanted = Set(
      lengths.compactMap(\.double).filter { $0 >= 0 && $0 < 200_000 }.map { Int($0) / unit })
    return wanted.sorted().map { length in
      if case .bytes(let bytes)? = present(subject) {
        return .bytes(
          Array(bytes.prefix(length)) + Array(repeating: 1, count: max(0, length - bytes.count)))
      }
      var text = present(subject)?.text ?? ""
      if function != "length", function != "char_length", function != "character_length" {
        text = text.filter(\.isASCII)
      }
      let scalars = Array(text.unicodeScalars.prefix(length))
      var view = FunctionCall.string(scalars)
      // A blank at the end would not count everywhere.
      if view.hasSuffix(" ") { view = String(view.dropLast()) + "x" }
      let rest = length - view.unicodeScalars.count
      return .text(view + String(repeating: "x", count: max(0, rest)))
    }
  }

  /// Lists with so many elements.
  func lists(of subject: SQLExpression, _ counts: [Datum]) -> [Datum] {
    let wanted = Set(counts.compactMap(\.double).filter { $0 >= 0 && $0 <= 1000 }.map { Int($0) })
    guard case .list(let items)? = present(subject) else {
      return wanted.sorted().flatMap { count in
        [Datum.integer(1), .text("alpha")].map { .list(Array(repeating: $0, count: count)) }
      }
    }
    return wanted.sorted().compactMap { count in
      if count <= items.count { return .list(Array(items.prefix(count))) }
      guard let last = items.last else {
        return .list(Array(repeating: .integer(1), count: count))
      }
      return .list(items + Array(repeating: last, count: count - items.count))
    }
  }

  /// With one of these parts at the place that the function reads.
  func withPart(_ function: String, _ arguments: [SQLExpression], _ parts: [Datum]) -> [Datum] {
    let text = present(arguments[0])?.text ?? ""
    var before = 0
    if function.hasPrefix("substr"), arguments.count > 1,
      case .integer(let start)? = present(arguments[1])
    {
      before = max(0, Int(start) - 1)
    }
    return parts.compactMap(\.text).flatMap { part -> [Datum] in
      let head = text.prefix(before)
      let padding = String(repeating: "x", count: max(0, before - head.count))
      if function == "right" { return [.text(text + part), .text(part)] }
      return [
        .text(head + padding + part),
        .text(head + padding + part + text.dropFirst(before + part.count)),
      ]
    }
  }

  func containing(_ subject: SQLExpression, _ part: SQLExpression) -> [Datum] {
    guard let part = present(part)?.text else { return [] }
    let text = present(subject)?.text ?? ""
    return [.text(text + part), .text("a\(part)b"), .text("a\(part)"), .text(part), .text("alpha")]
  }

  func beginning(_ subject: SQLExpression, _ start: SQLExpression) -> [Datum] {
    guard let start = present(start)?.text else { return [] }
    return [.text(start + (present(subject)?.text ?? "")), .text(start), .text("-")]
  }
}
