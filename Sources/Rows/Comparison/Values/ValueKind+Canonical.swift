extension ValueKind {
  /// The text in which two values of this kind are the same; nil for NULL. `canonicalSQL` says the
  /// same to PostgreSQL.
  func canonical(_ cell: Cell) -> String? {
    guard let text = cell.decodedText else { return nil }
    switch self {
    case .numeric, .money: return Self.withoutTrailingZeros(text)
    case .macAddress:
      // As the cast to `macaddr8` makes one of six bytes.
      return text.utf8.count == 17 ? text.prefix(8) + ":ff:fe" + text.suffix(9) : text
    case .json, .dynamicJSON: return CanonicalJSON.text(of: text) ?? text
    default: return text
    }
  }

  /// What a value says beyond its canonical text, as a number to be summed: the scale, the order of a
  /// document, the storage class. 0 where the kind has nothing to say.
  /// - Parameter seed: the hash of the row's key.
  func form(_ cell: Cell, seed: UInt64) -> UInt64 {
    switch (self, cell) {
    case (_, .null): return 0
    case (.numeric, .text(let text)):
      return UInt64(text.string.split(separator: ".").dropFirst().first?.utf8.count ?? 0)
    case (.json, .text(let text)): return TextHash.hash(text.string, seed: seed)
    case (.dynamicJSON, .text(let text)): return TextHash.hash(text.string, seed: seed)
    case (.dynamic, _), (.dynamicJSON, _): return TextHash.hash(cell.storageClass, seed: seed)
    default: return 0
    }
  }

  /// - Parameters:
  ///   - column: the column in SQL.
  ///   - version: as libpq numbers it; servers before 13 have no `trim_scale`.
  func canonicalSQL(of column: String, version: Int) -> String {
    switch self {
    case .numeric, .money:
      let number = self == .money ? "\(column)::numeric" : column
      return version >= 130_000
        ? "trim_scale(\(number))::text"
        : "CASE WHEN scale(\(number)) > 0 THEN rtrim(rtrim(\(number)::text, '0'), '.') "
          + "ELSE \(number)::text END"
    case .macAddress: return "\(column)::macaddr8::text"
    case .json: return "\(column)::jsonb::text"
    default: return reading(of: column)
    }
  }

  /// nil where the kind has nothing to say beyond the canonical text.
  func formSQL(of column: String, seed: String) -> String? {
    switch self {
    case .numeric: "scale(\(column))"
    case .json: "hashtextextended(\(column)::text COLLATE \"C\", \(seed))"
    default: nil
    }
  }

  static func withoutTrailingZeros(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
    var digits = text[...]
    while digits.last == "0" { digits.removeLast() }
    if digits.last == "." { digits.removeLast() }
    return digits == "-0" ? "0" : String(digits)
  }
}

extension Cell {
  /// As `text`, but that bytes which are UTF-8 are the text that a cast makes of them.
  fileprivate var decodedText: String? {
    guard case .blob(let bytes) = self else { return text }
    return String(validating: bytes, as: UTF8.self) ?? text
  }

  /// SQLite's name for it (<https://www.sqlite.org/datatype3.html>).
  var storageClass: String {
    switch self {
    case .null: "null"
    case .integer: "integer"
    case .real: "real"
    case .text, .undecodedText: "text"
    case .blob: "blob"
    }
  }
}
