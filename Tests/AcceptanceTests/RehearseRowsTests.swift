import Databases
import Platform
import Testing

/// What becomes of production's rows on the way up and back.
@Suite struct `stairway rehearse with rows` {
  @Test func `finds what fails on the rows of production`() throws {
    let project = try SampleProject.beingRehearsed()
    try project.addRevision(
      "4d", after: "3c", up: "op.execute('CREATE UNIQUE INDEX u ON users (name)')")
    let file = try project.production(
      """
      INSERT INTO users(name) VALUES ('a');
      CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('1a');
      """)
    let answer = try project.rehearse("--source", file.text)
    #expect(answer.status == 1)
    #expect(answer.output.contains("error[upgrade-fails]"))
    #expect(answer.output.contains("UNIQUE constraint failed"))
  }

  @Test func `shows no value that the server or the migration quotes of a row`() throws {
    let server = try ShopServer("UPDATE users SET name = 'ann@example.org' WHERE id IN (1, 2)")
    defer { server.shutDown() }
    let shop = server.shop
    let project = try SampleProject()
    let revisions = [
      (
        "op.execute('CREATE UNIQUE INDEX uq ON users (name)')",
        "could not create unique index \"uq\""
      ),
      (
        "raise ValueError(op.get_bind().execute("
          + "sa.text('SELECT name FROM users WHERE id = 1')).scalar())",
        "its message is hidden (it may hold values of production)"
      ),
      (
        "[op.execute(f\"UPDATE users SET name = '{row[0]}' || id, id = -id\") for row in "
          + "op.get_bind().execute(sa.text('SELECT name FROM users WHERE id = 1')).fetchall()]",
        "UPDATE users SET name = '…' || id, id = -id"
      ),
    ]
    for (up, words) in revisions {
      try project.addRevision("2b", after: "1a", up: "import sqlalchemy as sa; " + up)
      let page = project.path / "page.md"
      let answer = try project.stairway(["GITHUB_STEP_SUMMARY": page.text]).run(
        "rehearse", "--python", try Stairway.python().text, "--source", shop.url, "--max-lock",
        "0.001ms", "--output-format", "github")
      #expect(answer.status == 1, "\(answer.errors)\(answer.output)")
      let full = try project.rehearse("--source", shop.url, "--max-lock", "0.001ms")
      #expect(full.says(words) || full.output.contains(words), "\(full.output)")
      let reports = try ["report.json", "junit.xml", "summary.md"].map {
        try Files.text(of: project.path / "reports/rehearsal" / $0)
      }
      for text in [
        answer.output, answer.errors, full.output, full.errors, try Files.text(of: page),
      ] + reports {
        #expect(!text.contains("ann@example"))
      }
    }
  }

