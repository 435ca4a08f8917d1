import Databases
import Schemas

/// SQLAlchemy's types for what the engines call them.
enum AlembicType {
  /// `sa.String(length=20)` for `character varying(20)`; nil for types that a migration would have to
  /// import something for, or that are the project's own.
  static func expression(for type: String, collation: String? = nil, on engine: Engine) -> String? {
    let (name, arguments) = parts(of: type)
    guard let found = engine == .postgresql ? postgresql(name, arguments) : sqlite(name, arguments)
    else { return nil }
    guard let collation else { return found }
    guard found.hasPrefix("sa.String") || found.hasPrefix("sa.Text") else { return nil }
    let named = "collation=\(PythonText.literal(collation))"
    return found.hasSuffix("()")
      ? found.dropLast() + named + ")" : found.dropLast() + ", " + named + ")"
  }

  private static func postgresql(_ name: String, _ arguments: [String]) -> String? {
    switch (name, arguments.count) {
    case ("integer", 0): "sa.Integer()"
    case ("bigint", 0): "sa.BigInteger()"
    case ("smallint", 0): "sa.SmallInteger()"
    case ("text", 0): "sa.Text()"
    case ("character varying", 0): "sa.String()"
    case ("character varying", 1): "sa.String(length=\(arguments[0]))"
    case ("character", 1): "sa.CHAR(length=\(arguments[0]))"
    case ("boolean", 0): "sa.Boolean()"
    case ("date", 0): "sa.Date()"
    case ("timestamp without time zone", 0): "sa.DateTime()"
    case ("timestamp with time zone", 0): "sa.DateTime(timezone=True)"
    case ("time without time zone", 0): "sa.Time()"
    case ("time with time zone", 0): "sa.Time(timezone=True)"
    case ("interval", 0): "sa.Interval()"
    case ("numeric", 0): "sa.Numeric()"
    case ("numeric", 2): "sa.Numeric(precision=\(arguments[0]), scale=\(arguments[1]))"
    case ("real", 0): "sa.REAL()"
    case ("double precision", 0): "sa.Float(precision=53)"
    case ("bytea", 0): "sa.LargeBinary()"
    case ("json", 0): "sa.JSON()"
    default: nil
    }
  }

  private static func sqlite(_ name: String, _ arguments: [String]) -> String? {
    switch (name, arguments.count) {
    case ("", 0): "sa.types.NullType()"
    case ("INTEGER", 0), ("INT", 0): "sa.Integer()"
    case ("BIGINT", 0): "sa.BigInteger()"
    case ("SMALLINT", 0): "sa.SmallInteger()"
    case ("TEXT", 0): "sa.Text()"
    case ("VARCHAR", 0): "sa.String()"
    case ("VARCHAR", 1): "sa.String(length=\(arguments[0]))"
    case ("CHAR", 1): "sa.CHAR(length=\(arguments[0]))"
    case ("BOOLEAN", 0): "sa.Boolean()"
    case ("DATE", 0): "sa.Date()"
    case ("DATETIME", 0): "sa.DateTime()"
    case ("TIMESTAMP", 0): "sa.TIMESTAMP()"
    case ("TIME", 0): "sa.Time()"
    case ("NUMERIC", 0): "sa.Numeric()"
    case ("NUMERIC", 2): "sa.Numeric(precision=\(arguments[0]), scale=\(arguments[1]))"
    case ("DECIMAL", 0): "sa.DECIMAL()"
    case ("DECIMAL", 2): "sa.DECIMAL(precision=\(arguments[0]), scale=\(arguments[1]))"
    case ("FLOAT", 0): "sa.Float()"
    case ("REAL", 0): "sa.REAL()"
    case ("BLOB", 0): "sa.LargeBinary()"
    case ("JSON", 0): "sa.JSON()"
    default: nil
    }
  }

  /// Splits `numeric(10,2)` into its name and arguments.
  private static func parts(of type: String) -> (name: String, arguments: [String]) {
    guard let open = type.firstIndex(of: "("), type.hasSuffix(")") else { return (type, []) }
    let name = type[..<open].split(separator: " ").joined(separator: " ")
    let inner = type[type.index(after: open)...].dropLast()
    return (name, inner.split(separator: ",").map { $0.split(separator: " ").joined() })
  }
}
