import Databases

/// The names that PostgreSQL gives to what was made without one: table, columns, a suffix, and
/// digits where that was taken (`ChooseRelationName` and `ChooseConstraintName` in its sources).
enum AutomaticName {
  /// Whether two objects are the same but for names that the server chose.
  /// - Parameter owner: the relation, or the domain, that they hang on.
  static func alone(
    tells before: SchemaObject, from after: SchemaObject, on owner: Identifier
  ) -> Bool {
    isAutomatic(before, on: owner) && isAutomatic(after, on: owner)
      && sameDefinition(before, after)
  }

  /// Texts like `pg_get_indexdef`'s hold the name itself.
  private static func sameDefinition(_ before: SchemaObject, _ after: SchemaObject) -> Bool {
    guard before.properties.count == after.properties.count else { return false }
    let (old, new) = (before.id.name.raw, after.id.name.raw)
    return before.properties.allSatisfy { name, value in
      guard let counterpart = after[name] else { return false }
      if value == counterpart { return true }
      guard case .text(let text) = value, case .text(let other) = counterpart else { return false }
      return text.replacing(old, with: new) == other
    }
  }

  private static let suffixes: [ObjectKind: [String]] = [
    .constraint: ["pkey", "key", "fkey", "check", "excl", "not_null"],
    .index: ["idx", "key"],
    .sequence: ["seq"],
  ]

  static func isAutomatic(_ object: SchemaObject, on owner: Identifier) -> Bool {
    guard let suffixes = suffixes[object.id.kind] else { return false }
    let name = object.id.name.raw
    var stem = name[...]
    while let last = stem.last, last.isASCII, last.isNumber { stem.removeLast() }
    let digits = name[stem.endIndex...]
    guard let suffix = suffixes.first(where: { stem.hasSuffix("_\($0)") }) else { return false }
    if object.id.kind == .sequence { return true }
    guard let columns = plainColumns(of: object) else {
      return name.hasPrefix(owner.raw.prefix(29)) && suffix != "pkey"
    }
    let label = suffix + digits
    return ([nil, columns.joined(separator: "_")] + columns.prefix(1).map { $0 }).contains {
      assembled(owner.raw, $0, label) == name
    }
  }

  /// nil where the object does not list its columns, or has expressions among them.
  private static func plainColumns(of object: SchemaObject) -> [String]? {
    guard case .list(let columns)? = object[.columns], !columns.isEmpty else { return nil }
    let plain = columns.allSatisfy { column in
      column.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || $0.isDigit }
    }
    return plain ? columns : nil
  }

  /// `makeObjectName`: 63 bytes at most, the longer of the two names shortened first.
  private static func assembled(_ table: String, _ columns: String?, _ label: String) -> String {
    guard let columns else { return "\(shortened(table, to: 62 - label.utf8.count))_\(label)" }
    var (first, second) = (table.utf8.count, columns.utf8.count)
    let room = 61 - label.utf8.count
    while first + second > room {
      if first > second { first -= 1 } else { second -= 1 }
    }
    return "\(shortened(table, to: first))_\(shortened(columns, to: second))_\(label)"
  }

  /// Cut at a character's end, never inside one.
  private static func shortened(_ text: String, to count: Int) -> String {
    var text = text
    while text.utf8.count > count { text.unicodeScalars.removeLast() }
    return text
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}
