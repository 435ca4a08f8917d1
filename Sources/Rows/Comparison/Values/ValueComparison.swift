/// Holds a value against what became of it, by what their columns' types count as the same.
struct ValueComparison {
  private let before: ValueKind
  private let after: ValueKind
  /// Of a new session's clock against UTC, in seconds to the east.
  private let offsets: Set<Int64>

  init(from before: ColumnImage, to after: ColumnImage) {
    self.before = before.kind
    self.after = after.kind
    offsets = before.clockOffsets.union(after.clockOffsets)
  }

  /// Whether a new session's clock shows UTC, so that nobody can tell by which of the two a time
  /// without a zone was read.
  private var isUTC: Bool { offsets.isSubset(of: [0]) }

  /// nil where nothing became of it.
  func change(_ old: Cell, _ new: Cell) -> ValueChange? {
    if before == after, old == new { return nil }
    switch (old.isNull, new.isNull) {
    case (true, true): return nil
    case (true, false): return .filled
    case (false, true): return .nulled
    case (false, false): break
    }
    guard let one = before.canonical(old), let other = after.canonical(new) else { return nil }
    if ExactText(one) == ExactText(other) { return otherForm(old, new) }
    if let same = sameInOtherWords(one, other, old, new) { return same }
    return Self.isMisread(old, new) ? .misread : Self.manner(one, other)
  }

  /// Of two values with one canonical text.
  private func otherForm(_ old: Cell, _ new: Cell) -> ValueChange? {
    let kinds: Set<ValueKind> = [before, after]
    if kinds == [.timestamp, .timestampWithZone] { return isUTC ? .timeZone : nil }
    if old == new { return nil }
    if old.storageClass != new.storageClass { return .storageClass }
    if kinds.contains(.json) || kinds.contains(.dynamicJSON) { return Self.otherDocument(old, new) }
    return kinds.contains(.numeric) ? .scale : .spelling
  }

  /// Of two values whose canonical texts differ because their types do.
  private func sameInOtherWords(
    _ one: String, _ other: String, _ old: Cell, _ new: Cell
  ) -> ValueChange? {
    let kinds: Set<ValueKind> = [before, after]
    if old.storageClass != new.storageClass, Self.isSameNumber(one, other) { return .storageClass }
    if case .undecodedText(let bytes) = old, new == .blob(bytes) { return .storageClass }
    if before == .dynamic, after == .dynamic { return Self.sameMoment(one, other) }
    guard kinds.count == 2 else { return nil }
    // What is shown of a `real` are the digits that it holds for sure; a cast to `numeric` takes these.
    if before == .single, after == .numeric, Float(one) == Float(other) { return .scale }
    if !kinds.isDisjoint(with: [.json, .jsonb, .dynamicJSON]),
      let left = CanonicalJSON.text(of: one), let right = CanonicalJSON.text(of: other),
      ExactText(left) == ExactText(right)
    {
      return Self.otherDocument(old, new)
    }
    if kinds.contains(.padded), Self.trimmed(one) == Self.trimmed(other) { return .padding }
    if kinds.contains(.bytes) {
      let (bytes, text) = before == .bytes ? (one, other) : (other, one)
      if Array(text.utf8).hexadecimal == bytes.dropFirst(2) { return .spelling }
    }
    if kinds.contains(.uuid), Self.digits(one) == Self.digits(other) { return .spelling }
    if kinds.contains(.boolean), let truth = Self.truth(one), truth == Self.truth(other) {
      return .spelling
    }
    if !kinds.isDisjoint(with: [.timestamp, .timestampWithZone, .date]),
      let left = Moment(one), let right = Moment(other)
    {
      let hasZone = kinds.contains(.timestampWithZone)
      if left == right { return hasZone && isUTC ? .timeZone : .spelling }
      let ahead = left.microseconds - right.microseconds
      let clock = before == .timestampWithZone ? -ahead : ahead
      if hasZone, offsets.contains(where: { $0 * 1_000_000 == clock }) { return .timeZone }
    }
    return Self.isSameNumber(one, other) ? .scale : nil
  }

