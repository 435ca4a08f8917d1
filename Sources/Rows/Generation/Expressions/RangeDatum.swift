/// A range of PostgreSQL's while a condition is worked out
/// (<https://www.postgresql.org/docs/current/rangetypes.html>).
struct RangeDatum: Hashable, Sendable {
  /// What lies in it.
  enum Element: Hashable, Sendable {
    case integer, number, date, text
    case moment(withZone: Bool)

    /// nil for an element of which nothing is known.
    init?(_ type: ColumnType) {
      switch type.base {
      case .integer: self = .integer
      case .numeric, .real: self = .number
      case .date: self = .date
      case .timestamp(let withZone, _): self = .moment(withZone: withZone)
      case .text: self = .text
      default: return nil
      }
    }

    /// By the name of a built-in range.
    init?(rangeType name: String) {
      switch name {
      case "int4range", "int8range": self = .integer
      case "numrange": self = .number
      case "daterange": self = .date
      case "tsrange": self = .moment(withZone: false)
      case "tstzrange": self = .moment(withZone: true)
      default: return nil
      }
    }

    /// The distance of two elements that follow each other; nil where others lie between any two.
    fileprivate var step: Double? {
      switch self {
      case .integer: 1
      case .date: 86_400
      case .number, .text, .moment: nil
      }
    }

    /// An ordinary distance between the ends; nil where they have none.
    fileprivate var width: Double? {
      switch self {
      case .integer, .number: 5
      case .date, .moment: 5 * 86_400
      case .text: nil
      }
    }

    /// nil for a text that is none of it.
    fileprivate func datum(_ text: String) -> Datum? {
      switch self {
      case .integer: Int64(text).map { .integer($0) }
      case .number:
        Int64(text).map { .integer($0) } ?? Double(text).map { .number($0) }
      case .date, .moment: Calendar.seconds(of: text).map { .instant($0) }
      case .text: .text(text)
      }
    }
  }

  let element: Element
  private(set) var isEmpty = false
  /// nil where it has no end on that side, or is empty.
  private(set) var lower: Datum?
  private(set) var upper: Datum?
  private(set) var includesLower = false
  private(set) var includesUpper = false

  static func empty(_ element: Element) -> RangeDatum {
    var range = RangeDatum(element: element)
    range.isEmpty = true
    return range
  }

  private init(element: Element) { self.element = element }

  /// In PostgreSQL's own form: one of whole numbers or days holds its lower end and not its upper one.
  /// nil where the lower end lies above the upper one.
  init?(
    _ element: Element, from lower: Datum?, to upper: Datum?, includesLower: Bool = true,
    includesUpper: Bool = false
  ) {
    self.init(element: element)
    self.lower = lower
    self.upper = upper
    self.includesLower = includesLower && lower != nil
    self.includesUpper = includesUpper && upper != nil
    guard isOrdered else { return nil }
    if let step = element.step {
      if let lower, !includesLower { self.lower = lower.moved(by: step) }
      if let upper, includesUpper { self.upper = upper.moved(by: step) }
      self.includesLower = lower != nil
      self.includesUpper = false
    }
    guard let first = self.lower, let last = self.upper else { return }
    let order = (try? Datum.order(first, last)) ?? 0
    if order > 0 || order == 0 && !(self.includesLower && self.includesUpper) {
      self = .empty(element)
    }
  }

  /// Whether the lower end lies no higher than the upper one.
  private var isOrdered: Bool {
    guard let lower, let upper else { return true }
    return (try? Datum.order(lower, upper)).map { $0 <= 0 } ?? false
  }

  /// Reads `[1,5)`, `(,"2020-01-01 10:00:00"]`, `empty`; nil for anything else.
  init?(_ text: String, of element: Element) {
    if text.lowercased() == "empty" {
      self = .empty(element)
      return
    }
    guard let opening = text.first, let closing = text.last, text.count > 2, "[(".contains(opening),
      ")]".contains(closing), let bounds = Self.bounds(text.dropFirst().dropLast())
    else { return nil }
    let ends = bounds.map { bound in bound.map { element.datum($0) } }
    // A bound that is there and not understood.
    guard !ends.contains(where: { $0 == .some(nil) }) else { return nil }
    self.init(
      element, from: ends[0] ?? nil, to: ends[1] ?? nil, includesLower: opening == "[",
      includesUpper: closing == "]")
  }

  /// The two, nil for one that is not there.
  private static func bounds(_ text: Substring) -> [String?]? {
    var bounds: [String?] = []
    var bound = ""
    var (isQuoted, wasQuoted, isEscaped) = (false, false, false)
    for character in text + "," {
      switch character {
      case _ where isEscaped:
        bound.append(character)
        isEscaped = false
      case "\\": isEscaped = true
      case "\"":
        isQuoted.toggle()
        wasQuoted = true
      case "," where !isQuoted:
        bounds.append(bound.isEmpty && !wasQuoted ? nil : bound)
        (bound, wasQuoted) = ("", false)
      default: bound.append(character)
      }
    }
    return bounds.count == 2 && !isQuoted ? bounds : nil
  }

