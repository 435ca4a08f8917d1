import Databases

/// What a column holds where a row says nothing of it, as far as both engines can say it.
enum PortableDefault: Hashable {
  /// None, or NULL, which is the same.
  case none
  /// The time of the insertion, in whatever form.
  case clock
  /// Another value each time.
  case random
  /// A value in the form of the column's type.
  case literal(String)
  /// A moment in UTC. PostgreSQL keeps it so where the column has a time zone: a literal without one means
  /// that of the session which made the column.
  case instant(String)
  /// A value that other columns or functions of both engines make.
  case expression(PortableExpression)
  /// What only one engine can say.
  case own
  /// What calls a function that SQLite does not have, on SQLite, which refuses no such table: each row that
  /// leaves the column out fails.
  case failing
  /// A text that could not be read, of which nothing is known.
  case unread

  /// - Parameters:
  ///   - text: as the snapshot has it.
  ///   - family: of the column on PostgreSQL, whose literals are told apart by type.
  init(_ text: String?, of engine: Engine, for family: PortableType.Family) {
    guard let text else {
      self = .none
      return
    }
    let expression = PortableExpressionParser.expression(text, of: engine)
    if case .opaque = expression {
      self = .unread
    } else if expression == .null {
      self = .none
    } else if engine == .sqlite, expression.isRefusedBySQLite {
      self = .failing
    } else if expression.saysTheTime || family.isOfTime && expression.isNow {
      self = .clock
    } else if !expression.calls.isDisjoint(with: Vocabulary.random) {
      self = .random
    } else if let literal = LiteralText(of: family, on: engine).text(of: expression) {
      let isInstant =
        family == .dateTime && ["+00'", "+00:00'", "Z'"].contains { text.contains($0) }
      self = isInstant ? .instant(literal) : .literal(literal)
    } else {
      self = expression.isPortable ? .expression(expression) : .own
    }
  }

  /// Whether a column on SQLite with this default and one on PostgreSQL with `other` behave alike, as
  /// far as can be told.
  func agrees(with other: PortableDefault, for family: PortableType.Family) -> Bool {
    if self == other { return true }
    switch (self, other) {
    case (.unread, _), (_, .unread): return true
    // SQLite has neither a function that makes a UUID nor the users' own ones.
    case (.none, .own), (.none, .random): return true
    case (.own, .own), (.own, .random), (.random, .own), (.own, .expression), (.expression, .own):
      return true
    case (.literal(let own), .instant(let instant)):
      guard let own = LocalMoment(own), let instant = LocalMoment(instant) else { return false }
      return own.mayBe(instant)
    case (.instant(let own), .literal(let other)): return own == other
    case (.none, _), (_, .none), (.failing, _): return false
    default: return family == .other || family == .interval
    }
  }
}

extension PortableExpression {
  /// Whether it calls functions of PostgreSQL that SQLite does not have.
  var isRefusedBySQLite: Bool { !calls.isDisjoint(with: Vocabulary.postgresOnly) }

  fileprivate var saysTheTime: Bool {
    switch self {
    case .call(let name, let arguments):
      Vocabulary.clocks.contains(name)
        || Vocabulary.timeFunctions.contains(name)
          && (arguments.isEmpty || arguments.contains { $0.isNow })
        || arguments.contains { $0.saysTheTime }
    case .array(let items): items.contains { $0.saysTheTime }
    default: false
    }
  }

  fileprivate var isNow: Bool {
    if case .string(let text) = self { text.lowercased() == "now" } else { false }
  }
}

extension PortableType.Family {
  fileprivate var isOfTime: Bool { [.date, .time, .dateTime].contains(self) }
}

/// Literals in one form for each family of types.
struct LiteralText {
  private let family: PortableType.Family
  private let engine: Engine

  init(of family: PortableType.Family, on engine: Engine) {
    self.family = family
    self.engine = engine
  }

  /// nil for what is no literal.
  func text(of expression: PortableExpression) -> String? {
    guard let raw = raw(expression) else { return nil }
    switch family {
    case .boolean: return truth(of: expression).map { $0 ? "true" : "false" } ?? "'\(raw)'"
    case .integer, .float, .numeric: return DecimalText.shortest(raw) ?? raw
    case .json: return JSONSpacing.without(raw)
    case .date, .time, .dateTime: return Self.moment(raw)
    case .uuid: return raw.lowercased().filter { $0 != "-" }
    default: return raw
    }
  }

  /// The truth value that a column comes to hold: SQLite keeps a text that is no number as it is, also
  /// `'false'`, which Python then reads as true
  /// (<https://www.sqlite.org/datatype3.html#type_affinity>).
  private func truth(of expression: PortableExpression) -> Bool? {
    guard engine == .sqlite, case .string(let text) = expression else { return expression.truth }
    let number = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return DecimalText.shortest(number).flatMap { PortableExpression.number($0).truth }
  }

  private func raw(_ expression: PortableExpression) -> String? {
    switch expression {
    case .number(let number): return number
    case .string(let text):
      guard family == .binary else { return text }
      if text.hasPrefix("\\x") { return text.dropFirst(2).lowercased() }
      return text.utf8.map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }.joined()
    case .bytes(let digits): return digits
    // SQLite's TRUE is 1.
    case .truth(let truth):
      return [.integer, .float, .numeric].contains(family) ? truth ? "1" : "0" : "\(truth)"
    case .array(let items) where family == .other:
      return "{" + items.map(\.description).joined(separator: ",") + "}"
    default: return nil
    }
  }

  /// `2020-01-01` for `2020-01-01T00:00:00.000+00`, `09:00:00` for `9:00`: PostgreSQL writes a moment in
  /// full.
  private static func moment(_ text: String) -> String {
    var text = text.replacing("T", with: " ")
    for zone in ["+00:00", "+00", "Z"] where text.hasSuffix(zone) {
      text.removeLast(zone.count)
      break
    }
    let start = text.lastIndex(of: " ").map { text.index(after: $0) } ?? text.startIndex
    if let clock = clock(text[start...]) { text = text[..<start] + clock }
    if text.hasSuffix(" 00:00:00") { text.removeLast(9) }
    return text
  }

  /// A time of day as PostgreSQL writes it; nil for what is none.
  private static func clock(_ text: Substring) -> String? {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count),
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy("0123456789.".utf8.contains) })
    else { return nil }
    if parts.count == 2 { parts.append("00") }
    if parts[2].contains(".") {
      while parts[2].hasSuffix("0") { parts[2].removeLast() }
      if parts[2].hasSuffix(".") { parts[2].removeLast() }
    }
    return parts.map { $0.prefix { $0 != "." }.count == 1 ? "0" + $0 : $0 }.joined(separator: ":")
  }
}

/// JSON without the blanks that mean nothing.
enum JSONSpacing {
  static func without(_ text: String) -> String {
    var kept = ""
    var isInString = false
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isInString {
        isInString = isEscaped || scalar != "\""
        isEscaped = !isEscaped && scalar == "\\"
      } else if scalar == "\"" {
        isInString = true
      } else if scalar.properties.isWhitespace {
        continue
      }
      kept.unicodeScalars.append(scalar)
    }
    return kept
  }
}
