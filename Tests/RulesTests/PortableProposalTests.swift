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

  /// What autogenerate writes for the table, which makes the same on both engines unless told otherwise.
  private func creation(
    _ type: String = "sa.Uuid()", imports: [String] = [], isPortable: Bool = true,
    makesTypes: Bool = false
  ) -> ToolsOperation {
    ToolsOperation(
      kind: "create_table", table: "logs",
      code: "op.create_table('logs',\nsa.Column('id', \(type)),\nsa.UniqueConstraint('id')\n)",
      imports: imports, isPortable: isPortable, makesTypes: makesTypes)
  }

  @Test func `a new table is made by autogenerate's code, which has no engine's own types`() {
    let index = ToolsOperation(
      kind: "create_index", table: "logs", name: "ix",
      code: "op.create_index('ix', 'logs', ['id'], postgresql_using='gin')", isPortable: true)
    let changes = [
      added(.table, "logs"), added(.column, "logs", "id"), added(.index, "logs", "ix"),
    ]
    let whole = proposal(changes, creation(), index)
    #expect(
      whole.lines == [
        "op.create_table('logs',", "    sa.Column('id', sa.Uuid()),",
        "    sa.UniqueConstraint('id')", ")",
        "op.create_index('ix', 'logs', ['id'], postgresql_using='gin')",
      ])
    #expect(whole.rest.isEmpty && whole.imports.isEmpty)
    // The index would be missing.
    #expect(proposal(changes, creation()).lines.isEmpty)
  }

  @Test func `what the code needs is said`() {
    let line = "import app.types"
    let whole = proposal([added(.table, "logs")], creation("app.types.GUID()", imports: [line]))
    #expect(whole.imports == [line] && !whole.lines.isEmpty)
  }

  @Test func `code that is not known to make the same on every engine is left`() {
    let one = proposal([added(.table, "logs")], creation(isPortable: false))
    #expect(one.lines.isEmpty && one.rest.changes.count == 1)
  }

  @Test func `a new enumeration is made with its table, and one that is there is not`() {
    let changes = [added(.table, "logs"), added(.type, "mood")]
    #expect(!proposal(changes, creation(makesTypes: true)).lines.isEmpty)
    #expect(proposal(changes, creation()).lines.isEmpty)
    #expect(proposal([changes[0]], creation(makesTypes: true)).lines.isEmpty)
  }

  @Test(arguments: [(true, true), (true, false), (false, true)])
  func `a new column is added so where both engines can`(_ isPortable: Bool, _ isInPlace: Bool) {
    let code = "op.add_column('logs', sa.Column('c', sa.Uuid(), nullable=True))"
    let one = proposal(
      [added(.column, "logs", "c"), added(.index, "logs", "ix")],
      ToolsOperation(
        kind: "add_column", table: "logs", name: "c", code: code, isPortable: isPortable,
        isAddedInPlace: isInPlace))
    #expect(one.lines == (isPortable && isInPlace ? [code] : []))
    #expect(one.rest.changes.count == (isPortable && isInPlace ? 1 : 2))
  }
}
