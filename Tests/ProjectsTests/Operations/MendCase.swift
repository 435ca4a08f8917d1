import Databases
import Testing

/// A schema, what a migration's way up and down left of it, and whether operations lead back.
struct MendCase: Sendable, CustomTestStringConvertible {
  let engine: Engine
  let before: [String]
  let change: [String]
  var testDescription: String { change.joined(separator: "; ") }

  init(_ engine: Engine, _ before: [String], _ change: String...) {
    self.engine = engine
    self.before = before
    self.change = change
  }
}

extension MendCase {
  /// No statement names the database that it is run in.
  private static func databaseSetting(_ setting: String) -> String {
    "DO $x$ BEGIN EXECUTE format($q$ALTER DATABASE %I SET \(setting)$q$, current_database()); END $x$"
  }

  static let sqlite = [
    MendCase(.sqlite, [], "PRAGMA user_version = 7"),
    MendCase(
      .sqlite, ["PRAGMA user_version = 7", "PRAGMA application_id = 5"], "PRAGMA user_version = 8",
      "PRAGMA application_id = 0"),
    MendCase(
      .sqlite, ["CREATE TABLE t(id INTEGER PRIMARY KEY)"],
      "CREATE TABLE u(id INTEGER PRIMARY KEY, a TEXT)", "CREATE INDEX u_a ON u(a)",
      "CREATE VIEW v AS SELECT id FROM t"),
    MendCase(
      .sqlite, ["CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, d INT)"],
      "CREATE UNIQUE INDEX t_a ON t(a) WHERE d > 0", "ALTER TABLE t ADD COLUMN b VARCHAR(20)"),
    MendCase(
      .sqlite,
      [
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, d INT)",
        "CREATE UNIQUE INDEX t_a ON t(a COLLATE NOCASE, d DESC) WHERE d IS NOT NULL",
        "CREATE INDEX t_lower ON t(lower(a))",
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; SELECT ':x'; END",
        "CREATE VIEW v (n) AS SELECT id FROM t",
      ], "DROP INDEX t_a", "DROP INDEX t_lower", "DROP TRIGGER tr", "DROP VIEW v"),
    MendCase(
      .sqlite,
      [
        "CREATE TABLE p(id INTEGER PRIMARY KEY AUTOINCREMENT, n VARCHAR(20) NOT NULL DEFAULT 'x')",
        """
        CREATE TABLE k(id INTEGER PRIMARY KEY, p_id INTEGER, at TEXT DEFAULT (datetime('now')),
          CONSTRAINT fk FOREIGN KEY(p_id) REFERENCES p(id) ON DELETE CASCADE,
          CONSTRAINT ck CHECK (p_id > 0), UNIQUE (p_id))
        """, "CREATE INDEX k_at ON k(at)",
      ], "DROP TABLE k", "DROP TABLE p"),
    MendCase(
      .sqlite, ["CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, e TEXT COLLATE NOCASE)"],
      "DROP TABLE t", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, e TEXT)"),
    MendCase(
      .sqlite, ["CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, x INT CHECK (x > 5))"],
      "DROP TABLE t", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, x INT)"),
    MendCase(
      .sqlite, ["CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)"],
      "DROP TABLE t", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)"),
    MendCase(
      .sqlite,
      [
        """
        CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'n/a', p INT,
          CONSTRAINT fk FOREIGN KEY(p) REFERENCES t(id) DEFERRABLE INITIALLY DEFERRED)
        """
      ], "DROP TABLE t",
      """
      CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(5), p INT,
        CONSTRAINT fk FOREIGN KEY(p) REFERENCES t(id), CONSTRAINT u UNIQUE (a))
      """),
    MendCase(
      .sqlite, ["CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)"],
      "DROP TABLE t", "CREATE TABLE t(id INT PRIMARY KEY, a TEXT)"),
    MendCase(
      .sqlite, ["CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT) STRICT, WITHOUT ROWID"],
      "DROP TABLE t", "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)"),
  ]

  /// What no name tells apart, and columns that rows would have no value for.
  static let unnamed = [
    MendCase(
      .sqlite,
      [
        """
        CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(9) UNIQUE, p INTEGER REFERENCES t(id), q INTEGER,
          r INTEGER REFERENCES t(id) ON DELETE CASCADE, UNIQUE (p, q), CHECK (p > 1), CHECK (q > 1))
        """
      ], "DROP TABLE t",
      """
      CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(9) UNIQUE, p INTEGER REFERENCES t(id) ON DELETE SET NULL,
        q INTEGER REFERENCES t(id), r INTEGER REFERENCES t(id) ON DELETE CASCADE, UNIQUE (q), CHECK (p > 1),
        CHECK (r > 2))
      """),
    MendCase(
      .sqlite,
      [
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(9), CONSTRAINT u UNIQUE (a), UNIQUE (a, id))"
      ],
      "DROP TABLE t", "CREATE TABLE t(id INTEGER PRIMARY KEY, a VARCHAR(9) UNIQUE)"),
    MendCase(
      .sqlite,
      [
        "CREATE TABLE p(id INTEGER PRIMARY KEY)",
        """
        CREATE TABLE t(id INTEGER PRIMARY KEY, b INTEGER NOT NULL REFERENCES p(id), c NUMERIC(5, 2) NOT NULL,
          CHECK (c > 1))
        """, "CREATE UNIQUE INDEX t_lower ON t(lower(c))",
      ], "DROP TABLE t",
      "CREATE TABLE t(id INTEGER PRIMARY KEY, CHECK (id > 0))"),
  ]

  static let postgresql = [
    MendCase(
      .postgresql, ["CREATE TABLE t(id int, b int NOT NULL, c point NOT NULL)"],
      "ALTER TABLE t DROP b, DROP c"),
    // In alphabetical order each of these would be refused.
    MendCase(
      .postgresql, [], "CREATE TABLE author(id int PRIMARY KEY)",
      "CREATE TABLE book(id int PRIMARY KEY, author_id int REFERENCES author)",
      "CREATE VIEW active AS SELECT id FROM author", "CREATE VIEW report AS SELECT id FROM active",
      "CREATE DOMAIN dm AS int", "CREATE FUNCTION fx(dm) RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "CREATE FOREIGN DATA WRAPPER a", "CREATE SERVER b FOREIGN DATA WRAPPER a",
      "CREATE FOREIGN TABLE c(id int) SERVER b", "CREATE USER MAPPING FOR PUBLIC SERVER b",
      "CREATE USER MAPPING FOR CURRENT_USER SERVER b"),
    MendCase(
      .postgresql, ["CREATE TABLE a(id int PRIMARY KEY)", "CREATE TABLE b(a int REFERENCES a)"],
      "ALTER TABLE a CLUSTER ON a_pkey"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE a(id int PRIMARY KEY, b int)", "CREATE INDEX a_b ON a (b)",
        "ALTER TABLE a CLUSTER ON a_b",
      ], "ALTER TABLE a CLUSTER ON a_pkey"),
    MendCase(
      .postgresql,
      [
        "CREATE SCHEMA app",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC",
      ],
      "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
      "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO PUBLIC",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM PUBLIC",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT UPDATE ON SEQUENCES TO PUBLIC"),
    MendCase(
      .postgresql, [databaseSetting("work_mem TO '5MB'")], databaseSetting("work_mem TO '6MB'"),
      databaseSetting("\"app.name\" TO 'it''s'")),
    // Tables that refer to each other, within a schema and across two.
    MendCase(
      .postgresql, [], "CREATE TABLE a(id int PRIMARY KEY, b int)",
      "CREATE TABLE b(id int PRIMARY KEY, a int REFERENCES a)",
      "ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b", "CREATE SCHEMA app",
      "CREATE TABLE app.c(id int PRIMARY KEY, a int REFERENCES a)",
      "ALTER TABLE a ADD c int REFERENCES app.c"),
    MendCase(
      .postgresql,
      [
        "CREATE TYPE tone AS ENUM ('a', 'z')", "CREATE DOMAIN mood AS tone",
        "CREATE TABLE words(id int PRIMARY KEY, m mood)",
        "CREATE TABLE quotes(id int PRIMARY KEY, word_id int REFERENCES words)",
        "CREATE VIEW young AS SELECT id FROM words", "CREATE VIEW old AS SELECT id FROM young",
      ], "DROP TABLE quotes, words CASCADE", "DROP DOMAIN mood", "DROP TYPE tone"),
    MendCase(
      .postgresql, ["CREATE TYPE tone AS ENUM ('a', 'z')"],
      "ALTER TYPE tone RENAME VALUE 'z' TO 'b'"),
    MendCase(
      .postgresql, ["CREATE TABLE z(id int)"], "CREATE TYPE mood AS ENUM ('a', 'b')",
      "CREATE SEQUENCE s", "CREATE SCHEMA app", "CREATE TABLE app.t(id int PRIMARY KEY)",
      "CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%')", "CREATE TYPE pair AS (a int, b text)"),
    MendCase(
      .postgresql,
      [
        "CREATE DOMAIN d AS text DEFAULT 'a' CHECK (VALUE <> '')",
        "CREATE TYPE m AS ENUM ('a', 'c')",
      ],
      "ALTER DOMAIN d DROP CONSTRAINT d_check", "ALTER DOMAIN d DROP DEFAULT", "DROP TYPE m",
      "ALTER DOMAIN d ADD CONSTRAINT long CHECK (length(VALUE) > 3)",
      "CREATE TYPE m AS ENUM ('a')"),
    MendCase(
      .postgresql, ["CREATE TABLE t(id int PRIMARY KEY, a text)"], "GRANT SELECT ON t TO PUBLIC",
      "GRANT UPDATE (a) ON t TO PUBLIC", "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
      "CREATE POLICY pol ON t USING (id > 0)", "ALTER TABLE t SET (fillfactor = 70)",
      "ALTER TABLE t REPLICA IDENTITY FULL", "ALTER TABLE t SET UNLOGGED",
      "COMMENT ON TABLE t IS 'it''s :here'", "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
      "ALTER TABLE t ALTER id ADD GENERATED BY DEFAULT AS IDENTITY"),
    MendCase(
      .postgresql, ["CREATE TABLE t(id int PRIMARY KEY, a text DEFAULT 'n/a' NOT NULL)"],
      "ALTER TABLE t ALTER a SET DEFAULT ''", "ALTER TABLE t ALTER a DROP NOT NULL",
      "ALTER TABLE t ALTER id TYPE bigint", "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE t(id int PRIMARY KEY, a text, d bool)",
        "CREATE UNIQUE INDEX t_a ON t (lower(a) text_pattern_ops DESC, d) INCLUDE (id) WHERE NOT d",
        "CREATE INDEX t_gin ON t USING gin (to_tsvector('simple', a))",
        "CREATE UNIQUE INDEX u ON t (a) NULLS NOT DISTINCT WITH (fillfactor = 80)",
      ], "DROP INDEX t_a", "DROP INDEX t_gin", "DROP INDEX u"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE p(a int, b int, PRIMARY KEY (a, b))",
        """
        CREATE TABLE k(a int, b int, r int4range,
          CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES p MATCH FULL ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
          CONSTRAINT ex EXCLUDE USING gist (r WITH &&),
          CONSTRAINT ck CHECK (a > 0) NO INHERIT, CONSTRAINT u UNIQUE NULLS NOT DISTINCT (b))
        """,
      ], "ALTER TABLE k DROP CONSTRAINT fk", "ALTER TABLE k DROP CONSTRAINT ex",
      "ALTER TABLE k DROP CONSTRAINT ck", "ALTER TABLE k DROP CONSTRAINT u"),
    MendCase(
      .postgresql,
      [
        "CREATE TYPE mood AS ENUM ('a', 'b')",
        """
        CREATE TABLE "Order"(id serial PRIMARY KEY, m mood DEFAULT 'a', at timestamptz NOT NULL
          DEFAULT now(), n numeric(10,2), g int GENERATED ALWAYS AS (1 + 1) STORED)
        """, "CREATE INDEX ON \"Order\" (at)", "GRANT SELECT ON \"Order\" TO PUBLIC",
        "COMMENT ON COLUMN \"Order\".n IS 'net'",
      ], "DROP TABLE \"Order\"", "DROP TYPE mood"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE t(id int PRIMARY KEY, p int REFERENCES t(id), e text COLLATE \"C\")",
        "CREATE TABLE k(id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t_id int REFERENCES t(id))",
      ], "DROP TABLE k", "DROP TABLE t"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE t(id int PRIMARY KEY, a text)",
        "CREATE VIEW v WITH (security_barrier) AS SELECT id FROM t WHERE id > 0 WITH CHECK OPTION",
        "GRANT SELECT ON v TO PUBLIC", "CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM t",
        "CREATE UNIQUE INDEX mv_i ON mv (id)",
        """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
          SET search_path = pg_catalog AS 'begin
            return new; -- :x
          end'
        """, "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE POLICY pol ON t AS RESTRICTIVE FOR SELECT TO PUBLIC USING (id > 0)",
      ], "DROP VIEW v", "DROP MATERIALIZED VIEW mv", "DROP TRIGGER tr ON t", "DROP FUNCTION f()",
      "DROP POLICY pol ON t"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE t(id int PRIMARY KEY, a text)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return new; end'",
        "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        "CREATE MATERIALIZED VIEW mv AS SELECT id, a FROM t", "CREATE UNIQUE INDEX mv_i ON mv (id)",
      ], "ALTER TABLE t DISABLE TRIGGER tr", "DROP MATERIALIZED VIEW mv",
      "CREATE MATERIALIZED VIEW mv AS SELECT id FROM t",
      "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'begin return old; end'"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE m(d date) PARTITION BY RANGE (d)",
        "CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
      ], "ALTER TABLE m DETACH PARTITION m1"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE t(id serial PRIMARY KEY, a text)",
        "ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER a SET STATISTICS 500",
        "GRANT SELECT (a) ON t TO PUBLIC",
      ], "ALTER TABLE t DROP COLUMN a", "ALTER TABLE t ALTER id DROP DEFAULT",
      "DROP SEQUENCE t_id_seq"),
    MendCase(
      .postgresql, ["CREATE TABLE t(id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int)"],
      "ALTER TABLE t ALTER id SET GENERATED BY DEFAULT",
      "ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a * 2) STORED"),
    // PostgreSQL brings none of these defaults into the other type.
    MendCase(
      .postgresql,
      [
        "CREATE TYPE mood AS ENUM ('p', 'q')", "CREATE TYPE tone AS ENUM ('p', 'z')",
        """
        CREATE TABLE t(a bool DEFAULT false, b bool NOT NULL DEFAULT true, c int DEFAULT 1,
          d mood DEFAULT 'p', e mood DEFAULT 'q', f bigint DEFAULT 7, g bool DEFAULT true)
        """, "INSERT INTO t DEFAULT VALUES",
      ],
      "ALTER TABLE t ALTER a DROP DEFAULT, ALTER b DROP DEFAULT, ALTER c DROP DEFAULT",
      "ALTER TABLE t ALTER d DROP DEFAULT, ALTER e DROP DEFAULT, ALTER g DROP DEFAULT",
      "ALTER TABLE t ALTER a TYPE bigint USING a::int, ALTER b TYPE int USING b::int",
      "ALTER TABLE t ALTER c TYPE varchar(5), ALTER d TYPE varchar(5)",
      "ALTER TABLE t ALTER e TYPE tone USING 'z'::tone, ALTER g TYPE int USING g::int",
      "UPDATE t SET e = 'p'", "ALTER TABLE t ALTER f TYPE int",
      "ALTER TABLE t ALTER a SET DEFAULT 0, ALTER b SET DEFAULT 1, ALTER c SET DEFAULT '1'",
      "ALTER TABLE t ALTER d SET DEFAULT 'p', ALTER e SET DEFAULT 'z'"),
    // A label is used that is added before.
    MendCase(
      .postgresql,
      [
        "CREATE TYPE tone AS ENUM ('a', 'b', 'c')", "CREATE TABLE t(id int, m tone DEFAULT 'b')",
      ], "DROP TABLE t", "DROP TYPE tone", "CREATE TYPE tone AS ENUM ('a')",
      "CREATE TABLE t(id int, m tone DEFAULT 'a')"),
    MendCase(
      .postgresql,
      [
        "CREATE TABLE j(id int GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 5), u uuid)",
        "CREATE TABLE k(id int GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 5) PRIMARY KEY)",
        "CREATE TABLE l(id int, n bigint GENERATED BY DEFAULT AS IDENTITY (START 7 MINVALUE 3 CYCLE))",
        "CREATE TABLE m(id int GENERATED ALWAYS AS IDENTITY (INCREMENT -1 CACHE 5))",
        "CREATE TABLE n(id int GENERATED ALWAYS AS IDENTITY (MAXVALUE 900))",
        "CREATE SEQUENCE s START 9",
        "CREATE SEQUENCE r START 9 MINVALUE 5",
      ], "DROP TABLE j", "DROP TABLE k", "ALTER TABLE l DROP n",
      "ALTER TABLE m ALTER id DROP IDENTITY",
      "DROP TABLE n", "CREATE TABLE n(id int GENERATED ALWAYS AS IDENTITY)",
      "ALTER SEQUENCE s START 1 RESTART", "ALTER SEQUENCE r START 1 MINVALUE 1 RESTART"),
  ]
}
