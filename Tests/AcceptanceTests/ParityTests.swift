import Platform
import Testing

/// What else is to describe the schema at the heads, held against what the migrations made.
@Suite struct ParityTests: ParitySuite {
  @Test(arguments: ["sqlite", "postgresql"])
  func `a project in which all agree is verified, and what was looked into is in the report`(
    engine: String
  ) throws {
    let project = try SampleProject()
    let answer = try verify(project, on: engine)
    #expect(answer.status == 0, "\(answer.output)")
    let report = try text(of: project, "reports/report.json")
    for step in ["again", "printed-upgrade", "printed-downgrade", "stamp"] {
      #expect(report.contains("\"name\" : \"\(step)\"") || report.contains("\"name\":\"\(step)\""))
    }
    let junit = try text(of: project, "reports/junit.xml")
    for group in ["commands", "application", "offline"] {
      #expect(junit.contains("stairway.\(engine).\(group)"))
    }
    #expect(junit.contains("no application was found; name one with `application:`"))
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `a merge that is not recorded as such is found`(engine: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "1a", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    try project.folder.write(
      """
      from alembic import op

      revision = "4d"
      down_revision = ("2b", "3c")


      def upgrade():
          op.execute("INSERT INTO alembic_version VALUES ('1a')")


      def downgrade():
          op.execute("DELETE FROM alembic_version WHERE version_num = '1a'")
      """, to: "migrations/versions/4d.py")
    let answer = try verify(project, on: engine)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[version-not-recorded]: after the upgrade the version table holds 1a and 4d instead of "
          + "4d; migrations/versions/4d.py writes to the version table itself"),
      "\(answer.output)")
  }

  @Test func `a stamp that is not kept is found`() throws {
    let project = try SampleProject()
    try project.folder.write(
      SampleProject.environment.replacing(
        "            context.run_migrations()",
        with: """
                      context.run_migrations()
                      held = [connection.dialect.has_table(connection, one)
                              for one in ("alembic_version", "one")]
                      if held == [True, False]:
                          connection.exec_driver_sql("DELETE FROM alembic_version")
                          connection.commit()
          """), to: "migrations/env.py")
    let answer = try verify(project)
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[version-not-recorded]: after the stamp the version table holds nothing instead of 2b"
      ), "\(answer.output)")
  }

  @Test func `the walk can be taken alone`() throws {
    let project = try SampleProject()
    try project.folder.write("parity: false\n", to: "stairway.yml")
    let answer = try verify(project)
    #expect(answer.status == 0, "\(answer.output)")
    #expect(!(try text(of: project, "reports/junit.xml").contains("stairway.sqlite.commands")))
    #expect(!(try text(of: project, "reports/report.json").contains("printed-upgrade")))
  }

  @Test func `a part of the history is not held against the models of the whole`() throws {
    let project = try SampleProject()
    let answer = try verify(project, on: "sqlite", ["--revisions", "..1a"])
    #expect(answer.status == 0, "\(answer.output)")
    #expect(
      try text(of: project, "reports/junit.xml").contains(
        "only a part of the history was verified"))
  }
}
