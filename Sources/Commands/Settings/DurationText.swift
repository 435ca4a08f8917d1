/// A length of time as people write it: a number and its unit, `500ms`, `30s`, `1.5min` or `2h`.
enum DurationText {
  /// What a sentence about another text says was expected.
  static let expectation = "a number with its unit, like 500ms, 30s, 5min or 1h, and at most 500h"

  private static let units = [("ms", 0.001), ("min", 60.0), ("s", 1.0), ("h", 3600.0)]

  /// Seconds: PostgreSQL counts its limits in milliseconds that have to fit into 32 bits, which are 596 hours.
  private static let longest = 500 * 3600.0

  /// - Returns: seconds, above nought; nil where it is none, or too long.
  static func seconds(_ text: String) -> Double? {
    for (unit, length) in units where text.hasSuffix(unit) {
      let number = text.dropLast(unit.count).trimmed
      let isPlain =
        !number.isEmpty && number.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard isPlain, let value = Double(number), value > 0, value * length <= longest
      else { return nil }
      return value * length
    }
    return nil
  }
}
