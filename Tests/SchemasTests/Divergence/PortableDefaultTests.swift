import Databases
import Testing

@testable import Schemas

/// A column's default on SQLite and on PostgreSQL, its type there, and whether the two agree.
private struct DefaultPair: Sendable, CustomTestStringConvertible {
  let sqlite: String?
  let postgresql: String?
  let type: String
  let agree: Bool
  init(_ sqlite: String?, _ postgresql: String?, _ type: String, agree: Bool = true) {
    self.sqlite = sqlite
    self.postgresql = postgresql
    self.type = type
    self.agree = agree
  }
  var testDescription: String { "\(sqlite ?? "none") / \(postgresql ?? "none") of \(type)" }
}

@Suite struct PortableDefaultTests {
  @Test(arguments: agreeing + differing) private func `defaults agree or not`(
    _ pair: DefaultPair
  ) {
    let types = PostgresOwnTypes(in: Snapshot(engine: .postgresql))
    let family = PortableType(postgresql: pair.type, types: types).family
    let own = PortableDefault(pair.sqlite, of: .sqlite, for: family)
    let other = PortableDefault(pair.postgresql, of: .postgresql, for: family)
    #expect(own.agrees(with: other, for: family) == pair.agree)
  }

  private static let agreeing: [DefaultPair] = [
    .init(nil, nil, "integer"), .init("NULL", nil, "text"),
    .init(nil, "NULL::character varying", "text"),
    .init("'x'", "'x'::character varying", "character varying(20)"),
    .init("'it''s'", "'it''s'::text", "text"), .init("0", "'0'::character varying", "text"),
    .init("1", "true", "boolean"), .init("'1'", "true", "boolean"),
    .init("' 01 '", "true", "boolean"), .init("TRUE", "true", "boolean"),
    .init("0", "false", "boolean"), .init("FALSE", "false", "boolean"),
    .init("'0'", "false", "boolean"),
    .init("0", "0", "integer"), .init("'0'", "0", "integer"), .init("'0'", "'0'::bigint", "bigint"),
    .init("-1", "'-1'::integer", "integer"), .init("-1", "(-1)", "integer"),
    .init("'0.00'", "0.00", "numeric(10,2)"), .init("0", "0.0", "numeric"),
    .init("1.50", "1.5", "double precision"), .init("'1'", "'1'::double precision", "real"),
    .init("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", "timestamp without time zone"),
    .init("CURRENT_TIMESTAMP", "now()", "timestamp with time zone"),
    .init("datetime('now')", "now()", "timestamp without time zone"),
    .init("strftime('%s', 'now')", "timezone('utc'::text, now())", "timestamp without time zone"),
    .init(
      "CURRENT_TIMESTAMP", "(now() AT TIME ZONE 'utc'::text)", "timestamp without time zone"),
    .init("CURRENT_TIMESTAMP", "('now'::text)::date", "date"),
    .init("date('now')", "CURRENT_DATE", "date"),
    .init(
      "'2020-01-01'", "'2020-01-01 00:00:00'::timestamp without time zone",
      "timestamp without time zone"),
    .init("'2020-01-01'", "'2020-01-01'::date", "date"),
    .init("'12:00'", "'12:00:00'::time without time zone", "time without time zone"),
    .init("'9:00:00.50'", "'09:00:00.5'::time without time zone", "time without time zone"),
    .init(
      "'2020-01-01 12:00'", "'2020-01-01 12:00:00'::timestamp without time zone",
      "timestamp without time zone"),
    .init(
      "'2020-01-01'", "'2019-12-31 18:30:00+00'::timestamp with time zone",
      "timestamp with time zone"),
    .init(
      "'2020-03-01 00:00:00'", "'2020-02-29 12:00:00+00'::timestamp with time zone",
      "timestamp with time zone"),
    .init(
      "'2020-01-01 00:00:00+00:00'", "'2020-01-01 00:00:00+00'::timestamp with time zone",
      "timestamp with time zone"),
    .init(
      "'2020-01-01T00:00:00Z'", "'2020-01-01 00:00:00'::timestamp without time zone",
      "timestamp without time zone"),
    .init("1e2", "'100'::numeric", "numeric"), .init("1.25e1", "12.5", "double precision"),
    .init("5E-2", "0.05", "double precision"),
    .init("'{}'", "'{}'::json", "json"),
    .init("'{\"a\": [1, 2]}'", "'{\"a\":[1,2]}'::jsonb", "jsonb"),
    .init("'[]'", "'{}'::text[]", "text[]"), .init("'{}'", "ARRAY[]::text[]", "text[]"),
    .init(nil, "gen_random_uuid()", "uuid"),
    .init(
      "lower(hex(randomblob(16)))",
      "gen_random_uuid()", "uuid"),
    .init(nil, "public.next_number()", "integer"), .init("x'00'", "'\\x00'::bytea", "bytea"),
    .init("'AB-CD'", "'abcd'::uuid", "uuid"), .init("1 + 1", "(1 + 1)", "integer"),
    .init("'1 day'", "'1 day'::interval", "interval"),
  ]

  private static let differing: [DefaultPair] = [
    .init(nil, "0", "integer", agree: false), .init("0", nil, "integer", agree: false),
    .init("0", "1", "integer", agree: false), .init("'x'", "'y'::text", "text", agree: false),
    .init("'false'", "false", "boolean", agree: false),
    .init("'f'", "false", "boolean", agree: false),
    .init("'true'", "true", "boolean", agree: false),
    .init("''", nil, "text", agree: false), .init("1", "false", "boolean", agree: false),
    .init("'0.01'", "0.00", "numeric", agree: false),
    .init(nil, "now()", "timestamp without time zone", agree: false),
    .init("now()", "now()", "timestamp without time zone", agree: false),
    .init("gen_random_uuid()", "gen_random_uuid()", "uuid", agree: false),
    .init("'1970-01-01'", "now()", "timestamp without time zone", agree: false),
    .init(
      "'2020-01-01 10:00:00'", "'2020-01-01 00:00:00'::timestamp without time zone",
      "timestamp without time zone", agree: false),
    .init(
      "'2020-01-02'", "'2019-12-31 18:30:00+00'::timestamp with time zone",
      "timestamp with time zone", agree: false),
    .init(
      "'2020-01-01 00:07:00'", "'2020-01-01 00:00:00+00'::timestamp with time zone",
      "timestamp with time zone", agree: false),
    .init(
      "'2020-01-01 00:00:00+00:00'", "'2020-01-01 05:00:00+00'::timestamp with time zone",
      "timestamp with time zone", agree: false),
    .init("'{}'", "'[]'::json", "json", agree: false),
    .init("'a b'", "'ab'::text", "text", agree: false),
    .init(nil, "'{}'::text[]", "text[]", agree: false),
    .init("1 + 1", "(1 + 2)", "integer", agree: false),
    .init("'01'", "'1'::character varying", "text", agree: false),
    .init("lower(hex(randomblob(16)))", nil, "uuid", agree: false),
  ]
}
