import Databases
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct PortableProposalTests {
  private let table = ObjectID(.table, schema: "public", ["logs"])

  private func added(_ kind: ObjectKind, _ name: Identifier...) -> ObjectChange {
    ObjectChange(before: nil, after: SchemaObject(ObjectID(kind, schema: "public", name)))
  }

  private func proposal(
    _ changes: [ObjectChange], _ proposals: ToolsOperation...
  ) -> PortableProposal {
    PortableProposal(
      ModelUnit(id: table, difference: SchemaDifference(changes), proposals: proposals))
  }

  private func creation(_ type: String) -> ToolsOperation {
    ToolsOperation(
      kind: "create_table", table: "logs", name: "logs",
      code: "op.create_table('logs',\nsa.Column('id', \(type), server_default=sa.text('now()')),\n"
        + "sa.CheckConstraint(\"length(id) > 1\", name=op.f('k'))\n)")
  }

  @Test func `a new table is made by autogenerate's code, which has no engine's own types`() {
    let index = ToolsOperation(
      kind: "create_index", table: "logs", name: "ix",
      code: "op.create_index('ix', 'logs', ['id'], postgresql_using='gin')")
    let changes = [
      added(.table, "logs"), added(.column, "logs", "id"), added(.index, "logs", "ix"),
    ]
    let whole = proposal(changes, creation("sa.Uuid()"), index)
    #expect(
      whole.lines == [
        "op.create_table('logs',", "    sa.Column('id', sa.Uuid(), server_default=sa.func.now()),",
        "    sa.CheckConstraint(\"length(id) > 1\", name=op.f('k'))", ")",
        "op.create_index('ix', 'logs', ['id'], postgresql_using='gin')",
      ])
    #expect(whole.rest.isEmpty)
    // The index would be missing.
    #expect(proposal(changes, creation("sa.Uuid()")).lines.isEmpty)
  }

  @Test func `a type for one engine alone stands beside the imports that it needs`() {
    let code = "sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), 'postgresql')"
    let lines = proposal([added(.table, "logs")], creation(code)).lines
    #expect(lines.first == "# with: from sqlalchemy.dialects import postgresql")
    #expect(lines.contains { $0.contains("JSONB(astext_type=sa.Text())") })
  }

  @Test(arguments: [
    "postgresql.JSONB()", "app.models.GUID()", "GUID()", "sa.Enum('a', name='mood')",
  ])
  func `code that needs more than a revision has is left`(_ type: String) {
    let one = proposal([added(.table, "logs")], creation(type))
    #expect(one.lines.isEmpty && one.rest.changes.count == 1)
  }

  @Test func `a new enumeration is made with its table`() {
    let changes = [added(.table, "logs"), added(.type, "mood")]
    #expect(!proposal(changes, creation("sa.Enum('a', name='mood')")).lines.isEmpty)
    #expect(proposal(changes, creation("sa.Text()")).lines.isEmpty)
  }

  @Test(arguments: [
    ("sa.Uuid(), nullable=True", true), ("sa.Uuid(), nullable=False", false),
    ("sa.Integer(), server_default='0', nullable=False", true),
    ("sa.Date(), server_default=sa.text('now()'), nullable=True", false),
    ("sa.Enum('a', name='mood'), nullable=True", false),
  ])
  func `a new column is added so where both engines can`(_ column: String, _ isPortable: Bool) {
    let code = "op.add_column('logs', sa.Column('c', \(column)))"
    let one = proposal(
      [added(.column, "logs", "c"), added(.index, "logs", "ix")],
      ToolsOperation(kind: "add_column", table: "logs", name: "c", code: code))
    #expect(one.lines == (isPortable ? [code] : []))
    #expect(one.rest.changes.count == (isPortable ? 1 : 2))
  }
}
