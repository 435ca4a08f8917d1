import Databases
import Testing

@testable import Schemas

/// A column's type on SQLite, on PostgreSQL, and how the first stands to the second.
private struct TypePair: Sendable, CustomTestStringConvertible {
  let sqlite: String?
  let postgresql: String
  let relation: TypeRelation
  init(_ sqlite: String?, _ postgresql: String, _ relation: TypeRelation = .same) {
    self.sqlite = sqlite
    self.postgresql = postgresql
    self.relation = relation
  }
  var testDescription: String { "\(sqlite ?? "none") / \(postgresql)" }
}

@Suite struct PortableTypeTests {
  @Test(arguments: usual + variants + differing) private func `types stand to each other`(
    _ pair: TypePair
  ) {
    let types = PostgresOwnTypes(in: Self.snapshot)
    let other = PortableType(postgresql: pair.postgresql, types: types)
    #expect(PortableType(sqlite: pair.sqlite).relation(to: other) == pair.relation)
  }

  private static let usual: [TypePair] = [
    .init("BOOLEAN", "boolean"), .init("INTEGER", "integer"), .init("INT", "bigint"),
    .init("INTEGER", "bigint"), .init("BIGINT", "bigint"), .init("SMALLINT", "smallint"),
    .init("VARCHAR(20)", "character varying(20)"), .init("VARCHAR", "text"),
    .init("TEXT", "character varying"), .init("CHAR(3)", "character(3)"),
    .init("CHAR", "character(1)"),
    .init("NUMERIC(10, 2)", "numeric(10,2)"), .init("DECIMAL(10)", "numeric(10,0)"),
    .init("NUMERIC", "numeric"), .init("FLOAT", "double precision"), .init("REAL", "real"),
    .init("DOUBLE PRECISION", "double precision"), .init("FLOAT", "real"),
    .init("BLOB", "bytea"), .init("DATE", "date"),
    .init("TIME", "time without time zone"), .init("DATETIME", "timestamp without time zone"),
    .init("TIMESTAMP", "timestamp with time zone"),
    .init("DATETIME", "timestamp(3) without time zone"),
    .init("DATETIME", "interval"), .init("JSON", "json"), .init("JSON", "jsonb"),
    .init("TEXT", "jsonb"), .init("CHAR(32)", "uuid"), .init("VARCHAR(36)", "uuid"),
    .init("BLOB", "uuid"), .init("VARCHAR(5)", "public.mood"), .init("TEXT", "public.\"Mood\""),
    .init("VARCHAR(9)", "public.short_name"),
    .init("JSON", "text[]"), .init("TEXT", "character varying(20)[]"),
    .init("VARCHAR(45)", "inet"), .init("VARCHAR", "cidr"), .init("VARCHAR(17)", "macaddr"),
    .init("JSON", "public.hstore"), .init("TEXT", "tsvector"), .init("VARCHAR", "public.citext"),
    .init("VARCHAR(40)", "int4range"), .init(nil, "integer"), .init("GEOMETRY", "integer"),
  ]

  private static let variants: [TypePair] = [
    .init("TEXT", "timestamp without time zone", .variant), .init("INTEGER", "boolean", .variant),
    .init("VARCHAR", "numeric(10,2)", .variant), .init("FLOAT", "numeric", .variant),
    .init("INTEGER", "public.mood", .variant), .init("BLOB", "json", .variant),
  ]

  private static let differing: [TypePair] = [
    .init("VARCHAR(20)", "character varying(50)", .length),
    .init("VARCHAR(20)", "text", .length), .init("TEXT", "character varying(50)", .length),
    .init("CHAR(3)", "character(4)", .length), .init("CHAR(3)", "character varying(3)", .different),
    .init("VARCHAR(9)", "public.long_name", .length),
    .init("NUMERIC(10, 2)", "numeric(12,2)", .precision),
    .init("NUMERIC(10, 2)", "numeric(10,4)", .precision),
    .init("NUMERIC", "numeric(10,4)", .precision),
    .init("BIGINT", "integer", .size), .init("SMALLINT", "integer", .size),
    .init("INTEGER", "smallint", .size), .init("BOOLEAN", "integer", .different),
    .init("INTEGER", "text", .different), .init("TEXT", "integer", .different),
    .init("NUMERIC", "double precision", .different), .init("INTEGER", "numeric", .variant),
    .init("DATE", "timestamp without time zone", .different), .init("DATETIME", "date", .different),
    .init("TEXT", "bytea", .different), .init("BLOB", "text", .different),
    .init("JSON", "text", .different), .init("BLOB", "public.mood", .different),
    .init("FLOAT", "integer", .different),
  ]

  private static let snapshot = Snapshot(
    engine: .postgresql,
    units: [
      SchemaUnit(
        SchemaObject(ObjectID(.type, schema: "public", ["mood"]), ["labels": .list(["a", "b"])])),
      SchemaUnit(
        SchemaObject(ObjectID(.type, schema: "public", ["Mood"]), ["labels": .list(["a"])])),
      SchemaUnit(
        SchemaObject(
          ObjectID(.domain, schema: "public", ["short_name"]),
          ["type": .text("character varying(9)")])),
      SchemaUnit(
        SchemaObject(
          ObjectID(.domain, schema: "public", ["long_name"]),
          ["type": .text("character varying(99)")])),
    ])
}
