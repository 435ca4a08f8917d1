import Databases

/// A unique constraint or an index, by what it does rather than by what it is called.
struct PortableKey {
  let object: SchemaObject
  let engine: Engine
  let parts: [PortableExpressionParser.Key]
  /// Of a partial one.
  let predicate: PortableExpression?
  let isUnique: Bool
  /// Whether it is of a kind that only PostgreSQL has.
  private let hasSpecialMethod: Bool
  private let caseless: Set<String>

  /// - Parameter caseless: the columns of which it takes what differs only in case for the same.
  init(
    _ object: SchemaObject, of table: PortableTable, booleans: Set<String>, caseless: Set<String>
  ) {
    self.object = object
    self.caseless = caseless
    engine = table.engine
    let columns = Dictionary(
      table.columns.map { ($0.object.id.name.raw, $0.name) }
    ) { first, _ in first }
    parts = object.texts(.columns).map { text in
      if let column = columns[text] {
        let name = PortableExpression.name(column)
        return .init(
          expression: caseless.contains(column) ? .call("lower", [name]) : name,
          isDescending: false, isSpecial: false)
      }
      return PortableExpressionParser.key(text, of: table.engine, booleans: booleans)
    }
    predicate = object.string(.predicate).map {
      PortableExpressionParser.expression($0, of: table.engine, booleans: booleans)
    }
    isUnique = object[.constraintType] == .text("UNIQUE") || object[.unique] == .flag(true)
    hasSpecialMethod = object["method"] != nil || object["include"] != nil
  }

  /// What rows must not share, whatever the order.
  var uniqueness: Set<PortableExpression> { Set(parts.map(\.expression)) }

  var names: Set<String> {
    parts.reduce(into: predicate?.names ?? []) { $0.formUnion($1.expression.names) }
  }

  /// Whether both engines could have it, and this reader understands it.
  var isPortable: Bool {
    parts.allSatisfy(\.expression.isPortable) && predicate?.isPortable ?? true
      && (isUnique || !hasSpecialMethod && !parts.contains(where: \.isSpecial))
  }

  /// Whether it does what `other` does.
  func equals(_ other: PortableKey) -> Bool {
    guard predicate == other.predicate else { return false }
    return isUnique
      ? uniqueness == other.uniqueness
      : parts.map(\.expression) == other.parts.map(\.expression)
        && parts.map(\.isDescending) == other.parts.map(\.isDescending)
  }

  func hasName(of other: PortableKey) -> Bool { object.id.name == other.object.id.name }

  /// Whether one of the other engine's keys bears its name.
  func isNamesake(in others: [PortableKey]) -> Bool { others.contains { hasName(of: $0) } }

  /// Whether it is meant to be what `other` is: by its name, or by its columns.
  func resembles(_ other: PortableKey) -> Bool {
    hasName(of: other) || names == other.names
      || uniqueness == other.uniqueness
  }

  /// `UNIQUE (a, b) WHERE c`.
  var text: String {
    let columns = object.texts(.columns).map {
      caseless.contains($0.lowercased()) ? "\($0) COLLATE NOCASE" : $0
    }.joined(separator: ", ")
    return (isUnique ? "UNIQUE" : "INDEX") + " (\(columns))"
      + (object.string(.predicate).map { " WHERE \($0)" } ?? "")
  }
}
