import Databases
import History
import Projects
import Testing
import Walks

@Suite struct StepTests {
  @Test func `a revision goes up and down and the tool's own account is told`() throws {
    let project = try TemporaryProject(.table("a1"), .table("b2", after: "'a1'"))
    let session = try project.session()
    let up = session.step("a1", .up)
    #expect(up.outcome == .succeeded)
    #expect(up.expectedVersions == ["a1"])
    #expect(up.statements.map(\.sql).contains { $0.hasPrefix("CREATE TABLE t_a1") })
    #expect(try project.database.tables() == ["t_a1"])
    #expect(try project.database.versions() == ["a1"])
    #expect(session.step("b2", .up).expectedVersions == ["b2"])
    #expect(session.step("b2", .down).expectedVersions == ["a1"])
    #expect(session.step("a1", .down).expectedVersions == [])
    #expect(try project.database.tables() == [])
    #expect(session.environment["loaded"] == "once")
    session.close()
  }

  @Test func `a statement has the line of the revision that sent it, also through other code`()
    throws
  {
    let project = try TemporaryProject(
      Sample(
        "a1", top: "send = lambda sql: op.execute(sql)",
        up: """
          op.create_table('one', sa.Column('id', sa.Integer))
          send('CREATE TABLE two (id INTEGER)')
          with op.batch_alter_table('one', recreate='always') as batch:
              batch.add_column(sa.Column('n', sa.Integer))
          """, down: "op.drop_table('one')\nop.drop_table('two')"))
    let session = try project.session()
    func lines(of answer: SessionAnswer) -> [[String]] {
      answer.statements.map { statement in
        [
          statement.sql.split(whereSeparator: \.isWhitespace).prefix(3).joined(separator: " "),
          statement.line.map(String.init) ?? "none",
        ]
      }.filter { $0[1] != "none" && !$0[0].hasPrefix("PRAGMA") && !$0[0].hasPrefix("SELECT") }
    }
    let up = [
      ["CREATE TABLE one", "15"], ["CREATE TABLE two", "12"],
      ["CREATE TABLE _alembic_tmp_one", "17"], ["INSERT INTO _alembic_tmp_one", "17"],
      ["DROP TABLE one", "17"], ["ALTER TABLE _alembic_tmp_one", "17"],
    ]
    #expect(lines(of: session.step("a1", .up)) == up)
    let down = [["DROP TABLE one", "22"], ["DROP TABLE two", "23"]]
    #expect(lines(of: session.step("a1", .down)) == down)
    #expect(lines(of: session.run(["a1"], .up)) == up)
  }

  @Test func `a statement has the rows that it met, and whether it followed foreign keys`() throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: """
          op.execute('CREATE TABLE p (id INTEGER PRIMARY KEY)')
          op.execute('INSERT INTO p VALUES (1), (2), (3)')
          op.execute('DELETE FROM p WHERE id > 1')
          op.execute("UPDATE p SET id = replace('7', ';', '')")
          with op.get_context().autocommit_block():
              op.execute('PRAGMA foreign_keys=ON')
          op.execute('DROP TABLE p')
          """))
    let told = try project.session().step("a1", .up).statements.filter { $0.line != nil }
    #expect(told.map(\.rowCount) == [nil, 3, 2, nil, nil, nil])
    #expect(told.map(\.followsReferences) == [nil, nil, false, false, nil, true])
  }

  @Test func `a run takes all revisions in one go`() throws {
    let project = try TemporaryProject(.table("a1"), .table("b2", after: "'a1'"))
    let session = try project.session()
    #expect(session.run(["a1", "b2"], .up).expectedVersions == ["b2"])
    #expect(try project.database.tables() == ["t_a1", "t_b2"])
    let down = session.run(["b2", "a1"], .down)
    #expect(down.outcome == .succeeded)
    #expect(down.stoppedAt == nil)
    #expect(try project.database.tables() == [])
  }

  @Test func `exactly the revision asked for is taken across branches and merges`() throws {
    let project = try TemporaryProject(
      .table("a1"), .table("b1", after: "'a1'", labels: "('left',)"),
      .table("b2", after: "'a1'"), .table("m1", after: "('b1', 'b2')"),
      .table("d1", after: "'m1'"))
    let session = try project.session()
    #expect(session.step("a1", .up).expectedVersions == ["a1"])
    #expect(session.step("b1", .up).expectedVersions == ["b1"])
    #expect(session.step("b2", .up).expectedVersions == ["b1", "b2"])
    #expect(session.step("b2", .down).expectedVersions == ["b1"])
    #expect(session.step("b2", .up).expectedVersions == ["b1", "b2"])
    #expect(session.step("m1", .up).expectedVersions == ["m1"])
    #expect(session.step("m1", .down).expectedVersions == ["b1", "b2"])
    #expect(session.step("b1", .down).expectedVersions == ["b2"])
    #expect(session.step("b1", .up).expectedVersions == ["b1", "b2"])
    #expect(session.step("m1", .up).expectedVersions == ["m1"])
    #expect(session.step("d1", .up).expectedVersions == ["d1"])
    #expect(try project.database.versions() == ["d1"])
    #expect(session.run(["d1", "m1", "b2", "b1", "a1"], .down).expectedVersions == [])
    #expect(try project.database.tables() == [])
  }

  @Test func `a revision that depends on another branch goes up and down alone`() throws {
    let project = try TemporaryProject(
      .table("a1", labels: "('main',)"), .table("x1"),
      .table("a2", after: "'a1'", dependsOn: "'x1'"))
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    #expect(session.step("x1", .up).isSuccess)
    #expect(session.step("a2", .up).expectedVersions == ["a2"])
    #expect(session.step("a2", .down).expectedVersions == ["a1", "x1"])
    #expect(try project.database.versions() == ["a1", "x1"])
  }

  @Test func `what a migration prints is its output, wherever it prints it`() throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: "import os, sys\nprint('to stdout')\nos.write(2, b'to two\\n')\nos.system('echo shell')"
      ))
    let session = try project.session()
    let answer = session.step("a1", .up)
    #expect(answer.isSuccess)
    #expect(answer.output.contains("to stdout"))
    #expect(answer.output.contains("to two"))
    #expect(answer.output.contains("shell"))
    #expect(session.step("a1", .down).output == "")
  }

  @Test func `connections are let go for a copy, and the database may move`() throws {
    let project = try TemporaryProject(.table("a1"), .table("b2", after: "'a1'"))
    let other = try TemporaryProject(.table("a1"))
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    session.releaseConnections()
    #expect(session.step("b2", .up).isSuccess)
    session.move(to: other.database.address)
    #expect(session.step("a1", .up).isSuccess)
    #expect(try other.database.tables() == ["t_a1"])
    #expect(try project.database.tables() == ["t_a1", "t_b2"])
  }

  @Test func `a module's variables do not live from one step to the next`() throws {
    let project = try TemporaryProject(
      Sample(
        "a1", top: "metadata = sa.MetaData()\ncount = []",
        up: """
          count.append(1)
          assert len(count) == 1
          sa.Table('t', metadata, sa.Column('id', sa.Integer)).create(op.get_bind())
          """, down: "op.drop_table('t')"))
    let session = try project.session()
    #expect(session.step("a1", .up).outcome == .succeeded)
    #expect(session.step("a1", .down).outcome == .succeeded)
    #expect(session.step("a1", .up).outcome == .succeeded)
  }
}
