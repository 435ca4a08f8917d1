package import Databases

/// One thing that the same history made on one engine and not on the other, or made otherwise.
package struct Divergence: Hashable, Sendable, Codable {
  /// What of the object is not the same; the raw value stands in report.json.
  package enum Aspect: String, Sendable, Codable, CaseIterable {
    case table, column, view
    case type
    /// The types differ, but people keep the one's values in the other where SQLite has no such type:
    /// no fault where the column was made so, one where only one engine's column was changed.
    case typeVariant = "type-variant"
    case length, precision
    case labels
    case notNull = "not-null"
    case defaultValue = "default"
    /// Whether it is computed, and from what.
    case generated
    case primaryKey = "primary-key"
    /// Whether a key that a row does not give is made up by the engine.
    case selfFilling = "self-filling"
    case unique, check, index
    case foreignKey = "foreign-key"
    case onDelete = "on-delete"
    case onUpdate = "on-update"
    case deferrability
  }

  /// What a reader would look for: the column where it is about a single one, else the constraint or
  /// index by its name where it has one, else the table. By the name on PostgreSQL, without a schema
  /// where that is `public`.
  package let object: ObjectID
  package let aspect: Aspect
  /// What SQLite has, as text; nil where it has none.
  package let sqlite: String?
  package let postgresql: String?
  /// The columns of the constraint or index in question, in order; empty for all else.
  package let columns: [String]
  /// The object as each engine's snapshot has it; nil where there is none.
  package let onSQLite: SchemaObject?
  package let onPostgreSQL: SchemaObject?

  package init(
    _ object: ObjectID, _ aspect: Aspect, sqlite: String?, postgresql: String?,
    columns: [String] = [], onSQLite: SchemaObject? = nil, onPostgreSQL: SchemaObject? = nil
  ) {
    self.object = object
    self.aspect = aspect
    self.sqlite = sqlite
    self.postgresql = postgresql
    self.columns = columns
    self.onSQLite = onSQLite
    self.onPostgreSQL = onPostgreSQL
  }
}

extension Divergence {
  /// Where labels differ, the enum on PostgreSQL, which is changed apart from its columns.
  package var enumeration: ObjectID? {
    aspect == .labels ? onPostgreSQL?.string(.type).map(PostgresOwnTypes.id) : nil
  }

  /// Whether the default on SQLite calls what SQLite does not have, so that no row can go without a value.
  package var isRefusedBySQLite: Bool {
    guard aspect == .defaultValue, let sqlite else { return false }
    return PortableExpressionParser.expression(sqlite, of: .sqlite).isRefusedBySQLite
  }

  /// Whether `object` of the engine's schema says what the check in question says, whatever it is
  /// called: SQLite knows a nameless one by its words alone.
  package func concerns(check object: SchemaObject, of engine: Engine) -> Bool {
    guard aspect == .check, let text = object.string(.expression) else { return false }
    let expression = PortableExpressionParser.expression(text, of: engine)
    guard expression.isPortable else { return false }
    return [(Engine.sqlite, onSQLite), (.postgresql, onPostgreSQL)].contains { side, known in
      known?.string(.expression).map {
        PortableExpressionParser.expression($0, of: side) == expression
      } ?? false
    }
  }

  /// Everything in which two schemas differ that one history made, ordered by object.
  ///
  /// What only one engine can have (extensions, functions, triggers, sequences, comments, owners,
  /// privileges, special indexes), and what each merely spells in its own way, is no divergence;
  /// what cannot be read is taken as equal.
  package static func all(sqlite: Snapshot, postgresql: Snapshot) -> [Divergence] {
    SchemaComparison(sqlite: PortableSchema(sqlite), postgresql: PortableSchema(postgresql))
      .divergences.sorted { left, right in
        left.object == right.object
          ? left.aspect.rawValue < right.aspect.rawValue : left.object < right.object
      }
  }
}