  var text: String {
    guard !isEmpty else { return "empty" }
    return (includesLower ? "[" : "(") + written(lower) + "," + written(upper)
      + (includesUpper ? "]" : ")")
  }

  private func written(_ bound: Datum?) -> String {
    switch (element, bound) {
    case (_, nil): return ""
    case (.date, .instant(let seconds)): return Calendar.text(seconds, withTime: false)
    case (.moment(let withZone), .instant(let seconds)):
      return "\"\(Calendar.text(seconds, withTime: true))\(withZone ? "+00" : "")\""
    case (_, let bound?):
      let text = bound.text ?? ""
      guard element == .text else { return text }
      return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
  }

  // MARK: What it holds

  /// - Throws: `NotUnderstood`, as the others.
  func contains(_ point: Datum) throws -> Bool {
    guard !isEmpty else { return false }
    if let lower, let order = try Datum.order(point, lower) {
      if order < 0 || order == 0 && !includesLower { return false }
    }
    if let upper, let order = try Datum.order(point, upper) {
      if order > 0 || order == 0 && !includesUpper { return false }
    }
    return true
  }

  func contains(_ other: RangeDatum) throws -> Bool {
    guard !isEmpty, !other.isEmpty else { return other.isEmpty }
    return try orderOfStarts(other) <= 0 && orderOfEnds(other) >= 0
  }

  func overlaps(_ other: RangeDatum) throws -> Bool {
    guard !isEmpty, !other.isEmpty else { return false }
    return try begins(before: other) && other.begins(before: self)
  }

  /// Whether its first element lies before the other's end.
  private func begins(before other: RangeDatum) throws -> Bool {
    guard let lower, let upper = other.upper, let order = try Datum.order(lower, upper) else {
      return true
    }
    return order < 0 || order == 0 && includesLower && other.includesUpper
  }

  /// As PostgreSQL orders them: empty ones first, then by their beginnings and ends.
  func order(_ other: RangeDatum) throws -> Int {
    if isEmpty || other.isEmpty { return isEmpty == other.isEmpty ? 0 : isEmpty ? -1 : 1 }
    let starts = try orderOfStarts(other)
    return starts == 0 ? try orderOfEnds(other) : starts
  }

  private func orderOfStarts(_ other: RangeDatum) throws -> Int {
    guard let lower, let theirs = other.lower else {
      return lower == nil ? other.lower == nil ? 0 : -1 : 1
    }
    guard let order = try Datum.order(lower, theirs), order == 0 else {
      return try Datum.order(lower, theirs) ?? 0
    }
    return includesLower == other.includesLower ? 0 : includesLower ? -1 : 1
  }

  private func orderOfEnds(_ other: RangeDatum) throws -> Int {
    guard let upper, let theirs = other.upper else {
      return upper == nil ? other.upper == nil ? 0 : 1 : -1
    }
    guard let order = try Datum.order(upper, theirs), order == 0 else {
      return try Datum.order(upper, theirs) ?? 0
    }
    return includesUpper == other.includesUpper ? 0 : includesUpper ? 1 : -1
  }

  // MARK: Others like it

  /// One that begins there, with the end that it has or as long as it is.
  func beginning(at start: Datum?) -> [RangeDatum] {
    let long = start.flatMap { start in width.flatMap { start.moved(by: $0) } }
    let ends = start == nil ? [upper] : isEmpty ? [long] : [upper, long]
    return ends.compactMap {
      RangeDatum(element, from: start, to: $0, includesUpper: includesUpper)
    }
  }

  /// Likewise one that ends there.
  func ending(at end: Datum?) -> [RangeDatum] {
    let long = end.flatMap { end in width.flatMap { end.moved(by: -$0) } }
    let starts = end == nil ? [lower] : isEmpty ? [long] : [lower, long]
    return starts.compactMap {
      RangeDatum(element, from: $0, to: end, includesUpper: includesUpper)
    }
  }

  /// The same with its ends in it, or without.
  func including(lower: Bool? = nil, upper: Bool? = nil) -> RangeDatum? {
    RangeDatum(
      element, from: self.lower, to: self.upper, includesLower: lower ?? includesLower,
      includesUpper: upper ?? includesUpper)
  }

  private var width: Double? {
    if element != .text, let lower = lower?.double, let upper = upper?.double {
      return upper - lower
    }
    return element.width
  }
}

extension Datum {
  /// nil for what is no point of a line.
  func moved(by distance: Double) -> Datum? {
    switch self {
    case .integer(let number): Int64(exactly: distance).map { .integer(number &+ $0) }
    case .number(let number): .number(number + distance)
    case .instant(let seconds): .instant(seconds + distance)
    default: nil
    }
  }
}
