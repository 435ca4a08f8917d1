import Databases
import Rows

/// A value of some type, another, and what became of it.
struct ValueChangeCase: Sendable, CustomStringConvertible {
  let engine: Engine
  let type: String
  let before: String
  let after: String
  let change: ValueChange

  var description: String { "\(engine) \(type): \(before) to \(after)" }

  private static func pg(_ type: String, _ before: String, _ after: String, _ change: ValueChange)
    -> Self
  { Self(engine: .postgresql, type: type, before: before, after: after, change: change) }

  private static func lite(_ type: String, _ before: String, _ after: String, _ change: ValueChange)
    -> Self
  { Self(engine: .sqlite, type: type, before: before, after: after, change: change) }

  static let all: [Self] = [
    pg("integer", "1", "2", .replaced),
    pg("bigint", "9007199254740993", "9007199254740992", .rounded),
    pg("smallint", "1", "NULL", .nulled),
    pg("text", "NULL", "''", .filled),
    pg("text", "'a'", "'a '", .replaced),
    pg("text", "'a  '", "'a'", .truncated),
    pg("text", "U&'\\00E9'", "U&'e\\0301'", .replaced),
    pg("varchar(20)", "'a long name'", "'a long'", .truncated),
    pg("char(5)", "'ab'", "'abc'", .replaced),
    pg("numeric", "1", "1.0", .scale),
    pg("numeric(10,2)", "1.25", "1.30", .rounded),
    pg("numeric", "'NaN'", "0", .replaced),
    pg("double precision", "0.1", "0.30000000000000004", .replaced),
    pg("double precision", "0.1", "0.1::real", .rounded),
    pg("real", "0.1", "0.2", .replaced),
    pg("boolean", "true", "false", .replaced),
    pg("json", "'{\"a\":1,\"b\":2}'", "'{\"b\":2, \"a\":1}'", .documentOrder),
    pg("json", "'{\"a\":1}'", "'{\"a\":2}'", .replaced),
    pg("json", "'{\"a\":1, \"b\" : \"\\u00e9\"}'", "'{\"a\": 1, \"b\": \"\u{E9}\"}'", .spelling),
    pg("json", "'{\"a\":1, \"a\":2}'", "'{\"a\":2}'", .documentOrder),
    pg("jsonb", "'{\"a\":[1,2]}'", "'{\"a\":[2,1]}'", .replaced),
    pg("timestamp", "'2024-01-31 12:00:00'", "'2024-01-31 15:30:00'", .shifted),
    pg("timestamptz", "'2024-01-31 12:00:00+00'", "'2024-01-31 12:00:00-03:30'", .shifted),
    pg("timestamp", "'2024-01-31 12:00:00.25'", "'2024-01-31 12:00:00'", .rounded),
    pg("timestamp", "'2024-01-31 12:00:00.251234'", "'2024-01-31 12:00:00.251'", .rounded),
    pg("timestamp", "'2024-01-31 12:00:00.251234'", "'2024-01-31 12:00:00.713456'", .replaced),
    pg("timestamptz", "'2024-01-31 12:00:00+00'", "'2024-01-31 12:00:00.713456+00'", .replaced),
    pg("date", "'2024-01-31'", "'2024-02-28'", .replaced),
    pg("time", "'12:00'", "'12:00:00.000001'", .replaced),
    pg("interval", "'1 day'", "'24 hours'", .replaced),
    pg(
      "uuid", "'00000000-0000-0000-0000-000000000001'",
      "'00000000-0000-0000-0000-000000000002'", .replaced),
    pg("bytea", "'\\x00ff'", "'\\x00fe'", .replaced),
    pg("text[]", "'{a,NULL}'", "'{a,\"NULL\"}'", .replaced),
    pg("int4range", "'[1,5)'", "'[1,4)'", .replaced),
    pg("mood", "'glad'", "'sad'", .replaced),
    pg("pair", "'(1,a)'", "'(1,b)'", .replaced),
    pg("price", "1.50", "1.5", .scale),
    pg("inet", "'10.0.0.1'", "'10.0.0.2'", .replaced),
    lite("INTEGER", "1", "2", .replaced),
    lite("INTEGER", "9007199254740993", "9007199254740992", .rounded),
    lite("", "1", "'1'", .storageClass),
    lite("", "1", "1.0", .storageClass),
    lite("", "'ab'", "x'6162'", .storageClass),
    lite("", "x'c3a9'", "'\u{E9}'", .storageClass),
    lite("", "x'61'", "'b'", .replaced),
    lite("", "x'61ff'", "CAST(x'61ff' AS TEXT)", .misread),
    lite("", "x'61ff'", "CAST(x'61fe' AS TEXT)", .replaced),
    lite("TEXT", "'a'", "CAST(x'61ff' AS TEXT)", .replaced),
    lite("TEXT", "'a  '", "'a'", .truncated),
    lite("TEXT", "NULL", "''", .filled),
    lite("TEXT", "'x'", "NULL", .nulled),
    lite("TEXT", "CAST(x'61ff' AS TEXT)", "CAST(x'61fe' AS TEXT)", .replaced),
    lite("REAL", "0.1", "0.30000000000000004", .replaced),
    lite("BLOB", "x'00ff'", "x'00fe'", .replaced),
    lite("JSON", "'{\"a\":1,\"b\":2}'", "'{\"b\":2, \"a\":1}'", .documentOrder),
    lite("JSON", "'{\"a\":1,\"b\":2}'", "'{\"b\":3, \"a\":1}'", .replaced),
    lite("DATETIME", "'2024-01-31 12:00:00.000000'", "'2024-01-31 13:00:00.000000'", .shifted),
    lite("DATETIME", "'2024-01-31 12:00:00.123456'", "'2024-01-31 13:00:00'", .shifted),
    lite("DATETIME", "'2024-01-31 12:00:00.123456'", "'2024-01-31 13:07:00'", .replaced),
    lite("DATETIME", "'2024-01-31 12:00:00'", "'2024-01-31'", .rounded),
    lite("DATETIME", "'2024-01-31 12:00:00.5'", "'2024-01-31 12:00:00'", .rounded),
    lite("JSON", "'{\"a\":1}'", "'{ \"a\": 1 }'", .spelling),
    lite("NUMERIC(10,2)", "1.25", "1.3", .rounded),
  ]

  static func of(_ engine: Engine) -> [Self] { all.filter { $0.engine == engine } }

  /// What the cases' types need.
  static func types(_ engine: Engine) -> String {
    engine == .sqlite
      ? ""
      : """
      CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TYPE pair AS (n int, t text);
      CREATE DOMAIN price AS numeric;
      """
  }

  var old: String { spelt(before) }
  var new: String { spelt(after) }

  private func spelt(_ value: String) -> String {
    engine == .postgresql ? "\(value)::\(type)" : value
  }
}
