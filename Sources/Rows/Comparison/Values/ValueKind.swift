/// What a column's type says of its values, as far as it decides when two of them are the same.
enum ValueKind: Hashable, Sendable {
  case integer
  case numeric
  /// PostgreSQL's `real`, read as `double precision`, which it becomes without loss.
  case single
  case double
  case boolean
  case text
  /// `char(n)`, whose trailing blanks mean nothing and are not read.
  case padded
  case json
  case jsonb
  case timestamp
  /// Read as the clock shows in UTC.
  case timestampWithZone
  case date
  case uuid
  /// Six bytes, or eight.
  case macAddress
  /// Read as the number that it is: its text depends on the session.
  case money
  case bytes
  /// A catalog's object, read by its oid: its name may change.
  case object
  /// SQLite: the value itself says what it is.
  case dynamic
  /// SQLite: as above, in a column that is declared to hold JSON.
  case dynamicJSON
  /// Everything else, by the server's text.
  case other

  /// - Parameter oid: `pg_type.oid` of the type beneath all domains; those of built-in types are the
  ///   same on every server.
  init(postgres oid: Int64) {
    self =
      switch oid {
      case 20, 21, 23, 26: .integer
      case 1700: .numeric
      case 700: .single
      case 701: .double
      case 16: .boolean
      case 25, 1043, 19, 18: .text
      case 1042: .padded
      case 114: .json
      case 3802: .jsonb
      case 1114: .timestamp
      case 1184: .timestampWithZone
      case 1082: .date
      case 2950: .uuid
      case 829, 774: .macAddress
      case 790: .money
      case 17: .bytes
      case 24, 2202...2206, 3734, 3769, 4089, 4096, 4191: .object
      default: .other
      }
  }

  /// - Parameter type: as it was declared, in any case.
  init(sqlite type: String) {
    self = type.uppercased().contains("JSON") ? .dynamicJSON : .dynamic
  }

  /// How PostgreSQL writes a value of this kind down for comparison.
  ///
  /// Values that the type holds to be the same are written alike, but for `json` and `numeric`, whose
  /// text is kept and compared by `ValueKind.canonical`.
  /// - Parameter column: the column in SQL.
  func reading(of column: String) -> String {
    switch self {
    case .single: "\(column)::float8::text"
    case .boolean: "\(column)::int4::text"
    case .money: "\(column)::numeric::text"
    case .timestampWithZone: "(\(column) AT TIME ZONE 'UTC')::text"
    case .object: "\(column)::oid::text"
    default: "\(column)::text"
    }
  }
}
