import Databases
import History
import Platform
import Schemas
import Testing
import Walks

@testable import Projects

@Suite struct AlembicOperationsTests {
  @Test(arguments: OperationCase.all)
  func `a difference becomes the operations that undo it`(_ c: OperationCase) {
    #expect(AlembicOperations().undoing(c.difference, on: c.engine) == c.lines)
  }

  @Test func `every block of operations is valid Python`() throws {
    let blocks = OperationCase.all.map { c in
      AlembicOperations().undoing(c.difference, on: c.engine)
    }
    let source = blocks.enumerated().map { index, lines in
      "def downgrade_\(index)():\n" + lines.map { "    \($0)\n" }.joined() + "    pass\n"
    }.joined(separator: "\n")
    let run = try ChildProcess.run(
      Launch(
        try TestPython.path().text, ["-c", "import ast, sys; ast.parse(sys.argv[1])", source],
        environment: ["PATH": "/usr/bin:/bin"]))
    #expect(run.isSuccess, Comment(rawValue: run.errors + source))
  }

  @Test func `order of columns and cosmetic changes need no operation`() {
    let difference = SchemaDifference([
      ObjectChange(
        before: .column("t", "a", ["position": .number(1)]),
        after: .column("t", "a", ["position": .number(2)]),
        properties: [
          PropertyChange(
            "position", before: .number(1), after: .number(2), weight: .columnOrder)
        ], weight: .columnOrder)
    ])
    #expect(AlembicOperations().undoing(difference, on: .postgresql).isEmpty)
  }

  @Test func `heads are merged with the project's own command`() {
    #expect(AlembicOperations().merging(["a1", "b2"]) == #"alembic merge -m "merge heads" a1 b2"#)
    #expect(
      AlembicOperations(flask: true).merging(["a1", "b2"])
        == #"flask db merge -m "merge heads" a1 b2"#)
  }

  @Test func `a statement that may not stand in a transaction is told where it may`() {
    let failure = StepFailure(
      type: "sqlalchemy.exc.InternalError",
      message: "CREATE INDEX CONCURRENTLY cannot run inside a transaction block",
      sqlState: "25001", statement: "CREATE INDEX CONCURRENTLY i ON t (a)")
    #expect(
      AlembicOperations().mending(failure, on: .postgresql)
        == "leave the transaction for it: with op.get_context().autocommit_block(): …")
    let other = StepFailure(type: "KeyError", message: "'x'")
    #expect(AlembicOperations().mending(other, on: .postgresql) == nil)
  }

  @Test func `a default that cannot follow its column's type is named as the cause`() {
    let failure = StepFailure(
      type: "sqlalchemy.exc.ProgrammingError",
      message: "default for column \"b\" cannot be cast automatically to type boolean",
      sqlState: "42804", statement: "ALTER TABLE app.a ALTER COLUMN b TYPE BOOLEAN USING b::boolean"
    )
    #expect(
      AlembicOperations().mending(failure, on: .postgresql) == """
        drop the default before the type is changed, and set the new one after it:
        op.alter_column("a", "b", server_default=None, schema="app")
        op.alter_column("a", "b", type_=…, postgresql_using="…", server_default=…, schema="app")
        """)
    let column = StepFailure(
      type: "sqlalchemy.exc.ProgrammingError",
      message: "column \"b\" cannot be cast automatically to type boolean", sqlState: "42804",
      statement: "ALTER TABLE a ALTER COLUMN b TYPE BOOLEAN")
    #expect(
      AlembicOperations().mending(column, on: .postgresql)?.hasPrefix("say how to convert") == true)
  }

  @Test(arguments: [
    ("role \"app\" already exists", #"op.execute("DROP ROLE app")"#),
    ("role \"My app\" already exists", #"op.execute('DROP ROLE "My app"')"#),
  ])
  func `a role that stayed is dropped by the downgrade`(_ message: String, _ call: String) {
    let failure = StepFailure(
      type: "sqlalchemy.exc.ProgrammingError", message: message, sqlState: "42710",
      statement: "CREATE ROLE app")
    #expect(
      AlembicOperations().mending(failure, on: .postgresql)?.hasSuffix(": \(call)") == true)
  }

  @Test(arguments: [
    ("a", #""a""#), ("it's", #""it's""#), (#"say "x""#, #"'say "x"'"#),
    (#"'"\"#, #""'\"\\""#), ("a\tb\u{1}", #""a\tb\x01""#),
  ])
  func `texts become Python literals`(_ text: String, _ literal: String) {
    #expect(PythonText.literal(text) == literal)
  }

  @Test(arguments: [
    ("'a'::text", "'a'::text"), ("x = :name", #"x = \:name"#), ("'12:30'", "'12:30'"),
  ])
  func `colons that SQLAlchemy would read as parameters are escaped`(
    _ sql: String, _ escaped: String
  ) {
    #expect(PythonText.escapingBinds(sql) == escaped)
  }

}
