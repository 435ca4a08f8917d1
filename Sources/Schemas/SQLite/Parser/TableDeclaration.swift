/// What a `CREATE TABLE` says, expressions still as tokens.
struct TableDeclaration: Sendable {
  var columns: [Column] = []
  /// In the order of the text, those written beside a column among them.
  var constraints: [Constraint] = []
  var withoutRowid = false
  var strict = false

  struct Column: Sendable {
    let name: String
    /// In capitals, blanks made one; nil where none is declared.
    var type: String?
    var notNull = false
    var notNullConflict: String?
    var defaultValue: [Token] = []
    var collation: String?
    var generated: [Token] = []
    var isStored = false
    /// Declared `PRIMARY KEY DESC` beside the column, which by an old mistake makes no rowid alias.
    var isDescendingKey = false
  }

  struct Constraint: Sendable {
    var name: String?
    var definition: Definition
    var conflict: String?
  }

  enum Definition: Sendable {
    case primaryKey([KeyPart], autoincrement: Bool)
    case unique([KeyPart])
    case check([Token])
    case foreignKey(columns: [String], Reference)
  }

  /// A column or expression of a key or an index.
  struct KeyPart: Sendable {
    var expression: [Token]
    var collation: String?
    var isDescending = false
    /// `NULLS FIRST` or `NULLS LAST`.
    var nulls: String?

    /// The column, where it is no more than its name.
    var column: String? { expression.count == 1 && expression[0].isName ? expression[0].text : nil }
  }

  struct Reference: Sendable {
    var table: String
    /// nil: the table's primary key.
    var columns: [String]?
    var onDelete: String?
    var onUpdate: String?
    var match: String?
    /// Only `DEFERRABLE INITIALLY DEFERRED` defers in SQLite
    /// (<https://www.sqlite.org/foreignkeys.html#fk_deferred>).
    var isDeferred = false
  }

  /// The columns of the primary key as they are declared; empty where there is none.
  var primaryKey: [String] {
    for case .primaryKey(let parts, _) in constraints.map(\.definition) {
      return parts.compactMap(\.column).map { spelling[$0.lowercased()] ?? $0 }
    }
    return []
  }

  /// The columns as they are declared, by their names in small letters.
  var spelling: [String: String] {
    Dictionary(columns.map { ($0.name.lowercased(), $0.name) }) { first, _ in first }
  }
}
