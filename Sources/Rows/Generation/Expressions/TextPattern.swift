/// A pattern of `LIKE` or `GLOB`, or a regular expression, taken apart: what it matches, and what it
/// could.
indirect enum TextPattern: Hashable, Sendable {
  case empty
  /// One of these characters, or none of them.
  case one([ClosedRange<Unicode.Scalar>], negated: Bool)
  case sequence([TextPattern])
  case choice([TextPattern])
  /// At least and at most so often; nil is without end.
  case repeated(TextPattern, Int, Int?)
  case start
  case end

  static func scalar(_ scalar: Unicode.Scalar) -> TextPattern {
    .one([scalar...scalar], negated: false)
  }

  static let anything = TextPattern.one([], negated: true)

  /// Of SQL's `LIKE`: `%` any text, `_` any character.
  static func like(_ text: String, escape: Character?) -> TextPattern {
    var parts: [TextPattern] = [.start]
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        parts.append(.scalar(scalar))
        isEscaped = false
      } else if let escape, Character(scalar) == escape {
        isEscaped = true
      } else if scalar == "%" {
        parts.append(.repeated(anything, 0, nil))
      } else if scalar == "_" {
        parts.append(anything)
      } else {
        parts.append(.scalar(scalar))
      }
    }
    return .sequence(parts + [.end])
  }

  /// Of SQLite's `GLOB`: `*`, `?`, `[a-z]`, `[^a-z]`.
  static func glob(_ text: String) throws -> TextPattern {
    var parts: [TextPattern] = [.start]
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": parts.append(.repeated(anything, 0, nil))
      case "?": parts.append(anything)
      case "[": parts.append(try RegularExpression.characterClass(&rest, isGlob: true))
      default: parts.append(.scalar(scalar))
      }
    }
    return .sequence(parts + [.end])
  }

  // MARK: Matching

  /// Whether the text matches somewhere; `LIKE` and `GLOB` carry their anchors.
  func matches(_ text: String, caseless: Bool) -> Bool {
    let scalars = Array((caseless ? text.lowercased() : text).unicodeScalars)
    var matcher = Matcher(text: scalars, caseless: caseless)
    return (0...scalars.count).contains { start in
      matcher.match(self, at: start) { _ in true }
    }
  }

  private struct Matcher {
    let text: [Unicode.Scalar]
    let caseless: Bool
    /// What is left of the effort that a text is worth.
    var effort = 200_000

    mutating func match(
      _ pattern: TextPattern, at place: Int, then: (Int) -> Bool
    ) -> Bool {
      effort -= 1
      guard effort > 0 else { return false }
      switch pattern {
      case .empty: return then(place)
      case .start: return place == 0 && then(place)
      case .end: return place == text.count && then(place)
      case .one(let ranges, let negated):
        guard place < text.count else { return false }
        return holds(text[place], ranges) != negated && then(place + 1)
      case .choice(let options):
        for option in options where match(option, at: place, then: then) { return true }
        return false
      case .sequence(let parts): return sequence(parts[...], at: place, then: then)
      case .repeated(let part, let least, let most):
        return repeated(part, least, most, at: place, then: then)
      }
    }

    private func holds(_ scalar: Unicode.Scalar, _ ranges: [ClosedRange<Unicode.Scalar>]) -> Bool {
      if ranges.contains(where: { $0.contains(scalar) }) { return true }
      guard caseless, let other = String(scalar).uppercased().unicodeScalars.first else {
        return false
      }
      return ranges.contains { $0.contains(other) }
    }

    private mutating func sequence(
      _ parts: ArraySlice<TextPattern>, at place: Int, then: (Int) -> Bool
    ) -> Bool {
      guard let first = parts.first else { return then(place) }
      var copy = self
      let found = match(first, at: place) { next in
        copy.sequence(parts.dropFirst(), at: next, then: then)
      }
      effort = min(effort, copy.effort)
      return found
    }

    private mutating func repeated(
      _ part: TextPattern, _ least: Int, _ most: Int?, at place: Int, then: (Int) -> Bool
    ) -> Bool {
      if most != 0 {
        var copy = self
        let found = match(part, at: place) { next in
          // What took nothing can be had as often as is asked.
          next == place
            ? least > 0 && then(next)
            : copy.repeated(part, max(0, least - 1), most.map { $0 - 1 }, at: next, then: then)
        }
        effort = min(effort, copy.effort)
        if found { return true }
      }
      return least == 0 && then(place)
    }
  }

  // MARK: Making

  /// A text that it matches; the shorter, the smaller `size`.
  func example(size: Int, random: inout SeededRandom) -> String {
    switch self {
    case .empty, .start, .end: return ""
    case .one(let ranges, let negated):
      return String(Character(Self.pick(ranges, negated: negated, random: &random)))
    case .sequence(let parts):
      return parts.map { $0.example(size: size, random: &random) }.joined()
    case .choice(let options):
      return random.pick(options)?.example(size: size, random: &random) ?? ""
    case .repeated(let part, let least, let most):
      let count = max(least, min(most ?? Int.max, size))
      return (0..<min(count, 5000)).map { _ in part.example(size: size, random: &random) }.joined()
    }
  }

  private static func pick(
    _ ranges: [ClosedRange<Unicode.Scalar>], negated: Bool, random: inout SeededRandom
  ) -> Unicode.Scalar {
    let letters = Array("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-_".unicodeScalars)
    let fitting = letters.filter { letter in
      ranges.contains { $0.contains(letter) } != negated
    }
    if let letter = random.pick(fitting) { return letter }
    if !negated, let range = random.pick(ranges) { return range.lowerBound }
    let others = Array(" !#$%&'()*+,./:;<=>?@[]^`{|}~é".unicodeScalars)
    return random.pick(others.filter { other in !ranges.contains { $0.contains(other) } }) ?? "ü"
  }
}
