import Formats
import Platform
import Testing

/// `verify --since`, on real repositories.
@Suite struct SinceTests {
  private let project: SampleProject
  private let git: GitFolder
  private static let first = "migrations/versions/1a.py"
  private static let second = "migrations/versions/2b.py"

  init() throws {
    project = try SampleProject()
    git = try GitFolder(project.path)
    try git.go(to: "mine")
  }

  private func add(_ id: String, after parent: String) throws {
    try project.addRevision(
      id, after: parent, up: "op.execute('CREATE TABLE t\(id) (id INTEGER)')")
  }

  private func verify(_ arguments: String...) throws -> Stairway.Answer {
    try project.stairway().verifySince("main", "--output-format", "concise")
  }

  @Test func `only what the branch adds is taken up, down and up again`() throws {
    try add("3c", after: "2b")
    try add("4d", after: "3c")
    try git.commit()
    let answer = try project.stairway().verifySince("main", "--output-format", "json")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    let record = try JSONText.decode(SinceReport.self, from: answer.output, name: "report").record
    #expect(record.engines.map { $0.roundTrips.map(\.revision) } == [["3c", "4d"]])
    #expect(record.log?.since.added == ["3c", "4d"])
    #expect(record.log?.since.reference == "main")
  }

  @Test func `the commit may stand in a variable, and a range stands above it`() throws {
    try add("3c", after: "2b")
    try git.commit()
    let python = try Stairway.python().text
    let surroundings = ["STAIRWAY_SINCE": "main", "STAIRWAY_PARITY": "false"]
    let stairway = project.stairway(surroundings)
    let since = try stairway.run("verify", "--engine", "sqlite", "--python", python)
    #expect(since.output.contains("1 revision on SQLite"), "\(since.output)\(since.errors)")
    let range = try stairway.run(
      "verify", "--engine", "sqlite", "--python", python, "--revisions", "..2b")
    #expect(range.output.contains("2 revisions on SQLite"), "\(range.output)\(range.errors)")
    let both = try stairway.run(
      "verify", "--engine", "sqlite", "--revisions", "..2b", "--since", "main")
    #expect(both.status == 4)
    #expect(both.errors.contains("'--revisions' and '--since' both say what is verified."))
  }

  @Test func `an edited revision is told with its lines and what brings it back`() throws {
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.first)
    try git.commit()
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    let base = try git.git("rev-parse", "--short=10", "main").split(separator: "\n")[0]
    for line in [
      "error[edited-revision]: revision 1a is merged in main, and upgrade() does something else now",
      "--> migrations/versions/1a.py:9",
      "|   -    op.execute('CREATE TABLE one (id INTEGER)')",
      "|   +    op.execute('CREATE TABLE one (id BIGINT)')",
      "git checkout \(base) -- :/migrations/versions/1a.py",
    ] { #expect(answer.output.contains(line), "\(answer.output)") }
    // It is walked too, and what follows it unchanged is not.
    #expect(answer.output.contains("steps of 1 revision are left out: unchanged since main"))
    // The command does what it says.
    let command = try ChildProcess.run(
      Launch(
        "git", ["checkout", String(base), "--", ":/migrations/versions/1a.py"],
        environment: GitFolder.environment, workingDirectory: project.path / "migrations"))
    try #require(command.isSuccess, "\(command.errors)")
    let mended = try verify()
    #expect(mended.status == 5, "\(mended.output)\(mended.errors)")
    #expect(mended.says("nothing to verify: no revision changed since main"))
  }

