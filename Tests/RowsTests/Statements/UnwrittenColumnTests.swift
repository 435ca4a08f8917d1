import Rows
import Testing

@Suite struct UnwrittenColumnTests {
  static let copy = "INSERT INTO _alembic_tmp_day (id) SELECT day.id FROM day"

  static func made(_ rest: String) -> String {
    "CREATE TABLE _alembic_tmp_day (id INTEGER NOT NULL, slug TEXT DEFAULT '' NOT NULL, \(rest))"
  }

  static let added = "ALTER TABLE day ADD COLUMN slug TEXT DEFAULT '' NOT NULL"

  typealias Case = ([String], String, UnwrittenColumns.Demand, String)

  static let certain: [Case] = [
    ([added], "ALTER TABLE day ADD CONSTRAINT u UNIQUE (slug)", .unique, ""),
    ([added], "ALTER TABLE app.day ADD CONSTRAINT c CHECK (length(slug) > 0)", .check, ""),
    ([added], "CREATE UNIQUE INDEX CONCURRENTLY u ON day USING btree (lower(slug))", .unique, ""),
    ([], "ALTER TABLE day ADD COLUMN slug TEXT DEFAULT '' CHECK (slug <> '')", .check, ""),
    ([], "ALTER TABLE day ADD slug TEXT DEFAULT '' NOT NULL UNIQUE", .unique, ""),
    (
      ["CREATE TABLE kind (id integer PRIMARY KEY)", added],
      "ALTER TABLE day ADD FOREIGN KEY (slug) REFERENCES kind (id)", .reference, ""
    ),
    ([made("UNIQUE (slug)")], copy, .unique, "UNIQUE constraint failed: _alembic_tmp_day.slug"),
    (
      [made("CONSTRAINT c CHECK (slug <> '')")], copy, .check, "CHECK constraint failed: c"
    ),
    (
      [made("CHECK (slug <> '')")], copy, .check, "CHECK constraint failed: slug <> ''"
    ),
    (
      [
        "CREATE TABLE kind (id INTEGER)",
        made("FOREIGN KEY(slug) REFERENCES kind (id)"),
      ], copy, .reference, "FOREIGN KEY constraint failed"
    ),
    (
      [
        made("PRIMARY KEY (id)"), copy, "DROP TABLE day",
        "ALTER TABLE _alembic_tmp_day RENAME TO day", made("UNIQUE (slug)"),
      ], "INSERT INTO _alembic_tmp_day (id, slug) SELECT day.id, day.slug FROM day", .unique,
      "UNIQUE constraint failed: _alembic_tmp_day.slug"
    ),
  ]

  @Test(arguments: certain)
  func `what asks more of a new column than its default gives is refused whatever the rows hold`(
    _ sent: [String], _ refused: String, _ demand: UnwrittenColumns.Demand, _ message: String
  ) {
    let refusal = UnwrittenColumns(sent).refusal(of: refused, demand, message: message)
    #expect(refusal?.columns == ["slug"])
    #expect(refusal?.parent == (demand == .reference ? "kind" : nil))
  }

  static let doubtful: [Case] = [
    ([], "ALTER TABLE day ADD CONSTRAINT u UNIQUE (slug)", .unique, ""),
    (
      [added, "UPDATE day SET slug = title"], "ALTER TABLE day ADD CONSTRAINT u UNIQUE (slug)",
      .unique, ""
    ),
    (
      [added, "INSERT INTO day SELECT * FROM old_day"],
      "ALTER TABLE day ADD CONSTRAINT u UNIQUE (slug)", .unique, ""
    ),
    ([added], "ALTER TABLE day ADD CONSTRAINT u UNIQUE (slug, title)", .unique, ""),
    ([added], "ALTER TABLE day ADD CONSTRAINT c CHECK (slug <> '' OR title <> '')", .check, ""),
    ([added], "ALTER TABLE day ADD FOREIGN KEY (slug) REFERENCES kind (id)", .reference, ""),
    (
      ["CREATE TABLE kind (id integer)", "INSERT INTO kind SELECT id FROM place", added],
      "ALTER TABLE day ADD FOREIGN KEY (slug) REFERENCES kind (id)", .reference, ""
    ),
    ([added], "UPDATE day SET title = slug", .unique, ""),
    (
      [made("UNIQUE (slug, id)")], copy, .unique,
      "UNIQUE constraint failed: _alembic_tmp_day.slug, _alembic_tmp_day.id"
    ),
    (
      [made("FOREIGN KEY(slug) REFERENCES kind (id)")], copy, .reference,
      "FOREIGN KEY constraint failed"
    ),
    ([], copy, .unique, "UNIQUE constraint failed: _alembic_tmp_day.slug"),
  ]

  @Test(arguments: doubtful)
  func `what may hang on the rows is not taken for certain`(
    _ sent: [String], _ refused: String, _ demand: UnwrittenColumns.Demand, _ message: String
  ) {
    #expect(UnwrittenColumns(sent).refusal(of: refused, demand, message: message) == nil)
  }

  private static let kinds = "CREATE TABLE kind (id integer PRIMARY KEY)"
  private static let key = "ALTER TABLE day ADD FOREIGN KEY (slug) REFERENCES kind (id) NOT VALID"

  @Test(arguments: [
    ([kinds, added, key], true), ([added, key], false), ([kinds, added], false),
    ([kinds, added, "INSERT INTO kind VALUES (1)", key], false),
    ([kinds, added, key, "INSERT INTO kind VALUES (1)"], true),
    ([kinds, added, key, "UPDATE day SET slug = title"], false),
    ([kinds, added + " REFERENCES kind (id)"], true),
    (
      [
        kinds, made("FOREIGN KEY(slug) REFERENCES kind (id)"), copy, "DROP TABLE day",
        "ALTER TABLE _alembic_tmp_day RENAME TO day",
      ], true
    ),
    (
      [
        kinds, made("FOREIGN KEY(slug) REFERENCES kind (id)"),
        "INSERT INTO _alembic_tmp_day (id, slug) SELECT day.id, day.slug FROM day",
        "DROP TABLE day",
        "ALTER TABLE _alembic_tmp_day RENAME TO day",
      ], false
    ),
  ])
  func `a default points nowhere while its table is new and empty`(
    _ sent: [String], _ expected: Bool
  ) {
    #expect(
      UnwrittenColumns.pointNowhere(["slug"], of: "day", to: "kind", after: sent) == expected)
  }
}
