import Platform
import Testing

/// `verify --since` where git cannot answer: a sentence, the next command and the right exit status.
@Suite struct BadRepositoryTests {
  private let project: SampleProject

  init() throws { project = try SampleProject() }

  @Test func `no git on PATH is told, and nothing is verified`() throws {
    _ = try GitFolder(project.path)
    let answer = try project.stairway(["PATH": "/nonexistent"]).verifySince("main")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains(
        "error[no-git]: there is no git on PATH, and what changed is found through it"))
    #expect(answer.errors.contains("fix: install git, or leave --since out"))
  }

  @Test func `a project in no repository is a mistake on the command line`() throws {
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 4, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains("error[no-repository]: \(project.path) lies in no git repository"))
  }

  @Test func `a work tree that git keeps revisions out of is told, and no deletion`() throws {
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try git.git(
      "sparse-checkout", "set", "--no-cone", "/*", "!/migrations/versions/2b.py")
    try #require(!Files.exists(project.path / "migrations/versions/2b.py"))
    let answer = try project.stairway().verifySince("main", "--output-format", "concise")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains(
        "error[sparse-checkout]: this work tree leaves files out, migrations/versions/2b.py among them"
      ), "\(answer.output)\(answer.errors)")
    #expect(answer.errors.contains("fix: git sparse-checkout add migrations/versions"))
    #expect(!answer.says("deleted-revision"))
  }

  @Test func `a lock that the work tree leaves out is not gone`() throws {
    let python = try Stairway.python().text
    try #require(try project.stairway().run("lock", "--python", python).status == 0)
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try git.git("sparse-checkout", "set", "--no-cone", "/*", "!/stairway.lock")
    try #require(!Files.exists(project.path / "stairway.lock"))
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    let kept = try project.stairway().verifySince("main")
    #expect(kept.status == 0, "\(kept.output)\(kept.errors)")
    #expect(!kept.says("stairway.lock"), "\(kept.output)")
    try git.git("sparse-checkout", "disable")
    try Files.remove(project.path / "stairway.lock")
    let gone = try project.stairway().verifySince("main")
    #expect(gone.output.contains("note: stairway.lock is in main and is gone"), "\(gone.output)")
  }

  @Test func `a folder that the work tree leaves out as a whole is told, and no broken settings`()
    throws
  {
    try project.folder.write("", to: "docs/index.md")
    let git = try GitFolder(project.path)
    try git.git("sparse-checkout", "set", "docs")
    try #require(!Files.exists(project.path / "migrations"))
    let stairway = project.stairway()
    let python = try Stairway.python().text
    for answer in [
      try stairway.verifySince("main"),
      try stairway.run("verify", "--engine", "sqlite", "-q", "--python", python),
    ] {
      #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
      #expect(
        answer.errors.contains("error[sparse-checkout]: this work tree leaves files out"),
        "\(answer.errors)")
      #expect(answer.errors.contains("fix: git sparse-checkout add migrations"), "\(answer.errors)")
    }
  }

  @Test func `a repository without a commit is told`() throws {
    let git = try GitFolder(project.path)
    try git.git("update-ref", "-d", "HEAD")
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 4, "\(answer.output)\(answer.errors)")
    #expect(answer.errors.contains("error[no-commits]: the branch main of the repository"))
  }

  @Test func `a branch without a commit is told, whatever others have`() throws {
    let git = try GitFolder(project.path)
    try git.git("checkout", "--quiet", "--orphan", "new")
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 4, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains(
        "error[no-commits]: the branch new of the repository \(project.path) has no commit yet"),
      "\(answer.errors)")
  }

  /// As where a container is given the worktree alone.
  @Test func `a worktree whose repository is not there is told`() throws {
    let git = try GitFolder(project.path)
    let place = try TestFolder()
    let tree = place.path / "tree"
    try git.git("worktree", "add", "--quiet", "--detach", tree.text)
    try Files.move(project.path / ".git", to: project.path / "elsewhere")
    let answer = try Stairway(folder: tree).verifySince("main")
    #expect(answer.status == 4, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains(
        "error[no-repository]: \(tree) lies in a worktree or submodule whose repository, "
          + "\(project.path)/.git/worktrees/tree, is not there"), "\(answer.errors)")
  }

  @Test func `a clone that cannot fetch what it was made without is told`() throws {
    let git = try GitFolder(project.path)
    try git.git("config", "uploadpack.allowFilter", "true")
    try git.replace("INTEGER", with: "BIGINT", in: "migrations/versions/2b.py")
    try git.commit()
    let place = try TestFolder()
    let clone = place.path / "clone"
    try git.git(
      "clone", "--quiet", "--filter", "blob:none", "file://\(project.path)", clone.text)
    try git.git("-C", clone.text, "remote", "set-url", "origin", "file:///nonexistent")
    let answer = try Stairway(folder: clone).verifySince("HEAD~1")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains(
        "error[git-failed]: this clone was made without all contents (`git clone --filter`)"),
      "\(answer.errors)")
  }

  @Test func `a base that does not exist is told with what may be meant`() throws {
    let git = try GitFolder(project.path)
    let clone = try TestFolder()
    try git.git("clone", "--quiet", "--branch", "main", ".", "\(clone.path)/clone")
    let answer = try Stairway(folder: clone.path / "clone").verifySince("origin/mian")
    #expect(answer.status == 4, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains("error[unknown-reference]: git knows no commit 'origin/mian' here"))
    #expect(answer.errors.contains("fix: git fetch origin mian, or correct the name"))
    #expect(answer.leftovers.isEmpty)
  }

  @Test func `a clone without the base is told with the lines that bring it, and they do`() throws {
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    try git.commit()
    let clone = try TestFolder()
    try git.git(
      "clone", "--quiet", "--depth", "1", "--branch", "mine", "file://\(project.path)",
      "\(clone.path)/clone")
    let stairway = Stairway(folder: clone.path / "clone")
    let answer = try stairway.verifySince("origin/main")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(
      answer.errors.contains(
        "error[shallow-clone]: git knows no commit 'origin/main' here: this clone was made without "
          + "its past"))
    let fix =
      "git fetch --unshallow origin && git fetch origin main:refs/remotes/origin/main"
    #expect(answer.errors.contains("fix: give actions/checkout `fetch-depth: 0`; by hand: \(fix)"))
    try #require(
      ChildProcess.run(
        Launch(
          "/bin/sh", ["-c", fix], environment: GitFolder.environment,
          workingDirectory: clone.path / "clone")
      ).isSuccess)
    let deepened = try stairway.verifySince("origin/main")
    #expect(deepened.status == 0, "\(deepened.output)\(deepened.errors)")
    #expect(deepened.output.contains("1 revision on SQLite"))
  }

  @Test(.enabled(if: UserAccount.effectiveUID == 0))
  func `a repository of somebody else's is told with what makes git read it`() throws {
    _ = try GitFolder(project.path)
    let other = try #require(UserAccount(named: "nobody"))
    for path in [project.path, project.path / ".git"] { try Files.give(path, to: other) }
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.errors.contains("error[foreign-repository]"))
    #expect(
      answer.errors.contains(
        "fix: if you trust it: git config --global --add safe.directory \(project.path)"))
  }

  @Test func `a detached head and a dirty tree are verified as they lie there`() throws {
    let git = try GitFolder(project.path)
    try git.git("switch", "--quiet", "--detach", "main")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    let before = try git.git("status", "--porcelain")
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("1 revision on SQLite"))
    #expect(
      answer.output.contains(
        "note: migrations/versions/3c.py is not committed: what lies in the work tree was verified"),
      "\(answer.output)")
    // Nothing of git's was touched.
    try Files.removeTree(project.path / "reports")
    #expect(try git.git("status", "--porcelain") == before)
  }

  @Test func `a file that could not be read at the base is told and no new revision`() throws {
    try project.folder.write(
      "revision = '0z'\ndown_revision = None\nprint 'python 2'\n",
      to: "migrations/versions/0z.py")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try project.addRevision("0z", after: nil, up: "op.execute('CREATE TABLE zero (id INTEGER)')")
    try git.replace(
      "down_revision = None", with: "down_revision = '0z'",
      in: "migrations/versions/1a.py")
    let answer = try project.stairway().verifySince("main")
    #expect(
      answer.output.contains(
        "note: migrations/versions/0z.py could not be compared with what it was at main: syntax error "
          + "in line 3"), "\(answer.output)\(answer.errors)")
    #expect(!answer.output.contains("now follows 0z, which is new"), "\(answer.output)")
  }
}
