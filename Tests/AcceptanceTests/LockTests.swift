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

  @Test func `a revision of this branch may have another id, and one that is merged may not`()
    throws
  {
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try add("3c", after: "2b")
    _ = try run("lock")
    let file = project.path / "migrations/versions/3c.py"
    let text = try Files.text(of: file)
    try Files.write(text.replacing("\"3c\"", with: "\"4d\""), to: file)
    let own = try project.stairway().verifySince("main")
    #expect(own.status == 0, "\(own.output)\(own.errors)")
    #expect(
      own.output.contains(
        "3c is gone, and still in stairway.lock: `stairway lock --accept-changes` takes that up"),
      "\(own.output)")
    let alone = try verify()
    #expect(alone.status == 1, "\(alone.output)\(alone.errors)")
    #expect(alone.output.contains("[deleted-revision]"), "\(alone.output)")
    #expect(
      alone.output.contains(
        "where it is not merged yet, `stairway lock --accept-changes` takes that up"),
      "\(alone.output)")
    // Merged meanwhile, it may not go.
    try Files.write(text, to: file)
    try git.commit()
    try git.git("branch", "--force", "main")
    try Files.write(text.replacing("\"3c\"", with: "\"4d\""), to: file)
    let merged = try project.stairway().verifySince("main")
    #expect(merged.output.contains("[deleted-revision]"), "\(merged.output)\(merged.errors)")
  }

  @Test func `an edit of the downgrade alone is a warning, as git tells it`() throws {
    _ = try run("lock")
    let new = try lock
    try replace("DROP TABLE one", with: "DROP TABLE IF EXISTS one")
    let answer = try verify()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    for words in [
      "warning[edited-revision]: revision 1a stands in stairway.lock, and downgrade() does something "
        + "else now", "--> \(Self.first):13", "`stairway lock --accept-changes` takes it up",
    ] { #expect(answer.output.contains(words), "\(answer.output)") }
    // What a file of version 1 says cannot tell it from any other edit.
    let lines = new.split(separator: "\n").map { line in
      line.hasPrefix("#")
        ? String(line).replacing("version 2", with: "version 1")
        : line.split(separator: " ").prefix(3).joined(separator: " ")
    }
    try project.folder.write(lines.joined(separator: "\n") + "\n", to: "stairway.lock")
    let old = try verify()
    #expect(old.status == 1, "\(old.output)\(old.errors)")
    #expect(old.output.contains("error[edited-revision]"), "\(old.output)")
    try replace("DROP TABLE IF EXISTS one", with: "DROP TABLE one")
    let outdated = try run("lock", "--check")
    #expect(outdated.status == 1, "\(outdated.output)\(outdated.errors)")
    #expect(
      outdated.errors
        == "stairway.lock is of an older form, which tells less of a revision\n  fix: stairway lock\n"
    )
    #expect(try run("lock").status == 0)
    #expect(try lock == new)
    #expect(try run("lock", "--check").status == 0)
  }

  @Test func `what is named is taken up, where nothing else has changed`() throws {
    try add("3c", after: "2b")
    _ = try run("lock")
    let file = project.path / "migrations/versions/3c.py"
    try Files.write(
      try Files.text(of: file).replacing("down_revision = \"2b\"", with: "down_revision = \"1a\""),
      to: file)
    try replace("INTEGER", with: "BIGINT")
    let before = try lock
    let refused = try run("lock", "--accept", "3c")
    #expect(refused.status == 1, "\(refused.output)\(refused.errors)")
    #expect(refused.errors.contains("revision 1a does something that stairway.lock does not say"))
    #expect(refused.errors.contains("--accept REVISION"))
    #expect(try lock == before)
    let unknown = try run("lock", "--accept", "9z")
    #expect(unknown.status == 4, "\(unknown.output)\(unknown.errors)")
    #expect(unknown.errors.contains("error[unchanged-revision]: nothing is to be accepted of 9z"))
    try replace("BIGINT", with: "INTEGER")
    #expect(try run("lock", "--accept", "3c").status == 0)
    #expect(try lock.contains("\n3c 1a "))
  }

  @Test func `a link stays one, and what it leads to is written`() throws {
    try Files.makeFolder(project.path / "shared")
    for (name, command) in [("stairway.lock", "lock"), ("stairway-baseline.json", "baseline")] {
      let first =
        command == "lock"
        ? try run(command) : try run(command, "--engine", "sqlite", "--rows", "none", "-q")
      try #require(first.status == 0, "\(first.output)\(first.errors)")
      try Files.move(project.path / name, to: project.path / "shared/\(name)")
      let link = try ChildProcess.run(
        Launch(
          "/bin/ln", ["-s", "shared/\(name)", name], environment: [:],
          workingDirectory: project.path))
      try #require(link.isSuccess)
    }
    let before = try lock
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')", down: "pass")
    #expect(try run("lock").status == 0)
    _ = try run("baseline", "--engine", "sqlite", "--rows", "none", "-q")
    for name in ["stairway.lock", "stairway-baseline.json"] {
      #expect(Files.target(ofLink: project.path / name) == "shared/\(name)")
    }
    #expect(try Files.text(of: project.path / "shared/stairway.lock") != before)
    #expect(try Files.text(of: project.path / "shared/stairway-baseline.json").contains("3c"))
  }

  @Test func `a file that is gone here and not in the other branch is told`() throws {
    _ = try run("lock")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    let there = try project.stairway().verifySince("main", "--output-format", "concise")
    #expect(!there.output.contains("is gone"), "\(there.output)")
    try Files.remove(project.path / "stairway.lock")
    try add("3c", after: "2b")
    let answer = try project.stairway().verifySince("main")
    let base = try git.git("rev-parse", "--short=10", "main").split(separator: "\n")[0]
    #expect(
      answer.output.contains(
        "stairway.lock is in main and is gone: `git checkout \(base) -- :/stairway.lock` brings it back"
      ), "\(answer.output)\(answer.errors)")
    try git.git("checkout", String(base), "--", "stairway.lock")
    #expect(try run("lock", "--check").errors.contains("revision 3c is not in stairway.lock"))
  }

  @Test(arguments: ["stairway.lock", "stairway-baseline.json"])
  func `a folder or a link that leads nowhere is told, and left alone`(name: String) throws {
    func expect(_ words: String) throws {
      let answers =
        name == "stairway.lock"
        ? [try verify(), try run("lock"), try run("lock", "--check")] : [try verify()]
      for answer in answers {
        #expect(answer.status == 4, "\(answer.output)\(answer.errors)")
        #expect(answer.errors.contains("\(name) \(words)\n  fix: move it away"), "\(answer.errors)")
      }
    }
    try Files.makeFolder(project.path / name)
    try expect("is a folder")
    try Files.removeTree(project.path / name)
    let link = try ChildProcess.run(
      Launch(
        "/bin/ln", ["-s", "elsewhere", name], environment: [:], workingDirectory: project.path))
    try #require(link.isSuccess)
    try expect("is a link to elsewhere, which is not there")
    #expect(Files.target(ofLink: project.path / name) == "elsewhere")
  }

  @Test(arguments: [
    (
      "# stairway.lock, version 3: x\n", 3,
      "error[later-lock]: stairway.lock:1: the file is of version 3; this Stairway reads version 2\n  fix: update Stairway"
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