  /// SQLite keeps times as texts: of two that name the same moment, both with an offset or both without
  /// one, only the spelling differs. nil for anything else.
  private static func sameMoment(_ one: String, _ other: String) -> ValueChange? {
    guard let left = Moment(one), let right = Moment(other), left == right else { return nil }
    return left.hasOffset == right.hasOffset ? .spelling : .replaced
  }

  /// Whether a text that SQLite's `CAST` cannot read as a number became one, or bytes a text that no
  /// reader can decode.
  private static func isMisread(_ old: Cell, _ new: Cell) -> Bool {
    switch (old, new) {
    case (.text(let text), .integer), (.text(let text), .real):
      let words = text.string.split(whereSeparator: \.isWhitespace)
      return words.count != 1 || DecimalText.expanded(String(words[0])) == nil
    case (.blob(let bytes), .undecodedText(let text)): return bytes == text
    default: return false
    }
  }

  /// Of two JSON documents that mean the same: blanks, escapes and zeros tell nothing.
  private static func otherDocument(_ old: Cell, _ new: Cell) -> ValueChange {
    guard let one = old.text.flatMap(CanonicalJSON.orderedText(of:)),
      let other = new.text.flatMap(CanonicalJSON.orderedText(of:))
    else { return .documentOrder }
    return ExactText(one) == ExactText(other) ? .spelling : .documentOrder
  }

  /// What two different values have to do with each other.
  private static func manner(_ one: String, _ other: String) -> ValueChange {
    if let left = Moment(one), let right = Moment(other) {
      let distance = abs(right.microseconds - left.microseconds)
      // A time that is written less exactly may have moved by less than what it now leaves out.
      let unit = unit(of: other)
      if distance < (unit > Self.unit(of: one) ? unit : 1000) { return .rounded }
      let quarter: Int64 = 900_000_000
      let rest = min(distance % quarter, quarter - distance % quarter)
      return distance <= 26 * 3_600_000_000 && rest < unit ? .shifted : .replaced
    }
    if let left = Double(one), let right = Double(other), left.isFinite, right.isFinite {
      let distance = abs(left - right)
      let digits = fractionDigits(other)
      let isCut = digits < fractionDigits(one) && distance < lastPlace(digits)
      return isCut || distance <= abs(left) * 1e-6 ? .rounded : .replaced
    }
    return one.utf8.starts(with: other.utf8) ? .truncated : .replaced
  }

  /// The least time that a text of a time counts, in microseconds: a day where it names no hour.
  private static func unit(of text: String) -> Int64 {
    let digits = fractionDigits(text)
    if digits > 0 {
      return digits >= 6 ? 1 : Int64(1_000_000 / (0..<digits).reduce(1) { n, _ in n * 10 })
    }
    switch text.utf8.count(where: { $0 == UInt8(ascii: ":") }) {
    case 0: return 86_400_000_000
    case 1: return 60_000_000
    default: return 1_000_000
    }
  }

  /// What the last of so many digits behind the point counts.
  private static func lastPlace(_ digits: Int) -> Double {
    (0..<digits).reduce(1.0) { place, _ in place / 10 }
  }

  private static func fractionDigits(_ text: String) -> Int {
    text.split(separator: ".").dropFirst().first?.utf8.count ?? 0
  }

  private static func isSameNumber(_ one: String, _ other: String) -> Bool {
    guard let left = DecimalText.expanded(one), let right = DecimalText.expanded(other) else {
      return false
    }
    return ValueKind.withoutTrailingZeros(left) == ValueKind.withoutTrailingZeros(right)
  }

  private static func trimmed(_ text: String) -> ExactText {
    var rest = text[...]
    while rest.last == " " { rest.removeLast() }
    return ExactText(String(rest))
  }

  private static func digits(_ text: String) -> String {
    text.lowercased().filter { $0 != "-" && $0 != "{" && $0 != "}" }
  }

  private static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "1", "t", "true", "y", "yes": true
    case "0", "f", "false", "n", "no": false
    default: nil
    }
  }
}
