import Databases
import Testing

@testable import Schemas

/// An expression as SQLite's snapshot and as PostgreSQL's has it, with `active` a boolean column.
private struct ExpressionPair: Sendable, CustomTestStringConvertible {
  let sqlite: String
  let postgresql: String
  init(_ sqlite: String, _ postgresql: String) {
    self.sqlite = sqlite
    self.postgresql = postgresql
  }
  var testDescription: String { "\(sqlite) / \(postgresql)" }
}

@Suite struct PortableExpressionTests {
  private func read(_ pair: ExpressionPair) -> (PortableExpression, PortableExpression) {
    (
      PortableExpressionParser.expression(pair.sqlite, of: .sqlite, booleans: ["active"]),
      PortableExpressionParser.expression(pair.postgresql, of: .postgresql, booleans: ["active"])
    )
  }

  @Test(arguments: equal) private func `what means the same is the same`(_ pair: ExpressionPair) {
    let (own, other) = read(pair)
    #expect(own == other)
    #expect(own.isPortable && other.isPortable)
  }

  @Test(arguments: different) private func `what means something else is not the same`(
    _ pair: ExpressionPair
  ) {
    let (own, other) = read(pair)
    #expect(own != other)
    #expect(own.isPortable && other.isPortable)
  }

  @Test(arguments: [
    "(email ~ '^[a-z]'::text)", "(tags @> ARRAY['a'::text])", "((data ->> 'a'::text) = 'b'::text)",
    "(EXTRACT(year FROM born) > (1900)::numeric)", "(num_nonnulls(a, b) = 1)",
    "(a = ANY (SELECT 1))", "public.is_valid(a)", "POSITION(('@'::text) IN (email))",
  ]) func `what only PostgreSQL can say is not portable`(_ text: String) {
    #expect(!PortableExpressionParser.expression(text, of: .postgresql).isPortable)
  }

  @Test(arguments: ["name GLOB 'a*'", "typeof(a) = 'text'", "json_valid(a)", "a ? b", "(a"])
  func `what only SQLite can say is not portable`(_ text: String) {
    #expect(!PortableExpressionParser.expression(text, of: .sqlite).isPortable)
  }

  private static let equal: [ExpressionPair] = [
    .init("age >= 0", "(age >= 0)"), .init("0 <= age", "(age >= 0)"),
    .init("\"order\" > 0", "(\"order\" > 0)"), .init("Age <> 0", "(age <> 0)"),
    .init("price > 0", "(price > (0)::numeric)"), .init("price > 0.0", "(price > '0'::numeric)"),
    .init("age BETWEEN 0 AND 150", "((age >= 0) AND (age <= 150))"),
    .init("age NOT BETWEEN 0 AND 150", "(NOT ((age >= 0) AND (age <= 150)))"),
    .init("age NOT BETWEEN 0 AND 150", "((age < 0) OR (age > 150))"),
    .init("NOT (age > 0 AND name = 'x')", "((age <= 0) OR ((name)::text <> 'x'::text))"),
    .init("price < 1e2", "(price < '100'::numeric)"),
    .init("price > 1.5e-3", "((price)::double precision > (0.0015)::double precision)"),
    .init("lat >= -90", "(lat >= '-90'::integer)"),
    .init("lat >= -90", "(lat >= ('-90'::integer)::numeric)"),
    .init(
      "mood IN ('a', 'b')",
      "((mood)::text = ANY ((ARRAY['b'::character varying, 'a'::character varying])::text[]))"),
    .init("mood IN ('a', 'b')", "(mood = ANY ('{a,b}'::text[]))"),
    .init("mood IN ('a')", "((mood)::text = 'a'::text)"),
    .init("n IN (1, 2)", "(n = ANY (ARRAY[1, 2]))"),
    .init("n NOT IN (1, 2)", "(n <> ALL (ARRAY[1, 2]))"),
    .init("NOT n IN (1, 2)", "(NOT (n = ANY (ARRAY[1, 2])))"),
    .init("email LIKE '%@%'", "((email)::text ~~ '%@%'::text)"),
    .init("email NOT LIKE '%@%'", "((email)::text !~~ '%@%'::text)"),
    .init("a IS NULL OR b IS NULL", "((a IS NULL) OR (b IS NULL))"),
    .init("b IS NULL OR a ISNULL", "((a IS NULL) OR (b IS NULL))"),
    .init("a NOTNULL", "(a IS NOT NULL)"), .init("a IS b", "(NOT (a IS DISTINCT FROM b))"),
    .init("(a IS NULL) <> (b IS NULL)", "((a IS NULL) <> (b IS NULL))"),
    .init("a = 1 AND b = 2 AND c = 3", "((a = 1) AND ((b = 2) AND (c = 3)))"),
    .init("NOT deleted", "(NOT deleted)"), .init("active = 1", "active"),
    .init("active", "(active = true)"), .init("active IS 1", "(active IS TRUE)"),
    .init("active = 0", "(NOT active)"), .init("NOT active", "(active = false)"),
    .init("active != 1", "(active IS NOT TRUE)"), .init("active IN (0, 1)", "true"),
    .init("length(name) > 2", "(char_length((name)::text) > 2)"),
    .init("lower(Email)", "lower((email)::text)"), .init("email COLLATE NOCASE", "lower(email)"),
    .init("trim(a)", "btrim((a)::text)"), .init("trim(a)", "TRIM(BOTH FROM a)"),
    .init("substr(a, 1, 2)", "\"substring\"((a)::text, 1, 2)"),
    .init("coalesce(a, 0) * 2 + 1", "((COALESCE(a, 0) * 2) + 1)"),
    .init("CAST(a AS INTEGER) = 1", "((a)::integer = 1)"),
    .init(
      "CASE WHEN a IS NULL THEN 1 ELSE 0 END < 2", "(CASE WHEN (a IS NULL) THEN 1 ELSE 0 END < 2)"),
    .init("users.age > 1", "(age > 1)"),
    .init("a || 'x' = b", "(((a)::text || 'x'::text) = (b)::text)"),
    .init("born > '2000-01-01'", "(born > '2000-01-01'::date)"),
    .init("at > '2000-01-01'", "(at > '2000-01-01'::timestamp with time zone)"),
  ]

  private static let different: [ExpressionPair] = [
    .init("age >= 0", "(age > 0)"), .init("age >= 0", "(age >= 1)"), .init("a > b", "(b > a)"),
    .init("mood IN ('a', 'b')", "(mood = ANY (ARRAY['a'::text]))"),
    .init("n NOT IN (1, 2)", "(n = ANY (ARRAY[1, 2]))"),
    .init("active", "(NOT active)"), .init("a = 1 AND b = 2", "((a = 1) OR (b = 2))"),
    .init("a IS NULL", "(a IS NOT NULL)"), .init("length(a) > 2", "(length(b) > 2)"),
    .init("a + b * c", "((a + b) * c)"), .init("mood = 'A'", "(mood = 'a'::text)"),
    .init("age BETWEEN 0 AND 150", "((age >= 0) AND (age < 150))"),
    .init("a - b", "(b - a)"),
    .init("CASE WHEN a = 1 THEN 1 END", "CASE WHEN (a = 1) THEN 1 ELSE 0 END"),
  ]
}
