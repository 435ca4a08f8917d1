import Databases
import Schemas
import Testing
import Walks

@testable import Projects

@Suite struct AlignmentTests {
  private let column = ObjectID(.column, ["users", "email"])

  private func object(
    _ kind: ObjectKind, _ name: Identifier, _ properties: [PropertyName: PropertyValue],
    schema: Identifier? = "public"
  ) -> SchemaObject {
    SchemaObject(ObjectID(kind, schema: schema, ["users", name]), properties)
  }

  private func lines(_ divergence: Divergence, _ engine: Engine) -> [String]? {
    AlembicOperations().aligning(divergence, on: engine)?.split(separator: "\n").map(String.init)
  }

  @Test func `a constraint that SQLite lacks is made in a batch`() {
    let unique = object(
      .constraint, "uq_email", [.constraintType: .text("UNIQUE"), .columns: .list(["email"])])
    let divergence = Divergence(
      column, .unique, sqlite: nil, postgresql: "UNIQUE (email)", columns: ["email"],
      onPostgreSQL: unique)
    #expect(
      lines(divergence, .sqlite) == [
        "if op.get_bind().dialect.name == \"sqlite\":",
        "    with op.batch_alter_table(\"users\") as batch_op:",
        "        batch_op.create_unique_constraint(\"uq_email\", [\"email\"])",
      ])
  }

  @Test func `a constraint without a name gets one on PostgreSQL`() {
    let key = object(
      .constraint, "FOREIGN KEY (team_id) REFERENCES teams",
      [
        .constraintType: .text("FOREIGN KEY"), .columns: .list(["team_id"]),
        .referencedTable: .text("teams"), .referencedColumns: .list(["id"]),
        .onDelete: .text("CASCADE"), "unnamed": .flag(true),
      ], schema: nil)
    let divergence = Divergence(
      ObjectID(.column, ["users", "team_id"]), .foreignKey, sqlite: "FOREIGN KEY", postgresql: nil,
      columns: ["team_id"], onSQLite: key)
    #expect(
      lines(divergence, .postgresql) == [
        "if op.get_bind().dialect.name == \"postgresql\":",
        "    op.create_foreign_key(\"fk_users_team_id\", \"users\", \"teams\", [\"team_id\"], [\"id\"], "
          + "ondelete=\"CASCADE\")",
      ])
  }

  @Test func `a column is given the other engine's type, nullability or default`() {
    let own = object(
      .column, "email", [.type: .text("VARCHAR(20)"), .defaultValue: .text("'a'")], schema: nil)
    let other = object(
      .column, "email",
      [
        .type: .text("character varying(50)"), .notNull: .flag(true),
        .defaultValue: .text("'b'::character varying"),
      ])
    func call(_ aspect: Divergence.Aspect) -> String? {
      lines(
        Divergence(
          column, aspect, sqlite: "x", postgresql: "y", onSQLite: own, onPostgreSQL: other),
        .sqlite)?.last
    }
    #expect(call(.length) == "        batch_op.alter_column(\"email\", type_=sa.String(length=50))")
    #expect(call(.notNull) == "        batch_op.alter_column(\"email\", nullable=False)")
    #expect(
      call(.defaultValue)
        == "        batch_op.alter_column(\"email\", server_default=sa.text(\"'b'\"))")
  }

  @Test func `a column that may not be NULL is added in steps which tables with rows can take`() {
    func added(_ properties: [PropertyName: PropertyValue]) -> [String]? {
      let wanted = object(
        .column, "email", properties.merging([.type: .text("text"), .notNull: .flag(true)]) { $1 })
      return lines(
        Divergence(column, .column, sqlite: nil, postgresql: "email text", onPostgreSQL: wanted),
        .sqlite)
    }
    #expect(
      added([:]) == [
        "if op.get_bind().dialect.name == \"sqlite\":",
        "    op.add_column(\"users\", sa.Column(\"email\", sa.Text(), nullable=True))",
        "    # where there are rows: op.execute(\"UPDATE users SET email = …\")",
        "    with op.batch_alter_table(\"users\") as batch_op:",
        "        batch_op.alter_column(\"email\", nullable=False)",
      ])
    #expect(
      added([.defaultValue: .text("'a'::text")])?.last
        == "        batch_op.add_column(sa.Column(\"email\", sa.Text(), "
        + "server_default=sa.text(\"'a'\"), nullable=False))")
    #expect(added([.defaultValue: .text("now()")]) == nil)
  }

  @Test func `an expression that only the other engine takes is nobody's to copy`() {
    let check = object(
      .constraint, "ck",
      [.constraintType: .text("CHECK"), .expression: .text("((email)::text ~~ '%@%'::text)")])
    let divergence = Divergence(
      column, .check, sqlite: nil, postgresql: "CHECK", columns: ["email"], onPostgreSQL: check)
    #expect(lines(divergence, .sqlite) == nil)
  }
}
