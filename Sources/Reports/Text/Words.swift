/// Numbers with their noun, lists and durations as sentences write them.
enum Words {
  /// `1 error`, `2 errors`.
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ items: [String]) -> String {
    guard items.count > 1, let last = items.last else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The first few, and how many more there are.
  static func list(_ items: [String], atMost limit: Int) -> String {
    guard items.count > limit else { return list(items) }
    return list(Array(items.prefix(limit)) + ["\(items.count - limit) more"])
  }

  /// Seconds as a person reads them: `0.4 s`, `12 s`, `3 min 05 s`.
  static func duration(_ seconds: Double) -> String {
    if seconds < 10 { return "\(decimal(seconds, digits: 1)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    let rest = whole % 60
    return "\(whole / 60) min \(rest < 10 ? "0" : "")\(rest) s"
  }

  /// A number that is not negative, with exactly so many decimals.
  static func decimal(_ number: Double, digits: Int) -> String {
    guard number.isFinite, number > 0, number < 1e12 else { return decimal(0, digits) }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    return decimal(Int((number * scale).rounded()), digits)
  }

  private static func decimal(_ scaled: Int, _ digits: Int) -> String {
    let text = String(scaled)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return padded.dropLast(digits) + "." + padded.suffix(digits)
  }
}
