import Platform
import Testing

/// What the base does not tell, and what the other branch has by now as well.
@Suite struct `What a branch is held against` {
  private let project: SampleProject
  private let git: GitFolder
  private static let second = "migrations/versions/2b.py"

  init() throws {
    project = try SampleProject()
    git = try GitFolder(project.path)
  }

  private func verify() throws -> Stairway.Answer {
    try project.stairway().verifySince("main", "--output-format", "concise")
  }

  @Test func `a file that could not be read at the base is verified once it is mended`() throws {
    let text = try Files.text(of: project.path / Self.second)
    try Files.write(text + "def broken(:\n", to: project.path / Self.second)
    try git.commit()
    try git.go(to: "mine")
    try Files.write(text, to: project.path / Self.second)
    try git.commit()
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("1 revision on SQLite"), "\(answer.output)")
  }

  @Test func `an edit is told also where the file computes what it is called`() throws {
    try git.replace(
      "revision = \"2b\"", with: "revision = \"\".join([\"2\", \"b\"])", in: Self.second)
    try git.commit()
    try git.go(to: "mine")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.second)
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("[edited-revision] 2b: revision 2b is merged in main"))
  }

  /// Under another name it says its id with the same words.
  @Test func `an edit is told also where the file that computes it has another name`() throws {
    try git.replace(
      "revision = \"2b\"", with: "revision = \"\".join([\"2\", \"b\"])", in: Self.second)
    try git.commit()
    try git.go(to: "mine")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.second)
    try git.move(Self.second, to: "migrations/versions/the_second.py")
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains("[edited-revision] 2b: revision 2b is merged in main"),
      "\(answer.output)")
    #expect(!answer.says("deleted-revision"), "\(answer.output)")
    // One that is gone is told all the same where another says another id.
    try git.replace(
      "[\"2\", \"b\"]", with: "[\"3\", \"c\"]", in: "migrations/versions/the_second.py")
    let gone = try verify()
    #expect(gone.says("[deleted-revision]"), "\(gone.output)")
  }

  @Test func `where a file computes what it follows, its own words are compared`() throws {
    let computed = "down_revision = \"\".join([\"1\", \"a\"])"
    try git.replace("down_revision = \"1a\"", with: computed, in: Self.second)
    try git.commit()
    try git.go(to: "mine")
    try project.addRevision("0z", after: "1a", up: "op.execute('CREATE TABLE zero (id INTEGER)')")
    try git.replace("[\"1\", \"a\"]", with: "[\"0\", \"z\"]", in: Self.second)
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("[edited-revision] 2b: revision 2b is merged in main"))
  }

  @Test func `a file that is nested too deeply to be compared is no file that is gone`() throws {
    try git.go(to: "mine")
    let stairway = project.stairway()
    let python = try Stairway.python().text
    try #require(try stairway.run("lock", "--python", python).status == 0)
    let text = try Files.text(of: project.path / Self.second)
    let deep = "X = " + Array(repeating: "1", count: 1_500).joined(separator: " + ") + "\n"
    try Files.write(text + "\n\n" + deep, to: project.path / Self.second)
    for answer in [try verify(), try stairway.run("lock", "--check", "--python", python)] {
      #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
      #expect(
        answer.errors.contains(
          "error[unreadable-revision]: \(Self.second): the file cannot be compared"),
        "\(answer.errors)")
    }
  }

  @Test func `a deletion is told also where the other branch has a file that cannot be read`()
    throws
  {
    try git.git("branch", "mine")
    let text = try Files.text(of: project.path / Self.second)
    try Files.write(text + "def broken(:\n", to: project.path / Self.second)
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    try Files.remove(project.path / Self.second)
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("[deleted-revision]"), "\(answer.output)")
  }

  @Test(arguments: [
    ("revision = \"2b\"", "revision = \"\".join([\"2\", \"b\"])", "`revision` is computed"),
    ("def upgrade():", "def upgrade(:", "syntax error in line 9"),
  ])
  func `a file that nobody could read is missed once it is gone`(
    old: String, new: String, reason: String
  ) throws {
    try git.replace(old, with: new, in: Self.second)
    try git.commit()
    try git.go(to: "mine")
    // Mended, or under another name, it is there still.
    var file = Self.second
    if new.hasPrefix("def") {
      try git.replace(new, with: old, in: file)
    } else {
      file = "migrations/versions/2b_two.py"
      try git.move(Self.second, to: file)
    }
    let kept = try verify()
    #expect(!kept.says("deleted-revision"), "\(kept.output)\(kept.errors)")
    try Files.remove(project.path / file)
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains(
        "[deleted-revision]: \(Self.second) is merged in main and is gone, and its revision with it"
      ),
      "\(answer.output)")
    #expect(answer.output.contains(reason), "\(answer.output)")
    #expect(!answer.says("could not be compared"))
    // Where the other branch has deleted it as well, it is gone for good.
    try git.commit()
    try git.go(to: "main")
    try Files.remove(project.path / Self.second)
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    let both = try verify()
    #expect(!both.says("deleted-revision"), "\(both.output)\(both.errors)")
  }

  @Test func `a history that is deleted as a whole is told, with git and with a lock`() throws {
    try git.go(to: "mine")
    let stairway = project.stairway()
    let lock = try stairway.run("lock", "--python", try Stairway.python().text)
    try #require(lock.status == 0, "\(lock.errors)")
    for file in try Files.names(in: project.path / "migrations/versions")
    where file.hasSuffix(".py") {
      try Files.remove(project.path / "migrations/versions" / file)
    }
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains("[deleted-revision]: 2 revisions are gone that are merged in main"),
      "\(answer.output)")
    let alone = try stairway.run(
      "verify", "--engine", "sqlite", "--python", try Stairway.python().text, "-q")
    #expect(alone.status == 1, "\(alone.output)\(alone.errors)")
    #expect(alone.output.contains("stand in stairway.lock"), "\(alone.output)")
  }

  @Test func `an edit that the other branch has as well is none of this one's`() throws {
    try git.go(to: "mine")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.second)
    try git.commit("edit")
    try git.go(to: "main")
    try git.commit("something else")
    try git.git("cherry-pick", "mine")
    try git.git("switch", "--quiet", "mine")
    let answer = try verify()
    #expect(answer.status == 5, "\(answer.output)\(answer.errors)")
    #expect(!answer.output.contains("edited-revision"))
  }

  @Test func `revisions that the other branch moved to another folder are not deleted there`()
    throws
  {
    try git.git("branch", "mine")
    try git.move(Self.second, to: "archive/2b.py")
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    let answer = try verify()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
  }

  /// Which command it is, where the file has another name now too, and in which folder it is pasted.
  @Test(arguments: [
    ("git checkout", false, "back end"), ("git checkout", false, "."),
    ("git show", true, "back end"), ("git show", true, "."),
  ])
  func `what brings a file back does so in the project's folder and at the repository's top`(
    command: String, isRenamed: Bool, place: String
  ) throws {
    let inner = try SampleProject()
    let folder = project.path / "back end"
    try Files.makeFolder(folder)
    let copied = try ChildProcess.run(
      Launch("/bin/cp", ["-R", "\(inner.path)/.", folder.text], environment: [:]))
    try #require(copied.isSuccess, "\(copied.errors)")
    try git.commit()
    try git.go(to: "mine")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: "back end/\(Self.second)")
    if isRenamed {
      try git.move("back end/\(Self.second)", to: "back end/migrations/versions/2b second.py")
    }
    let answer = try Stairway(folder: folder).verifySince("main")
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    let said = try #require(
      answer.output.split(separator: "\n").first { $0.contains(command) }.map(String.init),
      "\(answer.output)")
    let words = try #require(said.firstRange(of: command))
    let line = said[words.lowerBound...].prefix { $0 != "," }
    let restored = try ChildProcess.run(
      Launch(
        "/bin/sh", ["-c", String(line)], environment: GitFolder.environment,
        workingDirectory: project.path / place))
    #expect(restored.isSuccess, "\(line): \(restored.errors)")
    let again = try Stairway(folder: folder).verifySince("main")
    #expect(again.status == 5, "\(again.output)\(again.errors)")
  }
}
