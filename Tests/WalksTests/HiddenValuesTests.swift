import Databases
import Testing
import Walks

@Suite struct HiddenValuesTests {
  @Test(arguments: [
    (
      #"invalid input syntax for type integer: "s3cretAge""#,
      #"invalid input syntax for type integer: "…""#
    ),
    (
      "duplicate key value violates unique constraint \"uq_users_email\"\nDETAIL:  Key (email)=(ann@x.org) already exists.",
      "duplicate key value violates unique constraint \"uq_users_email\"\nDETAIL:  Key (email)=(…) already exists."
    ),
    (
      "null value in column \"email\"\nDETAIL:  Failing row contains (1, O'Neil (senior), null).",
      "null value in column \"email\"\nDETAIL:  Failing row contains (…)."
    ),
    (
      "UPDATE users SET email = 'it''s me' WHERE id IN (1, 2)",
      "UPDATE users SET email = '…' WHERE id IN (1, 2)"
    ),
    ("unterminated 'rest of it", "unterminated '…"),
    (
      "Key (email)=(ann) (home)) already exists.\nCONTEXT: x",
      "Key (email)=(…) already exists.\nCONTEXT: x"
    ),
    (
      "Key (c)=([1,5)) conflicts with existing key (c)=([2,9)).",
      "Key (c)=(…) conflicts with existing key (c)=(…)."
    ),
    ("Failing row contains (1, two\nlines).\n", "Failing row contains (…).\n"),
    (
      "invalid input syntax for type integer: \"12\" inch\"\nCONTEXT:  COPY users, line 3",
      "invalid input syntax for type integer: \"…\"\nCONTEXT:  COPY users, line 3"
    ),
    (
      "syntax error at or near \"ann\"\nLINE 1: ...x@y.org', 'it is'ann\n                    ^",
      "syntax error at or near \"…\"\nLINE 1: …"
    ),
    (
      "invalid input syntax for type json\nCONTEXT:  JSON data, line 1: {ann: 3",
      "invalid input syntax for type json\nCONTEXT:  JSON data, line 1: …"
    ),
    (
      "column \"mood\" of relation \"people\" does not exist",
      "column \"mood\" of relation \"people\" does not exist"
    ),
    ("UNIQUE constraint failed: users.email", "UNIQUE constraint failed: users.email"),
  ])
  func `what is quoted is hidden, unless it names something`(_ text: String, _ shown: String) {
    #expect(HiddenValues.hide(in: text) { ["uq_users_email", "email"].contains($0) } == shown)
  }

  private let hiding = ValueHiding(on: .postgresql, keeping: [], because: .option)

  @Test func `an exception of the application's may say anything`() {
    let raised = StepFailure(type: "builtins.ValueError", message: "no age: s3cretAge")
    #expect(hiding.hidden(raised).message == "its message is hidden (--redact)")
    let production = ValueHiding(on: .postgresql, keeping: [], because: .production)
    #expect(
      production.hidden(raised).message
        == "its message is hidden (it may hold values of production)")
    let refused = StepFailure(
      type: "sqlalchemy.exc.IntegrityError", message: "UNIQUE constraint failed: users.email")
    #expect(hiding.hidden(refused) == refused)
  }

  @Test func `what stands in the line that raised it is no value`() {
    func raised(_ message: String) -> StepFailure {
      StepFailure(
        type: "builtins.RuntimeError", message: message,
        frames: [Frame(file: "2b.py", line: 7, code: "raise RuntimeError(\"mend the rows first\")")]
      )
    }
    #expect(hiding.hidden(raised("mend the rows first")) == raised("mend the rows first"))
    #expect(hiding.hidden(raised("ann@x.org")).message == "its message is hidden (--redact)")
  }

  @Test(arguments: [
    (
      "UPDATE users SET age = 41, email = 'it''s me' WHERE id2 IN ($1, %(id)s, ?, -1.5e3)",
      "UPDATE users SET age = …, email = '…' WHERE id2 IN ($1, %(id)s, ?, -…)"
    ),
    (
      "ALTER TABLE t ADD c NUMERIC(10, 2) DEFAULT 7, ADD d VARCHAR (30) DEFAULT (8)",
      "ALTER TABLE t ADD c NUMERIC(10, 2) DEFAULT …, ADD d VARCHAR (30) DEFAULT (…)"
    ),
    (#"SELECT E'a\'b', "email", "ann", `ann`"#, #"SELECT E'…', "email", "…", `…`"#),
    ("SELECT 1 -- of ann\n, x /* ann */ FROM t", "SELECT … --…\n, x /*…*/ FROM t"),
    ("SELECT $$ann$$, $q$ann $$ $q$", "SELECT $$…$$, $q$…$q$"),
    (
      "DO $$ BEGIN UPDATE t SET a = 'ann'; END $$", "DO $$ BEGIN UPDATE t SET a = '…'; END $$"
    ),
    ("SELECT 'never ends", "SELECT '…'"),
  ])
  func `literals of SQL are hidden, names and lengths stay`(_ sql: String, _ shown: String) {
    #expect(HiddenLiterals.hide(in: sql) { $0 == "email" } == shown)
  }

  @Test(arguments: [
    (
      #"op.execute(f"UPDATE users SET email = 'ann', age = {age} WHERE id = 7")  # ann"#,
      #"op.execute(f"UPDATE users SET email = '…', age = {age} WHERE id = …")  #…"#
    ),
    ("op.execute('UPDATE users SET age = 41')", "op.execute('UPDATE users SET age = …')"),
    (#"users.insert().values(email="ann", age=41)"#, #"users.insert().values(email="…", age=…)"#),
    (
      #"op.add_column("email", sa.Column('x', sa.String(50), server_default="a\"b"))"#,
      #"op.add_column("email", sa.Column('…', sa.String(50), server_default="…"))"#
    ),
    (#"op.execute("""INSERT INTO t"#, #"op.execute("""INSERT INTO t"#),
    ("VALUES (1, 'ann') -- ann", "VALUES (…, '…') --…"),
    ("x = 'never ends", "x = '…"),
  ])
  func `literals of code are hidden, names and SQL stay`(_ code: String, _ shown: String) {
    #expect(HiddenLiterals.hide(inCode: code) { $0 == "email" } == shown)
    let failure = StepFailure(
      type: "sqlite3.Error", message: "", frames: [Frame(file: "f", line: 1, code: code)])
    let hiding = ValueHiding(on: .sqlite, keeping: ["email"], because: .option)
    #expect(hiding.hidden(failure).frames.map(\.code) == [shown])
  }

  @Test func `of a statement its line, its time and its shape stay`() {
    let statement = Statement(
      sql: "UPDATE t SET a = 'ann'", duration: 2,
      notices: ["NOTICE:  hello ann", "NOTICE:  identifier \"x\" will be truncated to \"y\""],
      error: "ann is taken", line: 7)
    #expect(
      hiding.hidden(statement)
        == Statement(
          sql: "UPDATE t SET a = '…'", duration: 2,
          notices: [
            "a notice is hidden (--redact)",
            "NOTICE:  identifier \"x\" will be truncated to \"y\"",
          ], error: "its message is hidden (--redact)", line: 7))
  }
}