  @Test func `comments, formatting, messages and another file name are no edit`() throws {
    try git.replace("change 1a", with: "makes the first table", in: Self.first)
    try git.replace(
      "op.execute('CREATE TABLE one (id INTEGER)')",
      with: "op.execute(  # SQLite\n        \"CREATE TABLE one (id INTEGER)\",\n    )",
      in: Self.first)
    try git.move(Self.first, to: "migrations/versions/1a_the_first_table.py")
    try git.commit()
    let answer = try verify()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.says("no revision changed since main on SQLite"), "\(answer.errors)")
  }

  /// What nothing uses is no edit, and is imported all the same.
  @Test func `a file that does the same and cannot be loaded any more is told`() throws {
    try project.folder.write("parity: false\n", to: "stairway.yml")
    try git.commit()
    try git.replace("import op", with: "import op\nimport nowhere_to_be_found", in: Self.second)
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains("the revision imports nowhere_to_be_found, which is not installed"),
      "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("--> \(Self.second):4"), "\(answer.output)")
  }

  @Test func `an edit of the downgrade alone is a warning, and the new one is tried`() throws {
    try git.replace("DROP TABLE two", with: "DROP TABLE missing", in: Self.second)
    let answer = try verify()
    #expect(answer.output.contains("warning[edited-revision]"), "\(answer.output)")
    #expect(answer.output.contains("error[downgrade-fails]"), "\(answer.output)")
  }

  @Test func `another branch label is an edit, with git and with a lock`() throws {
    let python = try Stairway.python().text
    try git.replace(
      "down_revision = \"1a\"", with: "down_revision = \"1a\"\nbranch_labels = None",
      in: Self.second)
    let none = try verify()
    #expect(none.status == 0, "\(none.output)\(none.errors)")
    try #require(try project.stairway().run("lock", "--python", python).status == 0)
    try git.replace("branch_labels = None", with: "branch_labels = (\"two\",)", in: Self.second)
    let words =
      "and it has other branch labels now, so that LABEL@head means something else"
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains("error[edited-revision] 2b: revision 2b is merged in main, \(words)"),
      "\(answer.output)")
    #expect(answer.output.contains("\(Self.second):7:"), "\(answer.output)")
    let locked = try project.stairway(["STAIRWAY_PARITY": "false"]).run(
      "verify", "--engine", "sqlite", "--rows", "none", "-q", "--python", python)
    #expect(locked.status == 1, "\(locked.output)\(locked.errors)")
    #expect(
      locked.output.contains(
        "error[edited-revision]: revision 2b stands in stairway.lock, \(words)"),
      "\(locked.output)")
  }

  /// A template imports it whether or not it is used, and the usual mend uses it.
  @Test func `an import that only the downgrade begins to use is the downgrade's`() throws {
    let text = try Files.text(of: project.path / Self.second)
    try Files.write("import sqlalchemy as sa\n" + text, to: project.path / Self.second)
    try git.commit("import what nothing uses")
    try git.replace("op.execute('DROP", with: "sa.null(); op.execute('DROP", in: Self.second)
    let answer = try project.stairway().verifySince("HEAD", "--output-format", "concise")
    #expect(answer.output.contains("warning[edited-revision]"), "\(answer.output)")
    #expect(!answer.output.contains("error[edited-revision]"), "\(answer.output)")
  }

  @Test func `a helper of the downgrade is the downgrade's, and a value beside it is shown alone`()
    throws
  {
    try git.replace("op.execute('DROP TABLE two')", with: "_drop('two')", in: Self.second)
    try git.replace(
      "def upgrade():",
      with: "def _drop(name):\n    op.execute(f'DROP TABLE {name}')\n\n\ndef upgrade():",
      in: Self.second)
    let mended = try verify()
    #expect(mended.output.contains("warning[edited-revision]"), "\(mended.output)")
    #expect(!mended.output.contains("error[edited-revision]"), "\(mended.output)")
    try git.replace("def upgrade():", with: "LIMIT = 5\n\n\ndef upgrade():", in: Self.first)
    let answer = try project.stairway().verifySince("main")
    #expect(answer.output.contains("|   +LIMIT = 5"), "\(answer.output)")
    #expect(!answer.output.contains("+from alembic import op"), "\(answer.output)")
    #expect(!answer.output.contains("+revision = \"1a\""), "\(answer.output)")
  }

  @Test(arguments: [true, false])
  func `a helper that the downgrade no longer uses, or now does, is no edit beside it`(
    _ isUsedBefore: Bool
  ) throws {
    let forms = ["op.execute(OLD)", "op.execute('DROP TABLE two')"]
    try git.replace(
      "def upgrade():", with: "OLD = 'DROP TABLE two'\n\n\ndef upgrade():", in: Self.second)
    if isUsedBefore { try git.replace(forms[1], with: forms[0], in: Self.second) }
    try git.commit("what there is")
    try git.replace(
      forms[isUsedBefore ? 0 : 1], with: forms[isUsedBefore ? 1 : 0], in: Self.second)
    let answer = try project.stairway().verifySince("HEAD")
    #expect(answer.output.contains("warning[edited-revision]"), "\(answer.output)")
    #expect(!answer.output.contains("error[edited-revision]"), "\(answer.output)")
    #expect(!answer.output.contains("OLD = "), "\(answer.output)")
  }

  @Test func `a deleted revision, one of another id, and one whose folder moved are told apart`()
    throws
  {
    try Files.remove(project.path / Self.second)
    let gone = try verify()
    #expect(gone.status == 1, "\(gone.output)\(gone.errors)")
    #expect(
      gone.output.contains(
        "error[deleted-revision] 2b: revision 2b is merged in main, and no file defines it any more"
      ),
      "\(gone.output)")

    try git.git("checkout", "main", "--", ".")
    try git.move(Self.second, to: "migrations/versions/old/2b.py")
    let aside = try project.stairway().verifySince("main")
    let words = aside.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      words.contains(
        "no file defines it any more: migrations/versions/old/2b.py lies in a folder that the settings "
          + "do not name"), "\(aside.output)\(aside.errors)")
    #expect(
      words.contains("fix: move migrations/versions/old/2b.py back to \(Self.second)"),
      "\(aside.output)")

    try Files.removeTree(project.path / "migrations/versions/old")
    try git.git("checkout", "main", "--", ".")
    try git.replace("revision = \"2b\"", with: "revision = \"9z\"", in: Self.second)
    let renamed = try verify()
    #expect(
      renamed.output.contains(
        "no file defines it any more: 9z does the same under another id, which databases do not know"
      ), "\(renamed.output)\(renamed.errors)")

    try git.git("checkout", "main", "--", ".")
    try git.move("migrations", to: "db")
    try git.replace("/migrations", with: "/db", in: "alembic.ini")
    try git.commit()
    let moved = try verify()
    #expect(moved.status == 5, "\(moved.output)\(moved.errors)")
  }

  @Test func `a revision put below a merged one is told with where it belongs`() throws {
    try add("3c", after: "1a")
    try git.replace("down_revision = \"1a\"", with: "down_revision = \"3c\"", in: Self.second)
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[misplaced-revision]: revision 2b is merged in main, and now follows 3c, which is new: "
          + "databases that have 2b never run it"), "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("--> migrations/versions/2b.py:6"))
    #expect(
      answer.output.contains(
        "fix: give 2b back its `down_revision = \"1a\"`, and let 3c follow 2b"))
    #expect(!answer.output.contains("edited-revision"))
  }

  @Test func `several put below a merged one are told to follow the last, from the first on`()
    throws
  {
    try git.go(to: "main")
    try add("3c", after: "2b")
    try git.commit()
    try git.go(to: "below")
    try add("4d", after: "1a")
    try add("5e", after: "4d")
    try git.replace("down_revision = \"1a\"", with: "down_revision = \"5e\"", in: Self.second)
    let answer = try project.stairway().verifySince("main")
    #expect(
      answer.says("give 2b back its `down_revision = \"1a\"`, and let 4d follow 3c"),
      "\(answer.output)\(answer.errors)")
    try git.replace("down_revision = \"5e\"", with: "down_revision = \"1a\"", in: Self.second)
    try git.replace(
      "down_revision = \"1a\"", with: "down_revision = \"3c\"", in: "migrations/versions/4d.py")
    let mended = try verify()
    #expect(mended.status == 0, "\(mended.output)\(mended.errors)")
  }

  @Test func `a file that this Python cannot spell is not left out without a word`() throws {
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE t3c (id INTEGER)')")
    try git.move("migrations/versions/3c.py", to: "migrations/versions/3c_ö.py")
    try git.commit()
    let plain = ["LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"]
    let answer = try project.stairway(plain).verifySince("main")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("the file of revision 3c cannot be held against git or a lock"))
    let spelled = try project.stairway().verifySince("main")
    #expect(spelled.output.contains("1 revision on SQLite"), "\(spelled.output)\(spelled.errors)")
  }

  @Test func `squashed revisions are one finding, which can be allowed`() throws {
    try git.go(to: "main")
    try add("3c", after: "2b")
    try git.commit()
    try git.go(to: "squash")
    for file in ["1a", "2b"] { try Files.remove(project.path / "migrations/versions/\(file).py") }
    try git.replace(
      "down_revision = \"2b\"", with: "down_revision = None", in: "migrations/versions/3c.py")
    try git.replace(
      "op.execute('CREATE TABLE t3c (id INTEGER)')",
      with: "op.execute('CREATE TABLE one (id INTEGER)')", in: "migrations/versions/3c.py")
    let answer = try verify()
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "2 revisions are gone that are merged in main: 1a and 2b; 3c takes their place, and a database "
          + "that is at one of them cannot go on"), "\(answer.output)\(answer.errors)")
    for other in ["edited-revision", "misplaced-revision"] {
      #expect(!answer.output.contains(other), "\(answer.output)")
    }
    // What brings them back brings back what the last of them was, too.
    let full = try project.stairway().verifySince("main")
    for file in [Self.first, Self.second, "migrations/versions/3c.py"] {
      #expect(full.output.contains(" :/\(file)"), "\(full.output)")
    }
    try project.folder.write(
      """
      allow:
        - {rule: deleted-revision, revision: 3c, because: every database is at 3c}
        - {rule: downgrade-leaves-trace, because: nobody goes down from the squashed one}
        - {rule: descent-leaves-trace, because: nobody goes down from the squashed one}
        - {rule: downgrade-fails, because: nobody goes down from the squashed one}
      """, to: "stairway.yml")
    let allowed = try verify()
    #expect(!allowed.output.contains("[deleted-revision]"), "\(allowed.output)\(allowed.errors)")
  }
}

/// What of a report.json these tests look at.
struct SinceReport: Decodable {
  struct Record: Decodable {
    struct Engine: Decodable {
      struct Trip: Decodable { let revision: String }
      let roundTrips: [Trip]
    }
    struct Log: Decodable {
      struct Since: Decodable {
        let reference: String
        let added: [String]
      }
      let since: Since
    }
    let engines: [Engine]
    let log: Log?
  }
  let record: Record
}