  @Test func `takes no row that the sample lacks for one that production lacks`() throws {
    let server = try ShopServer(
      "CREATE TABLE posts(id int PRIMARY KEY, user_id int);"
        + "INSERT INTO posts SELECT i, 3001 - i FROM generate_series(1, 3000) i")
    defer { server.shutDown() }
    let shop = server.shop
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.create_foreign_key('fk', 'posts', 'users', ['user_id'], ['id'])",
      down: "op.drop_constraint('fk', 'posts')")
    let sampled = try project.rehearse("--source", shop.url, "--sample", "10")
    #expect(sampled.status == 3, "\(sampled.errors)\(sampled.output)")
    #expect(!sampled.output.contains("upgrade-fails"))
    #expect(!sampled.output.contains("DELETE"))
    #expect(sampled.output.contains("the copy has not all rows (--sample)"), "\(sampled.output)")
    #expect(try project.rehearse("--source", shop.url).status == 0)
  }

  @Test func `accounts for every row up and back, and shows what is declared as declared`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('ALTER TABLE users DROP COLUMN nickname')",
      down: "op.execute('ALTER TABLE users ADD COLUMN nickname TEXT')")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('DELETE FROM one WHERE id > 3')", down: "pass")
    let file = try project.production(
      """
      ALTER TABLE users ADD COLUMN nickname TEXT;
      UPDATE users SET nickname = 'very secret';
      INSERT INTO one(id) VALUES (1), (2), (3), (4), (5);
      CREATE TABLE alembic_version(version_num TEXT); INSERT INTO alembic_version VALUES ('1a');
      """)
    let answer = try project.rehearse("--source", file.text)
    #expect(answer.status == 1, "\(answer.errors)")
    #expect(answer.output.contains("Rows: 6 in 2 tables before, 4 after"))
    #expect(answer.output.contains("column users.nickname is gone with 1 value"))
    #expect(answer.output.contains("2 of 5 rows of table one are gone"))
    #expect(answer.output.contains("Back to 1a: "))
    #expect(answer.output.contains("this rollback loses values of users.nickname in 1 row"))
    #expect(answer.output.contains("this rollback loses 2 rows of one"))
    #expect(answer.output.contains("up again: "))
    #expect(answer.output.contains("error[data-dropped]"))
    #expect(answer.output.contains("migrations/versions/3c.py:10"))
    #expect(!answer.output.contains("very secret"))
    let reports = project.path / "reports/rehearsal"
    #expect(try !Files.text(of: reports / "report.json").contains("very secret"))
    let junit = try Files.text(of: reports / "junit.xml")
    #expect(junit.contains("classname=\"stairway.sqlite.downgrade\""))
    #expect(junit.contains("type=\"rows-lost\""))
    try project.folder.write(
      """
      allow:
        - {rule: data-dropped, revision: 2b, object: users.nickname, because: nobody reads it}
        - {rule: rows-lost, revision: 3c, object: one, because: they expired}
      """, to: "stairway.yml")
    let declared = try project.rehearse("--source", file.text)
    #expect(declared.status == 0, "\(declared.output)\(declared.errors)")
    #expect(declared.output.contains("is gone with 1 value (declared: nobody reads it)"))
    #expect(declared.output.contains("this rollback loses 2 rows of one (declared: they expired)"))
  }

  @Test func `says which revision keeps a deploy from being taken back`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('CREATE TABLE two (id INTEGER)')",
      down: "raise NotImplementedError('too late')")
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    let file = try project.production()
    let answer = try project.rehearse("--source", file.text)
    #expect(answer.status == 1, "\(answer.errors)")
    #expect(answer.output.contains("Back to 1a: this deploy cannot be taken back"))
    #expect(answer.output.contains("2b change 2b has no downgrade"))
    #expect(answer.output.contains("error[missing-downgrade]"))
    #expect(!answer.output.contains("up again"))
  }

  @Test(arguments: [
    ("downgrade-floor: 3c", "it ends before 2b change 2b: older than the downgrade-floor 3c"),
    ("skip: {2b: loads a dump}", "it ends before 2b change 2b: it is not run: loads a dump"),
  ])
  func `goes back no further than the settings let it`(_ setting: String, _ words: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('CREATE TABLE two (id INTEGER)')",
      down: "raise NotImplementedError('too late')")
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    try project.folder.write(setting + "\n", to: "stairway.yml")
    let answer = try project.rehearse("--source", try project.production().text)
    #expect(answer.status == 0, "\(answer.errors)\(answer.output)")
    #expect(answer.output.contains("[ ] way back: \(words)"), "\(answer.output)")
    #expect(answer.output.contains("Back to 1a: \(words)"), "\(answer.output)")
    #expect(
      answer.output.contains("[ ] backup: needed, because the settings end the way back early"))
    #expect(answer.output.contains("up again: "))
    try project.folder.write("downgrade-floor: 9z\n", to: "stairway.yml")
    let unknown = try project.rehearse("--source", (project.path / "production.db").text)
    #expect(unknown.status == 4)
    #expect(unknown.says("the history has no revision '9z'"))
  }
}
