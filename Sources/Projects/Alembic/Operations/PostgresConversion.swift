/// How PostgreSQL brings a column from one type to another.
struct PostgresConversion {
  private let old: String
  private let new: String
  private let wanted: String

  /// - Parameters:
  ///   - before: the type that the column has, as PostgreSQL writes it.
  ///   - wanted: the one that it is to have.
  init(from before: String, to wanted: String) {
    (old, new) = (Self.bare(before), Self.bare(wanted))
    self.wanted = wanted
  }

  /// Whether the column's default follows its type by itself: where a value of the one type can be
  /// assigned to a column of the other (`pg_cast`).
  var carriesDefault: Bool {
    old == new || Self.texts.contains(new)
      || [Self.numbers, Self.moments, Self.documents].contains {
        $0.contains(old) && $0.contains(new)
      }
  }

  /// The expression that converts the values of a column; of types between which there is no cast,
  /// through one that has a cast to both.
  func using(_ column: String) -> String {
    func isNumber(_ type: String) -> Bool { Self.numbers.contains(type) }
    if new == "boolean", isNumber(old), old != "integer" { return "\(column) <> 0" }
    if old == "boolean", isNumber(new), new != "integer" { return "\(column)::integer::\(wanted)" }
    let isOwn = !Self.knows(new) && !Self.texts.contains(old.replacing("[]", with: ""))
    let between = isOwn && !old.isEmpty ? (new.hasSuffix("[]") ? "::text[]" : "::text") : ""
    return "\(column)\(between)::\(wanted)"
  }

  private static let texts: Set = ["text", "character varying", "character"]
  private static let numbers: Set = [
    "smallint", "integer", "bigint", "numeric", "real", "double precision",
  ]
  private static let moments: Set = [
    "date", "timestamp without time zone", "timestamp with time zone",
  ]
  private static let documents: Set = ["json", "jsonb"]
  private static let others: Set = [
    "boolean", "bytea", "uuid", "interval", "time without time zone", "time with time zone", "inet",
    "cidr", "macaddr", "bit", "bit varying", "money", "xml", "tsvector", "tsquery", "oid",
  ]

  /// Whether it is PostgreSQL's own, and no enumeration or domain of the project.
  private static func knows(_ type: String) -> Bool {
    let element = type.replacing("[]", with: "")
    return [texts, numbers, moments, documents, others].contains { $0.contains(element) }
  }

  /// Without length, precision and scale.
  private static func bare(_ type: String) -> String {
    type.replacing(/\([^)]*\)/, with: "")
  }
}
