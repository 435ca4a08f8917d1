package import Databases

/// Columns or expressions whose values no two rows share.
package struct KeyShape: Hashable, Sendable {
  package enum Kind: Sendable { case primary, constraint, index }

  package let name: Identifier
  package let kind: Kind
  package let parts: [Part]
  /// A partial index's WHERE: only rows for which it is true are compared.
  package let predicate: String?
  /// Two NULLs are the same; else a row with a NULL in the key is like no other.
  package let nullsNotDistinct: Bool

  /// A column, or an expression over some.
  package enum Part: Hashable, Sendable {
    /// With a collation where it is not the column's own.
    case column(Identifier, collation: String?)
    case expression(String, collation: String?)
  }

  /// The columns in order; nil where there is an expression among them.
  package var columns: [Identifier]? {
    var columns: [Identifier] = []
    for part in parts {
      guard case .column(let column, _) = part else { return nil }
      columns.append(column)
    }
    return columns
  }

  package init(
    name: Identifier, kind: Kind, parts: [Part], predicate: String? = nil,
    nullsNotDistinct: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.parts = parts
    self.predicate = predicate
    self.nullsNotDistinct = nullsNotDistinct
  }
}

/// A condition that every row must meet, under the name by which the engine refuses those that do not.
package struct CheckShape: Hashable, Sendable {
  package let name: Identifier
  /// As the engine prints it.
  package let expression: String
  package init(name: Identifier, expression: String) {
    self.name = name
    self.expression = expression
  }
}
