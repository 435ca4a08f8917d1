/// A declared type of SQLite: what affinity it gives and what its name promises.
struct SQLiteType {
  private let text: String

  /// - Parameter text: in capitals, empty for no type.
  init(_ text: String) { self.text = text }

  /// By the rules of <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>.
  func affinity(isStrict: Bool) -> ColumnShape.Affinity {
    if isStrict, text == "ANY" { return .any }
    if text.contains("INT") { return .integer }
    if ["CHAR", "CLOB", "TEXT"].contains(where: text.contains) { return .text }
    if text.isEmpty || text.contains("BLOB") { return .blob }
    if ["REAL", "FLOA", "DOUB"].contains(where: text.contains) { return .real }
    return .numeric
  }

  /// What the names that people and SQLAlchemy write stand for.
  var type: ColumnType {
    let words = SQLWord.words(of: text)
    let name = words.prefix { $0.name != nil }.compactMap(\.name).joined(separator: " ")
    let numbers = words.compactMap { word -> Int? in
      if case .number(let digits) = word { Int(digits) } else { nil }
    }
    switch name {
    case "", "ANY": return .any
    case "BOOLEAN", "BOOL": return .boolean
    case "SMALLINT", "INT2", "TINYINT": return .integer(bits: 16)
    case "INT", "INTEGER", "MEDIUMINT", "INT4": return .integer(bits: 32)
    case "DECIMAL", "NUMERIC", "DEC", "NUMBER":
      return .numeric(precision: numbers.first, scale: numbers.dropFirst().first ?? 0)
    case "DATE": return .date
    case "DATETIME", "TIMESTAMP": return .timestamp(withZone: false, digits: 6)
    case "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE":
      return .timestamp(withZone: true, digits: 6)
    case "TIME": return .time(withZone: false, digits: 6)
    case "JSON": return .json
    case "JSONB": return .jsonb
    case "UUID": return .uuid
    default: break
    }
    switch affinity(isStrict: false) {
    case .integer: return .integer(bits: 64)
    case .text: return .text(limit: numbers.first)
    case .real: return .real(bits: 64)
    case .blob: return .bytes
    case .numeric, .any: return name.contains("BINARY") ? .bytes : .other(text)
    }
  }
}
