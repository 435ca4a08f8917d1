extension PortableType {
  /// The type that a declaration on SQLite means, by the names that SQLAlchemy and people write; nil
  /// for a column without one.
  init(sqlite declared: String?) {
    guard let declared else {
      self.init(.other)
      return
    }
    let (name, arguments) = Self.parts(of: declared)
    guard let family = Self.sqliteFamilies[name] else {
      self.init(.other)
      return
    }
    switch family {
    case .integer: self.init(.integer, bytes: Self.sqliteSizes[name])
    case .text: self.init(.text, length: arguments.first)
    case .fixedText: self.init(.fixedText, length: arguments.first ?? 1)
    case .numeric:
      self.init(
        .numeric, precision: arguments.first, scale: arguments.count > 1 ? arguments[1] : nil)
    default: self.init(family)
    }
  }

  private static let sqliteFamilies: [String: Family] = [
    "boolean": .boolean, "bool": .boolean,
    "integer": .integer, "int": .integer, "bigint": .integer, "int8": .integer,
    "smallint": .integer, "int2": .integer, "mediumint": .integer, "tinyint": .integer,
    "unsigned big int": .integer,
    // PostgreSQL's word, which SQLite takes and does not know.
    "serial": .integer, "bigserial": .integer, "smallserial": .integer,
    "float": .float, "real": .float, "double": .float, "double precision": .float,
    "double_precision": .float,
    "numeric": .numeric, "decimal": .numeric,
    "varchar": .text, "character varying": .text, "varying character": .text, "nvarchar": .text,
    "text": .text, "clob": .text, "string": .text,
    "char": .fixedText, "character": .fixedText, "nchar": .fixedText,
    "native character": .fixedText,
    "blob": .binary, "binary": .binary, "varbinary": .binary, "bytea": .binary,
    "date": .date, "time": .time, "datetime": .dateTime, "timestamp": .dateTime,
    "timestamp with time zone": .dateTime, "timestamp without time zone": .dateTime,
    "timestamptz": .dateTime, "interval": .interval,
    "json": .json, "jsonb": .json, "uuid": .uuid, "guid": .uuid,
  ]

  private static let sqliteSizes: [String: Int] = [
    "integer": 4, "int": 4, "bigint": 8, "int8": 8, "unsigned big int": 8, "smallint": 2,
    "int2": 2, "serial": 4, "bigserial": 8, "smallserial": 2,
  ]
}
