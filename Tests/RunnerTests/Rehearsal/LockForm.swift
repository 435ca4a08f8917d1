import Walks

/// A form of a statement that changes a table, with the locks that PostgreSQL's documentation says it
/// takes and whether it writes the table anew.
struct LockForm {
  /// `T` is the form's own table, `U` another one.
  let statement: String
  /// Beside a table of three rows with the columns id, n, v, w, x, d and ts.
  let setup: String
  let lock: LockMode
  /// Of the other table; nil where it is not locked.
  let other: LockMode?
  let isRewritten: Bool
  let isOutsideOfTransaction: Bool

  init(
    _ statement: String, _ lock: LockMode, other: LockMode? = nil, rewrites: Bool = false,
    after setup: String = "", outsideOfTransaction: Bool = false
  ) {
    self.statement = statement
    self.setup = setup
    self.lock = lock
    self.other = other
    isRewritten = rewrites
    isOutsideOfTransaction = outsideOfTransaction
  }

  /// The statements of one form with its tables' names, by its number.
  static func named(_ text: String, _ number: Int) -> String {
    text.replacing("[T]", with: "t\(number)")
      .replacing("[U]", with: "u\(number)")
  }

  /// <https://www.postgresql.org/docs/15/sql-altertable.html> and the pages of the other statements.
  static let all: [LockForm] = [
    LockForm("ALTER TABLE [T] ADD COLUMN c int", .accessExclusive),
    LockForm("ALTER TABLE [T] ADD COLUMN c int DEFAULT 1", .accessExclusive),
    LockForm("ALTER TABLE [T] ADD COLUMN c int NOT NULL DEFAULT 1", .accessExclusive),
    LockForm("ALTER TABLE [T] ADD COLUMN c timestamptz DEFAULT now()", .accessExclusive),
    LockForm(
      "ALTER TABLE [T] ADD COLUMN c float DEFAULT random()", .accessExclusive, rewrites: true),
    LockForm(
      "ALTER TABLE [T] ADD COLUMN c uuid DEFAULT gen_random_uuid()", .accessExclusive,
      rewrites: true),
    LockForm(
      "ALTER TABLE [T] ADD COLUMN c timestamptz DEFAULT clock_timestamp()", .accessExclusive,
      rewrites: true),
    LockForm("ALTER TABLE [T] ADD COLUMN c serial", .accessExclusive, rewrites: true),
    LockForm(
      "ALTER TABLE [T] ADD COLUMN c int GENERATED ALWAYS AS IDENTITY", .accessExclusive,
      rewrites: true),
    LockForm(
      "ALTER TABLE [T] ADD COLUMN c int GENERATED ALWAYS AS (n + 1) STORED", .accessExclusive,
      rewrites: true),
    LockForm("ALTER TABLE [T] DROP COLUMN n", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER v TYPE varchar(40)", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER v TYPE varchar(10)", .accessExclusive, rewrites: true),
    LockForm("ALTER TABLE [T] ALTER v TYPE text", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER n TYPE bigint", .accessExclusive, rewrites: true),
    LockForm("ALTER TABLE [T] ALTER w TYPE jsonb USING w::jsonb", .accessExclusive, rewrites: true),
    LockForm("ALTER TABLE [T] ALTER d TYPE numeric(12, 2)", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER d TYPE numeric(12, 3)", .accessExclusive, rewrites: true),
    // The server's clock is not UTC's.
    LockForm("ALTER TABLE [T] ALTER ts TYPE timestamptz", .accessExclusive, rewrites: true),
    LockForm("ALTER TABLE [T] ALTER n SET DEFAULT 4", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER x DROP DEFAULT", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER n SET NOT NULL", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER x DROP NOT NULL", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER n SET STATISTICS 50", .shareUpdateExclusive),
    LockForm("ALTER TABLE [T] ALTER n SET (n_distinct = 5)", .shareUpdateExclusive),
    LockForm("ALTER TABLE [T] ALTER w SET STORAGE EXTERNAL", .accessExclusive),
    LockForm("ALTER TABLE [T] ALTER w SET COMPRESSION pglz", .accessExclusive),
    LockForm("ALTER TABLE [T] ADD CHECK (n > 0)", .accessExclusive),
    LockForm("ALTER TABLE [T] ADD CHECK (n > 0) NOT VALID", .accessExclusive),
    LockForm(
      "ALTER TABLE [T] VALIDATE CONSTRAINT ck", .shareUpdateExclusive,
      after: "ALTER TABLE [T] ADD CONSTRAINT ck CHECK (n > 0) NOT VALID"),
    LockForm(
      "ALTER TABLE [T] ADD FOREIGN KEY (n) REFERENCES [U]", .shareRowExclusive,
      other: .shareRowExclusive),
    LockForm(
      "ALTER TABLE [T] ADD FOREIGN KEY (n) REFERENCES [U] NOT VALID", .shareRowExclusive,
      other: .shareRowExclusive),
    LockForm(
      "ALTER TABLE [T] VALIDATE CONSTRAINT fk", .shareUpdateExclusive, other: .rowShare,
      after: "ALTER TABLE [T] ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES [U] NOT VALID"),
    LockForm(
      "ALTER TABLE [T] DROP CONSTRAINT fk", .accessExclusive, other: .accessExclusive,
      after: "ALTER TABLE [T] ADD CONSTRAINT fk FOREIGN KEY (n) REFERENCES [U]"),
    LockForm("ALTER TABLE [T] ADD PRIMARY KEY (id)", .accessExclusive),
    LockForm("ALTER TABLE [T] ADD UNIQUE (n)", .accessExclusive),
    LockForm(
      "ALTER TABLE [T] ADD UNIQUE USING INDEX [T]_i", .accessExclusive,
      after: "CREATE UNIQUE INDEX [T]_i ON [T] (n)"),
    LockForm("ALTER TABLE [T] ADD EXCLUDE USING btree (n WITH =)", .accessExclusive),
    LockForm(
      "ALTER TABLE [T] DROP CONSTRAINT ck", .accessExclusive,
      after: "ALTER TABLE [T] ADD CONSTRAINT ck CHECK (n > 0)"),
    LockForm("ALTER TABLE [T] RENAME COLUMN n TO m", .accessExclusive),
    LockForm("ALTER TABLE [T] RENAME TO [T]_renamed", .accessExclusive),
    LockForm(
      "ALTER TABLE [T] RENAME CONSTRAINT ck TO kc", .accessExclusive,
      after: "ALTER TABLE [T] ADD CONSTRAINT ck CHECK (n > 0)"),
    LockForm("ALTER TABLE [T] SET (fillfactor = 70)", .shareUpdateExclusive),
    LockForm("ALTER TABLE [T] SET (autovacuum_enabled = off)", .shareUpdateExclusive),
    LockForm(
      "ALTER TABLE [T] CLUSTER ON [T]_i", .shareUpdateExclusive,
      after: "CREATE INDEX [T]_i ON [T] (n)"),
    LockForm("ALTER TABLE [T] SET WITHOUT CLUSTER", .shareUpdateExclusive),
    LockForm("ALTER TABLE [T] SET UNLOGGED", .accessExclusive, rewrites: true),
    LockForm(
      "ALTER TABLE [T] SET LOGGED", .accessExclusive, rewrites: true,
      after: "ALTER TABLE [T] SET UNLOGGED"),
    LockForm("ALTER TABLE [T] ENABLE ROW LEVEL SECURITY", .accessExclusive),
    LockForm("ALTER TABLE [T] REPLICA IDENTITY FULL", .accessExclusive),
    LockForm("ALTER TABLE [T] OWNER TO CURRENT_USER", .accessExclusive),
    LockForm("ALTER TABLE [T] SET SCHEMA elsewhere", .accessExclusive),
    LockForm("ALTER TABLE [T] INHERIT [U]", .accessExclusive, other: .shareUpdateExclusive),
    LockForm(
      "ALTER TABLE [T]_p ATTACH PARTITION [T] DEFAULT", .accessExclusive,
      after: "CREATE TABLE [T]_p (LIKE [T]) PARTITION BY LIST (n)"),
    LockForm("ALTER TABLE [T] DISABLE TRIGGER USER", .shareRowExclusive),
    LockForm(
      "CREATE TRIGGER tr BEFORE UPDATE ON [T] FOR EACH ROW EXECUTE FUNCTION"
        + " suppress_redundant_updates_trigger()", .shareRowExclusive),
    LockForm(
      "DROP TRIGGER tr ON [T]", .accessExclusive,
      after: "CREATE TRIGGER tr BEFORE UPDATE ON [T] FOR EACH ROW EXECUTE FUNCTION"
        + " suppress_redundant_updates_trigger()"),
    LockForm("CREATE INDEX ON [T] (n)", .share),
    LockForm("CREATE UNIQUE INDEX ON [T] (n)", .share),
    LockForm(
      "CREATE INDEX CONCURRENTLY ON [T] (n)", .shareUpdateExclusive,
      after: "INSERT INTO [T] (n) SELECT generate_series(4, 30000)", outsideOfTransaction: true),
    LockForm("DROP INDEX [T]_i", .accessExclusive, after: "CREATE INDEX [T]_i ON [T] (n)"),
    LockForm("REINDEX TABLE [T]", .share, after: "CREATE INDEX [T]_i ON [T] (n)"),
    LockForm("CREATE STATISTICS [T]_s ON n, v FROM [T]", .shareUpdateExclusive),
    LockForm("ANALYZE [T]", .shareUpdateExclusive),
    LockForm("TRUNCATE [T]", .accessExclusive, rewrites: true),
    LockForm(
      "CLUSTER [T] USING [T]_i", .accessExclusive, rewrites: true,
      after: "CREATE INDEX [T]_i ON [T] (n)"),
    LockForm(
      "VACUUM FULL [T]", .accessExclusive, rewrites: true,
      after: "INSERT INTO [T] (n) SELECT generate_series(4, 30000)", outsideOfTransaction: true),
    LockForm(
      "CLUSTER [T] USING [T]_i", .accessExclusive, rewrites: true,
      after: "CREATE INDEX [T]_i ON [T] (n)", outsideOfTransaction: true),
    LockForm(
      "REINDEX TABLE [T]", .share, after: "CREATE INDEX [T]_i ON [T] (n)",
      outsideOfTransaction: true),
    LockForm(
      "REINDEX TABLE CONCURRENTLY [T]", .shareUpdateExclusive,
      after: "CREATE INDEX [T]_i ON [T] (n)", outsideOfTransaction: true),
    LockForm(
      "DROP INDEX CONCURRENTLY [T]_i", .shareUpdateExclusive,
      after: "CREATE INDEX [T]_i ON [T] (n)", outsideOfTransaction: true),
    LockForm(
      "ALTER TABLE [T] ALTER n TYPE bigint", .accessExclusive, rewrites: true,
      outsideOfTransaction: true),
    LockForm(
      "ALTER TABLE [T] ADD FOREIGN KEY (n) REFERENCES [U]", .shareRowExclusive,
      other: .shareRowExclusive, outsideOfTransaction: true),
    LockForm("TRUNCATE [T]", .accessExclusive, rewrites: true, outsideOfTransaction: true),
    LockForm("UPDATE [T] SET n = n + 1", .rowExclusive, outsideOfTransaction: true),
    LockForm("SELECT n FROM [T] FOR UPDATE", .rowShare, outsideOfTransaction: true),
    LockForm("CREATE RULE r AS ON DELETE TO [T] DO INSTEAD NOTHING", .accessExclusive),
    LockForm("CREATE POLICY p ON [T]", .accessExclusive),
    LockForm("COMMENT ON TABLE [T] IS 'x'", .shareUpdateExclusive),
    LockForm("COMMENT ON COLUMN [T].n IS 'x'", .shareUpdateExclusive),
    LockForm("LOCK TABLE [T] IN EXCLUSIVE MODE", .exclusive),
    LockForm("DROP TABLE [T]", .accessExclusive),
    LockForm("UPDATE [T] SET n = n + 1", .rowExclusive),
    LockForm("INSERT INTO [T] (n) SELECT id FROM [U]", .rowExclusive, other: .accessShare),
    LockForm("SELECT n FROM [T] FOR UPDATE", .rowShare),
    LockForm("SELECT n FROM [T]", .accessShare),
  ]
}
