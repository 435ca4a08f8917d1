import Databases
import Testing

/// Tables that no row fits into, and what is said of them.
struct HopelessCase: Sendable, CustomTestStringConvertible {
  let title: String
  let engine: Engine
  let script: String
  let expected: [String]
  var isReadable = true

  var testDescription: String { title }

  static let all: [HopelessCase] = [
    HopelessCase(
      title: "a contradiction", engine: .postgresql,
      script: "CREATE TABLE t (a int NOT NULL, CONSTRAINT odd CHECK (a > 5 AND a < 5))",
      expected: [
        "t: no values were found that satisfy the check constraint \"odd\" ((a > 5) AND (a < 5))"
      ]),
    HopelessCase(
      title: "a contradiction in SQLite", engine: .sqlite,
      script: "CREATE TABLE t (a INT NOT NULL CHECK (a IS NULL))",
      expected: ["t: no values were found that satisfy the check a IS NULL"]),
    HopelessCase(
      title: "a table beneath", engine: .postgresql,
      script: """
        CREATE TABLE a (id int PRIMARY KEY CHECK (false));
        CREATE TABLE b (a int NOT NULL REFERENCES a); CREATE TABLE c (a int REFERENCES a);
        """,
      expected: [
        "a: no values were found that satisfy the check constraint \"a_check\" false",
        "b: its column a must point to a row of a, which has none",
      ]),
    HopelessCase(
      title: "no partition", engine: .postgresql,
      script: "CREATE TABLE t (a int) PARTITION BY RANGE (a)",
      expected: ["t: it is partitioned and has no partition that would take a row"]),
    HopelessCase(
      title: "a trigger", engine: .postgresql,
      script: """
        CREATE TABLE t (a int); CREATE TABLE u (a int);
        CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'never'; END $$;
        CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION no();
        """,
      expected: ["t: PostgreSQL refused its rows: never"]),
    HopelessCase(
      title: "a function that nobody knows", engine: .postgresql,
      script: """
        CREATE FUNCTION never(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT false';
        CREATE TABLE t (a int NOT NULL CONSTRAINT odd CHECK (never(a)));
        CREATE TABLE u (id int PRIMARY KEY CHECK (never(id))); CREATE TABLE v (u int REFERENCES u);
        """,
      expected: [
        "t: PostgreSQL refused its rows: new row for relation \"t\" violates check constraint \"odd\"",
        "u: PostgreSQL refused its rows: new row for relation \"u\" violates check constraint \"u_id_check\"",
      ]),
    HopelessCase(
      title: "a type that nobody knows", engine: .postgresql,
      script: "CREATE TABLE t (a txid_snapshot NOT NULL, b pg_ndistinct NOT NULL)",
      expected: ["t: no value is known for its column b of the type pg_ndistinct"]),
    HopelessCase(
      title: "a reference to nothing", engine: .sqlite,
      script: "CREATE TABLE t (a INT REFERENCES missing (id))",
      expected: ["t: its foreign key (a) refers to \"missing\", which is no table"]),
    HopelessCase(
      title: "a reference that fits no key", engine: .sqlite,
      script: "CREATE TABLE p (a INT); CREATE TABLE t (a INT REFERENCES p (a))",
      expected: [
        "t: its foreign key (a) refers to columns of \"p\" that are neither its primary key nor unique"
      ]),
    HopelessCase(
      title: "a virtual table", engine: .sqlite, script: "CREATE VIRTUAL TABLE t USING fts5(a)",
      expected: ["t: it is a virtual table of fts5"]),
    HopelessCase(
      title: "a trigger of SQLite", engine: .sqlite,
      script: """
        CREATE TABLE t (a TEXT);
        CREATE TRIGGER no BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'never'); END;
        """,
      expected: ["t: SQLite refused its rows: never"]),
  ]
}
