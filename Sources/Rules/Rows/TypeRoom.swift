/// How much a column's type holds, as far as its name tells: whether a change of type can have cut or
/// rounded values.
struct TypeRoom {
  private let name: String
  private let arguments: [Int]

  /// - Parameter type: as the server or the file spells it: `character varying(20)`.
  init(_ type: String) {
    let lowered = type.lowercased()
    let parts = lowered.split(separator: "(", maxSplits: 1)
    let inner = parts.count > 1 ? parts[1].prefix { $0 != ")" } : ""
    arguments = inner.split(separator: ",").compactMap { part in
      Int(part.filter { !$0.isWhitespace })
    }
    let rest = parts.count > 1 ? parts[1].drop { $0 != ")" }.dropFirst() : ""
    let plain = (parts.first.map(String.init) ?? "") + rest
    name = plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Whether every value of the other type is the same in this one; false where that is not known.
  func holdsAll(of other: TypeRoom) -> Bool {
    for family in Self.families {
      guard let own = family.firstIndex(of: name), let others = family.firstIndex(of: other.name)
      else { continue }
      return others <= own
    }
    if Self.texts.contains(name), Self.texts.contains(other.name) {
      return arguments.isEmpty || other.arguments.first.map { $0 <= arguments[0] } ?? false
    }
    guard name == other.name else { return false }
    if arguments.isEmpty { return true }
    guard arguments.count == other.arguments.count else { return false }
    guard ["numeric", "decimal"].contains(name) else { return other.arguments[0] <= arguments[0] }
    let (scale, others) = (arguments.dropFirst().first ?? 0, other.arguments.dropFirst().first ?? 0)
    return others <= scale && other.arguments[0] - others <= arguments[0] - scale
  }

  private static let families = [
    ["smallint", "int", "integer", "bigint"], ["real", "double precision"],
  ]
  private static let texts: Set<String> = ["character varying", "varchar", "text"]
}
