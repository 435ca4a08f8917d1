import Formats
import Platform
import Testing

/// What `model-drift` proposes, run as it stands in a further revision.
@Suite struct ProposalTests {
  @Test(arguments: ProposalCase.all)
  func `what is proposed makes what the models say`(_ one: ProposalCase) throws {
    let project = try one.project()
    let before = try verify(project, one)
    let findings = try findings(project).filter { $0.rule == "model-drift" }
    #expect(!findings.isEmpty, "\(before.output)")
    for wanted in one.proposed {
      #expect(findings.contains { $0.fix?.contains(wanted) == true }, "\(before.output)")
    }
    try propose(findings, in: project)
    let after = try verify(project, one)
    let text = try Files.text(of: project.path / "migrations/versions/4d.py")
    for rule in ["[model-drift]", "[upgrade-fails]", "cannot be"] {
      #expect(!after.output.contains(rule), "\(after.output)\n\(text)")
    }
  }

  /// Dropping the column copies the table, of which Alembic reads neither these checks nor the trigger.
  @Test func `what is proposed for a missing downgrade loses nothing else`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: """
        op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT, CHECK (a <> ''))")
            op.execute("CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END")
            op.execute("CREATE INDEX t_a ON t (lower(a))")
        """, down: "op.execute('DROP TABLE t')")
    let up = "op.execute('ALTER TABLE t ADD COLUMN b INTEGER')"
    try project.addRevision("4d", after: "3c", up: up, down: "raise NotImplementedError()")
    let arguments = try [
      "verify", "--engine", "sqlite", "--rows", "none", "--python", Stairway.python().text,
    ]
    let before = try project.stairway().run(arguments)
    let found = try findings(project)
    let finding = found.first { $0.rule == "missing-downgrade" }
    let fix = try #require(finding?.fix, Comment(rawValue: before.output))
    try project.addRevision(
      "4d", after: "3c", up: "import sqlalchemy as sa\n    " + up,
      down: "import sqlalchemy as sa\n    " + fix.replacing("\n", with: "\n    "))
    let after = try project.stairway().run(arguments)
    #expect(after.status == 0, "\(after.output)\n\(fix)")
  }

  private struct Report: Decodable {
    let findings: [Finding]

    struct Finding: Decodable {
      let rule: String
      let engine: String?
      let fix: String?
    }
  }

  private func verify(_ project: SampleProject, _ one: ProposalCase) throws -> Stairway.Answer {
    try project.stairway().run(
      ["verify", "--rows", "none", "--python", Stairway.python().text]
        + one.engines.flatMap { ["--engine", $0] })
  }

  private func findings(_ project: SampleProject) throws -> [Report.Finding] {
    let text = try Files.text(of: project.path / "reports/report.json")
    return try JSONText.decode(Report.self, from: text, name: "report.json").findings
  }

  /// Writes a revision that does on each engine what was proposed for it.
  private func propose(_ findings: [Report.Finding], in project: SampleProject) throws {
    let bodies = ["sqlite", "postgresql"].map { engine in
      let all = findings.filter { $0.engine == engine }.compactMap(\.fix)
      // What waits for others says so.
      let own = all.filter { !$0.contains("# after") } + all.filter { $0.contains("# after") }
      let lines = own.flatMap { $0.split(separator: "\n").map(String.init) }
      return "    if op.get_bind().dialect.name == \"\(engine)\":\n"
        + (lines + ["pass"]).map { "        \($0)\n" }.joined()
    }
    try project.folder.write(
      """
      import sqlalchemy as sa
      from alembic import op

      revision, down_revision = "4d", "3c"


      def upgrade():
      \(bodies.joined(separator: "\n"))

      def downgrade():
          pass
      """, to: "migrations/versions/4d.py")
  }
}

/// Models, and a history that made something else.
struct ProposalCase: Sendable, CustomTestStringConvertible {
  let about: String
  var engines = ["sqlite", "postgresql"]
  let models: String
  /// What the history makes, as lines of a revision.
  let migrated: [String]
  /// What the proposals say among other things.
  var proposed: [String] = []

  var testDescription: String { about }

