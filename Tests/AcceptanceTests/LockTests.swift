import Platform
import Testing

/// `stairway lock`, and `verify` where there is a `stairway.lock`.
@Suite struct LockTests {
  private let project: SampleProject
  private static let first = "migrations/versions/1a.py"

  init() throws { project = try SampleProject() }

  private var lock: String { get throws { try Files.text(of: project.path / "stairway.lock") } }

  private func run(_ arguments: String...) throws -> Stairway.Answer {
    try project.stairway(["STAIRWAY_PARITY": "false"]).run(
      arguments + ["--python", Stairway.python().text])
  }

  private func verify() throws -> Stairway.Answer {
    try run("verify", "--engine", "sqlite", "--rows", "none", "-q")
  }

  private func add(_ id: String, after parent: String) throws {
    try project.addRevision(
      id, after: parent, up: "op.execute('CREATE TABLE t\(id) (id INTEGER)')")
  }

  private func replace(_ old: String, with new: String) throws {
    let text = try Files.text(of: project.path / Self.first)
    try #require(text.contains(old))
    try Files.write(text.replacing(old, with: new), to: project.path / Self.first)
  }

  @Test func `a line is written for each revision, and one that is new comes at the end`() throws {
    let missing = try run("lock", "--check")
    #expect(missing.status == 1)
    #expect(missing.errors.contains("there is no stairway.lock\n  fix: stairway lock"))
    #expect(try run("lock").output == "stairway.lock holds 2 revisions, 2 of them new\n")
    let lines = try lock.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.map { $0.split(separator: " ").prefix(2) } == [["1a", "-"], ["2b", "1a"]])
    let current = try run("lock", "--check")
    #expect(current.status == 0)
    #expect(current.output == "stairway.lock is up to date: 2 revisions\n")
    try add("3c", after: "2b")
    let before = try lock
    let stale = try run("lock", "--check")
    #expect(stale.status == 1)
    #expect(stale.errors.contains("revision 3c is not in stairway.lock\n  fix: stairway lock\n"))
    #expect(try lock == before)
    #expect(try run("lock").status == 0)
    #expect(try lock.hasPrefix(before))
    #expect(try run("lock", "--check").status == 0)
  }

  @Test func `two branches that add a revision conflict in git itself`() throws {
    _ = try run("lock")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try add("3c", after: "2b")
    _ = try run("lock")
    try git.commit()
    try git.git("switch", "--quiet", "--create", "theirs", "main")
    try add("4d", after: "2b")
    _ = try run("lock")
    try git.commit()
    let merge = try ChildProcess.run(
      Launch(
        "git", ["merge", "mine"], environment: GitFolder.environment,
        workingDirectory: project.path))
    #expect(merge.status == .exited(1))
    #expect(merge.output.contains("CONFLICT (content): Merge conflict in stairway.lock"))
    let answer = try verify()
    #expect(answer.status == 4, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains(
        "error[lock-conflict]: stairway.lock:5: the file holds an unresolved merge"),
      "\(answer.errors)")
    // Keeping the lines of both sides mends the file.
    let lines = try lock.split(separator: "\n").filter {
      !["<<<<<<<", "=======", ">>>>>>>"].contains($0.prefix(7))
    }
    try Files.write(lines.joined(separator: "\n") + "\n", to: project.path / "stairway.lock")
    #expect(try run("lock", "--check").status == 0)
    #expect(try verify().says("multiple-heads"))
  }

  @Test func `an edited, a deleted and a moved revision are found without git`() throws {
    try add("3c", after: "2b")
    _ = try run("lock")
    let sound = try verify()
    #expect(sound.status == 0, "\(sound.output)\(sound.errors)")
    try replace("INTEGER", with: "BIGINT")
    try Files.remove(project.path / "migrations/versions/2b.py")
    let file = project.path / "migrations/versions/3c.py"
    try Files.write(
      try Files.text(of: file).replacing("down_revision = \"2b\"", with: "down_revision = \"1a\""),
      to: file)
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    for words in [
      "error[edited-revision]: revision 1a does something else than stairway.lock says",
      "error[deleted-revision]: revision 2b stands in stairway.lock, and no file defines it any more",
    ] { #expect(answer.output.contains(words), "\(answer.output)") }
    let before = try lock
    let refused = try run("lock")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("nothing was written"))
    #expect(try lock == before)
    #expect(try run("lock", "--accept-changes").status == 0)
    let accepted = try verify()
    #expect(accepted.status == 0, "\(accepted.output)\(accepted.errors)")
  }

  @Test func `where no revision is left, all that the file knows are told to be gone`() throws {
    _ = try run("lock")
    for file in ["1a", "2b"] { try Files.remove(project.path / "migrations/versions/\(file).py") }
    let before = try lock
    for answer in [try run("lock", "--check"), try run("lock")] {
      #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
      for id in ["1a", "2b"] {
        #expect(
          answer.errors.contains(
            "revision \(id) is in stairway.lock, and no file defines it any more"))
      }
      #expect(try lock == before)
    }
    #expect(
      try run("lock", "--accept-changes").output == "stairway.lock holds 0 revisions\n")
    // Then there is nothing that anything could be held against.
    #expect(try run("lock", "--check").status == 5)
  }

  @Test func `a revision that the file does not know is remarked, and its message judged`() throws {
    _ = try run("lock")
    try add("3c", after: "2b")
    let file = project.path / "migrations/versions/3c.py"
    try Files.write(
      try Files.text(of: file).replacing("change 3c", with: "update"), to: file)
    let answer = try verify()
    #expect(answer.status == 0)
    #expect(answer.output.contains("note: 3c is not in stairway.lock: `stairway lock` adds it"))
    #expect(answer.output.contains("warning[vague-message]"), "\(answer.output)")
    #expect(answer.output.contains("e.g. \"add table t3c\""), "\(answer.output)")
  }

  @Test func `a revision of this branch may be edited, though it is in the file already`() throws {
    _ = try run("lock")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try add("3c", after: "2b")
    _ = try run("lock")
    try git.commit()
    let file = project.path / "migrations/versions/3c.py"
    try Files.write(try Files.text(of: file).replacing("INTEGER", with: "BIGINT"), to: file)
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains(
        "3c is not as it stands in stairway.lock: `stairway lock --accept-changes` takes that up"))
  }

  @Test(arguments: [
    (
      "# stairway.lock, version 2: x\n", 3,
      "error[later-lock]: stairway.lock:1: the file is of version 2; this Stairway reads version 1\n  fix: update Stairway"
    ),
    ("{}\n", 4, "error[malformed-lock]: stairway.lock:1: this is no line of a lock file"),
  ])
  func `a file that cannot be read is told`(text: String, status: Int, words: String) throws {
    try project.folder.write(text, to: "stairway.lock")
    for answer in [try verify(), try run("lock"), try run("lock", "--check")] {
      #expect(answer.status == Int32(status), "\(answer.output)\(answer.errors)")
      #expect(answer.errors.contains(words), "\(answer.errors)")
    }
    #expect(try lock == text)
  }
}
