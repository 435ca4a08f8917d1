import Databases
import Testing
import Walks

/// A statement that was refused for the rows that there are, and what is to be done first.
struct RefusalCase: Sendable, CustomTestStringConvertible {
  let engine: Engine
  let state: String?
  let message: String
  let statement: String
  let mend: String?
  var testDescription: String { statement }

  init(_ engine: Engine, _ state: String?, _ message: String, _ statement: String, _ mend: String?)
  {
    self.engine = engine
    self.state = state
    self.message = message
    self.statement = statement
    self.mend = mend
  }

  var failure: StepFailure {
    StepFailure(
      type: "sqlalchemy.exc.IntegrityError", message: message, sqlState: state,
      statement: statement)
  }

  static let all = [
    RefusalCase(
      .postgresql, "23502", "column \"mood\" of relation \"day\" contains null values",
      "ALTER TABLE app.day ADD COLUMN \"Mood\" TEXT NOT NULL",
      """
      add the column with NULL allowed, fill it, and forbid NULL then:
      op.add_column("day", sa.Column("Mood", …, nullable=True), schema="app")
      op.execute('UPDATE app.day SET "Mood" = …')
      op.alter_column("day", "Mood", nullable=False, schema="app")
      """),
    RefusalCase(
      .postgresql, "23502", "column \"mood\" of relation \"day\" contains null values",
      "ALTER TABLE day ALTER COLUMN mood SET NOT NULL",
      """
      fill the column before NULL is forbidden:
      op.execute("UPDATE day SET mood = … WHERE mood IS NULL")
      """),
    RefusalCase(
      .postgresql, "23502", "null value in column \"mood\" of relation \"day\" violates …",
      "INSERT INTO day (id) VALUES (1)", nil),
    RefusalCase(
      .postgresql, "23505", "could not create unique index \"ix\"",
      "CREATE UNIQUE INDEX ix ON day (mood, note)",
      """
      give rows that have the same values others, or merge them, before the constraint is made; this \
      finds them: SELECT mood, note, count(*) FROM day GROUP BY mood, note HAVING count(*) > 1
      """),
    RefusalCase(
      .postgresql, "23503", "insert or update on table \"day\" violates foreign key constraint",
      "ALTER TABLE day ADD CONSTRAINT fk FOREIGN KEY(a, b) REFERENCES users (id, n) ON DELETE CASCADE",
      """
      mend the rows that point nowhere, or remove them, before the key is added:
      op.execute("DELETE FROM day WHERE a IS NOT NULL AND b IS NOT NULL AND NOT EXISTS \
      (SELECT 1 FROM users p WHERE p.id = day.a AND p.n = day.b)")
      """),
    RefusalCase(
      .postgresql, "23503", "update or delete on table \"users\" violates foreign key constraint",
      "DELETE FROM users", "delete or mend the rows that refer to those that go before these go"),
    RefusalCase(
      .postgresql, "23514", "check constraint \"ck\" of relation \"day\" is violated by some row",
      "ALTER TABLE day ADD CONSTRAINT ck CHECK (mood IN ('a', 'b') AND (n > 0))",
      """
      bring the rows into what the check allows before it is added:
      op.execute("UPDATE day SET … WHERE NOT (mood IN ('a', 'b') AND (n > 0))")
      """),
    RefusalCase(
      .postgresql, "22001", "value too long for type character varying(3)",
      "ALTER TABLE day ALTER COLUMN mood TYPE VARCHAR(3)",
      """
      cut or move what is too long before the type is changed:
      op.execute("UPDATE day SET mood = left(mood, 3) WHERE length(mood) > 3")
      """),
    RefusalCase(
      .postgresql, "22P02", "invalid input syntax for type integer: \"n/a\"",
      "ALTER TABLE day ALTER COLUMN mood TYPE INTEGER USING mood::integer",
      """
      mend the values that are no integer first, or say how to convert them: \
      postgresql_using="CASE WHEN … THEN mood::integer END"
      """),
    RefusalCase(
      .sqlite, nil, "Cannot add a NOT NULL column with default value NULL",
      "ALTER TABLE day ADD COLUMN mood TEXT NOT NULL",
      """
      give the column a server_default, or add it with NULL allowed, fill it, and forbid NULL then:
      op.add_column("day", sa.Column("mood", …, nullable=True))
      op.execute("UPDATE day SET mood = …")
      with op.batch_alter_table("day") as batch_op:
          batch_op.alter_column("mood", nullable=False)
      """),
    RefusalCase(
      .sqlite, nil, "Cannot add a column with non-constant default",
      "ALTER TABLE day ADD COLUMN at TEXT DEFAULT (datetime('now'))",
      """
      add the column without the default, fill it, and give it the default then:
      op.add_column("day", sa.Column("at", …, nullable=True))
      op.execute("UPDATE day SET at = …")
      with op.batch_alter_table("day") as batch_op:
          batch_op.alter_column("at", server_default=sa.text("…"))
      """),
    RefusalCase(
      .sqlite, nil, "NOT NULL constraint failed: _alembic_tmp_day.mood",
      "INSERT INTO _alembic_tmp_day (id, mood) SELECT day.id, day.mood FROM day",
      """
      fill the column before NULL is forbidden:
      op.execute("UPDATE day SET mood = … WHERE mood IS NULL")
      """),
    RefusalCase(
      .sqlite, nil, "NOT NULL constraint failed: day2.mood",
      "INSERT INTO day2\nSELECT * FROM day",
      "copy a value where there is NULL: coalesce(mood, …) in the SELECT"),
    RefusalCase(
      .sqlite, nil, "UNIQUE constraint failed: _alembic_tmp_day.mood, _alembic_tmp_day.n",
      "INSERT INTO _alembic_tmp_day (id, mood, n) SELECT day.id, day.mood, day.n FROM day",
      """
      give rows that have the same values others, or merge them, before the constraint is made; this \
      finds them: SELECT mood, n, count(*) FROM day GROUP BY mood, n HAVING count(*) > 1
      """),
    RefusalCase(
      .postgresql, "55006",
      "cannot ALTER TABLE \"day\" because it has pending trigger events",
      "ALTER TABLE day ALTER COLUMN n TYPE BIGINT",
      """
      have deferred constraints checked after the last statement that writes to the table and before \
      this one, or move one of them to a revision with a transaction of its own:
      op.execute("SET CONSTRAINTS ALL IMMEDIATE")
      """),
    RefusalCase(
      .sqlite, nil, "UNIQUE constraint failed: day.mood", "INSERT INTO day VALUES (1, 'a')", nil),
  ]
}
