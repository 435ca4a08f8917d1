import Platform
import Testing

/// `verify --since` where the revisions lie in a submodule of the project's repository.
@Suite struct `Revisions in a submodule` {
  private let project: SampleProject
  /// What the submodule is a clone of.
  private let origin: TestFolder
  private let git: GitFolder
  private static let second = "migrations/versions/2b.py"

  init() throws {
    project = try SampleProject()
    origin = try TestFolder()
    let copied = try ChildProcess.run(
      Launch(
        "/bin/cp", ["-R", "\(project.path)/migrations/.", origin.path.text], environment: [:]))
    try #require(copied.isSuccess)
    _ = try GitFolder(origin.path)
    try Files.removeTree(project.path / "migrations")
    try project.folder.write("reports/\n__pycache__/\n", to: ".gitignore")
    git = try GitFolder(project.path)
    try git.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
      "file://\(origin.path)", "migrations")
    try git.commit("revisions of their own")
    try git.go(to: "mine")
  }

  /// Commits in the submodule, and that it stands there.
  private func commit() throws {
    try git.git("-C", "migrations", "add", "--all")
    try git.git("-C", "migrations", "commit", "--quiet", "--message", "change")
    try git.commit()
  }

  private func add(_ id: String, after parent: String) throws {
    try project.addRevision(
      id, after: parent, up: "op.execute('CREATE TABLE t\(id) (id INTEGER)')")
  }

  private func verify() throws -> Stairway.Answer { try project.stairway().verifySince("main") }

  /// What the sentence says to do, done in the project's folder.
  private func carryOut(_ command: String, from output: String, in folder: Path) throws {
    let words = try #require(output.firstRange(of: command), "\(output)")
    let line = output[words.lowerBound...].prefix { !",;\n".contains($0) }
    let done = try ChildProcess.run(
      Launch(
        "/bin/sh", ["-c", String(line)],
        environment: GitFolder.environment.merging([
          "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.file.allow",
          "GIT_CONFIG_VALUE_0": "always",
        ]) { $1 }, workingDirectory: folder))
    #expect(done.isSuccess, "\(line): \(done.errors)")
  }

  @Test func `are new where the commit that the base names has them not`() throws {
    #expect(try verify().status == 5)
    try add("3c", after: "2b")
    let dirty = try verify()
    #expect(dirty.status == 0, "\(dirty.output)\(dirty.errors)")
    #expect(dirty.output.contains("note: migrations/versions/3c.py is not committed"))
    try commit()
    let answer = try verify()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("1 revision on SQLite"), "\(answer.output)")
    #expect(!answer.output.contains("not committed"), "\(answer.output)")
  }

  @Test(arguments: [true, false])
  func `are told where they are not what they were, with what brings them back`(
    isEdited: Bool
  ) throws {
    let file = project.path / Self.second
    if isEdited {
      try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.second)
    } else {
      try Files.remove(file)
    }
    try commit()
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.says(isEdited ? "error[edited-revision]" : "error[deleted-revision]"),
      "\(answer.output)")
    try carryOut("git -C ", from: answer.output, in: project.path)
    #expect(try verify().status == 5)
  }

  @Test func `are held against the commit at which the other branch has them`() throws {
    try git.git("switch", "--quiet", "main")
    try add("3c", after: "2b")
    try commit()
    try git.git("switch", "--quiet", "mine")
    try git.git("submodule", "--quiet", "update")
    try add("4d", after: "2b")
    try commit()
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains(
        "the history will have 2 heads: 4d (4d.py, from this branch) and 3c (3c.py, from main)"),
      "\(answer.output)")
  }

  @Test func `are the same where the submodule was moved`() throws {
    try git.git("mv", "migrations", "db")
    try git.replace("/migrations", with: "/db", in: "alembic.ini")
    try git.commit()
    let moved = try verify()
    #expect(moved.status == 5, "\(moved.output)\(moved.errors)")
  }

  @Test(arguments: [true, false])
  func `are brought back also where the submodule was moved, to a name with a blank`(
    isEdited: Bool
  ) throws {
    let second = "our db/versions/2b.py"
    try git.git("mv", "migrations", "our db")
    try git.replace("/migrations", with: "/our db", in: "alembic.ini")
    if isEdited {
      try git.replace("(id INTEGER)", with: "(id BIGINT)", in: second)
    } else {
      try Files.remove(project.path / second)
    }
    try git.git("-C", "our db", "commit", "--quiet", "--all", "--message", "change")
    try git.commit()
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.says(isEdited ? "error[edited-revision]" : "error[deleted-revision]"),
      "\(answer.output)")
    try carryOut("git -C ", from: answer.output, in: project.path)
    let mended = try verify()
    #expect(mended.status == 5, "\(mended.output)\(mended.errors)")
  }

  @Test func `are not known where the commit is not there, with the line that fetches it`() throws {
    try add("3c", after: "2b")
    try commit()
    try git.git("-C", "migrations", "push", "--quiet", "origin", "HEAD:refs/heads/mine")
    let place = try TestFolder()
    let clone = place.path / "clone"
    try git.git("clone", "--quiet", "--branch", "mine", ".", clone.text)
    let stairway = Stairway(folder: clone)
    // Not even checked out: an empty folder is no history without revisions.
    let absent = try stairway.verifySince("origin/main")
    #expect(absent.status == 3, "\(absent.output)\(absent.errors)")
    #expect(
      absent.errors.contains(
        "error[missing-submodule]: the revisions lie in the submodule migrations, which is not checked out"
      ), "\(absent.errors)")
    let whole = try stairway.run(
      "verify", "--engine", "sqlite", "-q", "--python", Stairway.python().text)
    #expect(whole.status == 3, "\(whole.output)\(whole.errors)")
    #expect(absent.errors.contains("fix: git submodule update --init :/migrations"))
    // Nor is the project's own folder without migrations, nor one that the settings name below.
    let inside = try Stairway(folder: clone / "migrations").verifySince("origin/main")
    #expect(inside.errors.contains("error[missing-submodule]"), "\(inside.output)\(inside.errors)")
    try Files.removeTree(clone / "migrations/reports")
    let settings = try Files.text(of: clone / "alembic.ini")
    try Files.write(
      settings.replacing("/migrations", with: "/migrations/deep"), to: clone / "alembic.ini")
    let below = try stairway.verifySince("origin/main")
    #expect(below.errors.contains("error[missing-submodule]"), "\(below.output)\(below.errors)")
    try Files.write(settings, to: clone / "alembic.ini")
    try git.git("-C", origin.path.text, "commit", "--quiet", "--allow-empty", "-m", "later")
    try git.git(
      "-C", clone.text, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update",
      "--init",
      "--depth", "1")
    let base = try git.git("rev-parse", "main:migrations").prefix(10)
    let shallow = try stairway.verifySince("origin/main")
    #expect(shallow.status == 3, "\(shallow.output)\(shallow.errors)")
    #expect(
      shallow.errors.contains(
        "error[missing-submodule]: the revisions were those of the submodule migrations at \(base), "
          + "which its clone does not have"), "\(shallow.errors)")
    try carryOut("git -C ", from: shallow.errors, in: clone)
    let deepened = try stairway.verifySince("origin/main")
    #expect(deepened.status == 0, "\(deepened.output)\(deepened.errors)")
    #expect(deepened.output.contains("1 revision on SQLite"))
  }

  @Test func `are not known where it is a submodule no longer`() throws {
    let place = try TestFolder()
    let kept = place.path / "kept"
    try Files.move(project.path / "migrations", to: kept)
    try git.git("rm", "--quiet", "--cached", "migrations")
    try Files.remove(kept / ".git")
    try Files.move(kept, to: project.path / "migrations")
    try git.commit("take the revisions in")
    let answer = try verify()
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.errors.contains("a submodule no longer"), "\(answer.errors)")
    #expect(answer.errors.contains("fix: leave --since out"), "\(answer.errors)")
  }
}