  static let all = [
    ProposalCase(
      about: "types of the project that are another one on each engine",
      models: """
        sa.Table("keys", metadata, sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("made", types.GUID(), nullable=True))
        sa.Table("new", metadata, sa.Column("id", types.GUID(), primary_key=True),
            sa.Column("price", types.Money("USD")), sa.Column("at", sa.DateTime, server_default=sa.func.now()),
            sa.Column("is_on", sa.Boolean, server_default=sa.false(), nullable=False))
        """,
      migrated: ["op.create_table('keys', sa.Column('id', sa.Integer, primary_key=True))"],
      proposed: ["import types_of_mine", "sa.Numeric(precision=12, scale=2)", "sa.func.now()"]),
    ProposalCase(
      about: "a column that becomes another type on each engine",
      models: """
        sa.Table("notes", metadata, sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
            sa.Column("key", types.GUID()), sa.Column("price", types.Money()))
        """,
      migrated: [
        "op.create_table('notes', sa.Column('id', sa.Integer, primary_key=True), "
          + "sa.Column('body', sa.Text), sa.Column('key', sa.Text), sa.Column('price', sa.Text))"
      ],
      proposed: ["from sqlalchemy.dialects import postgresql", "import types_of_mine"]),
    ProposalCase(
      about: "a key between two new tables, and columns that rows have no value for",
      models: """
        sa.Table("bills", metadata, sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("payer", sa.ForeignKey("payers.id"), nullable=False),
            sa.Column("price", types.Money(), nullable=False), sa.Column("key", types.GUID(), nullable=False))
        sa.Table("parts", metadata, sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("maker", sa.ForeignKey("payers.id")))
        sa.Table("payers", metadata, sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("made", types.GUID()))
        """,
      migrated: ["op.create_table('bills', sa.Column('id', sa.Integer, primary_key=True))"],
      proposed: ["# after the operations for table payers", "# where there are rows: op.execute("]),
    ProposalCase(
      about: "constraints without a name", engines: ["sqlite"],
      models: """
        metadata.naming_convention = {"uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}
        sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.String(20), unique=True),
            sa.Column("b", sa.Integer, sa.ForeignKey("p.id", ondelete="CASCADE")),
            sa.Column("c", sa.Integer), sa.Column("d", sa.Integer), sa.CheckConstraint("c > 1"))
        """,
      migrated: [
        "op.execute('CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY)')",
        "op.execute('CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(20) UNIQUE, b INTEGER '"
          + "'REFERENCES p(id), c INTEGER REFERENCES p(id), d INTEGER UNIQUE, CHECK (c > 1), '"
          + "'CHECK (d > 3))')",
      ], proposed: ["naming_convention={", "drop_constraint(\"uq_t_d\", type_=\"unique\")"]),
  ]

  private static let types = """
    import sqlalchemy as sa
    from sqlalchemy.dialects import postgresql


    class GUID(sa.types.TypeDecorator):
        impl = sa.CHAR(32)
        cache_ok = True

        def load_dialect_impl(self, dialect):
            return dialect.type_descriptor(
                postgresql.UUID() if dialect.name == "postgresql" else sa.CHAR(32))


    class Money(sa.types.TypeDecorator):
        impl = sa.Numeric
        cache_ok = True

        def __init__(self, currency="EUR"):
            super().__init__(12, 2)
            self.currency = currency
    """

  func project() throws -> SampleProject {
    let project = try SampleProject()
    try project.folder.write(Self.types, to: "types_of_mine.py")
    try project.folder.write(
      """
      import sqlalchemy as sa
      from sqlalchemy.dialects import postgresql
      import types_of_mine as types

      metadata = sa.MetaData()
      for name in ("one", "two"):
          sa.Table(name, metadata, sa.Column("id", sa.Integer))
      \(models)
      """, to: "models.py")
    try project.addRevision(
      "3c", after: "2b",
      up: (["import sqlalchemy as sa"] + migrated).joined(separator: "\n    "), down: "pass")
    let environment = SampleProject.environment.replacing(
      "config = context.config", with: "from models import metadata\nconfig = context.config"
    ).replacing("connection=connection)", with: "connection=connection, target_metadata=metadata)")
    try project.folder.write(environment, to: "migrations/env.py")
    return project
  }
}
