package import Databases

/// A column as those see it who put values into it.
package struct ColumnShape: Hashable, Sendable {
  package let name: Identifier
  /// As the engine writes it: `character varying(40)`; on SQLite as it was declared, in capitals,
  /// and empty where nothing was.
  package let typeText: String
  package let type: ColumnType
  /// Also where only the column's domain says so.
  package let isNotNull: Bool
  /// The default's expression; nil where there is none, and for generated columns. A domain's default
  /// stands here where the column has none of its own.
  package let defaultValue: String?
  package let generated: Generated?
  package let identity: Identity?
  /// What the column takes its numbers from when none is given: a serial column's sequence as a
  /// `regclass` literal without its quotes.
  package let sequence: String?
  /// SQLite's `INTEGER PRIMARY KEY`, which fills itself.
  package let isRowidAlias: Bool
  /// The collation where it is not the type's own; on SQLite `NOCASE` or `RTRIM` decide what is equal.
  package let collation: String?
  /// How SQLite stores what it is given; nil on PostgreSQL.
  package let affinity: Affinity?

  /// A column that is computed from others.
  package struct Generated: Hashable, Sendable {
    package let expression: String
    package let isStored: Bool
    package init(expression: String, isStored: Bool) {
      self.expression = expression
      self.isStored = isStored
    }
  }

  /// How an identity column takes values that are given to it.
  package enum Identity: String, Sendable {
    /// Only with `OVERRIDING SYSTEM VALUE`.
    case always = "ALWAYS"
    case byDefault = "BY DEFAULT"
  }

  /// SQLite's column affinities (<https://www.sqlite.org/datatype3.html#type_affinity>); `any` is the
  /// `ANY` of a STRICT table.
  package enum Affinity: String, Sendable {
    case integer, text, blob, real, numeric, any
  }

  /// Whether a row that does not name it gets a value or may go without one.
  package var canBeLeftOut: Bool {
    !isNotNull || defaultValue != nil || generated != nil || identity != nil || isRowidAlias
  }

  /// Whether it counts by itself: serial, identity, or SQLite's rowid.
  package var isCounted: Bool { sequence != nil || identity != nil || isRowidAlias }
}
