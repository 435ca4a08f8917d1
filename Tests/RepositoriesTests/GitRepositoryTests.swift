import Platform
import Testing

@testable import Repositories

@Suite struct `Git repository` {
  private func open(_ sample: SampleRepository, at folder: String = "") throws -> GitRepository {
    try GitRepository(
      of: folder.isEmpty ? sample.path : sample.path / folder,
      environment: SampleRepository.environment)
  }

  @Test func `files of a folder are told at any commit, with their bytes`() throws {
    let sample = try SampleRepository()
    try sample.write("one", to: "app/versions/a.py")
    try sample.write("été\r\n", to: "app/versions/größe.py")
    try sample.write("deep", to: "app/versions/old/b.py")
    try sample.write("other", to: "app/env.py")
    try sample.commit()
    try sample.write("two", to: "app/versions/a.py")
    try sample.commit()
    let repository = try open(sample)
    let first = try repository.resolve("HEAD~1")
    let tree = try repository.tree(of: first)
    let files = tree.files(in: "app/versions", isRecursive: false)
    #expect(files.map(\.path) == ["app/versions/a.py", "app/versions/größe.py"])
    let deep = tree.files(in: "app/versions", isRecursive: true)
    #expect(deep.map(\.path).contains("app/versions/old/b.py"))
    let bytes = try repository.bytes(of: Set(deep.map(\.contents)))
    #expect(files.compactMap { bytes[$0.contents] } == [Array("one".utf8), Array("été\r\n".utf8)])
    #expect(tree.files(in: "nowhere", isRecursive: false).isEmpty)
    #expect(tree.files.count == 4)
    #expect(tree.files(in: "", isRecursive: true) == tree.files)
    #expect(tree.file(at: "app/env.py")?.path == "app/env.py")
  }

  @Test func `links are told with where they lead`() throws {
    let sample = try SampleRepository()
    try sample.write("x", to: "shared/0.py")
    try Files.makeFolder(sample.path / "versions")
    for (name, target) in [
      ("0.py", "../shared/./0.py"), ("1.py", "0.py"), ("2.py", "/etc/hostname"), ("3.py", "4.py"),
      ("4.py", "3.py"), ("5.py", "\(sample.path)/shared/0.py"), ("6.py", "../../beside/0.py"),
    ] {
      let made = try ChildProcess.run(
        Launch(
          "/bin/ln", ["-s", target, "versions/\(name)"], environment: [:],
          workingDirectory: sample.path))
      try #require(made.isSuccess)
    }
    try sample.commit()
    let repository = try open(sample)
    let tree = try repository.tree(of: repository.head())
    let links = tree.files(in: "versions", isRecursive: false)
    #expect(links.filter(\.isLink).count == 7)
    #expect(
      links.map { tree.place(of: $0.path) } == [
        .inside("shared/0.py"), .inside("shared/0.py"), .outside("/etc/hostname"),
        .outside(repository.root / "versions/3.py"), .outside(repository.root / "versions/4.py"),
        .inside("shared/0.py"), .outside(repository.root.parent / "beside/0.py"),
      ])
    #expect(tree.files.filter { !$0.isLink }.map(\.path) == ["shared/0.py"])
  }

  @Test func `a folder is found through links as they were at the commit`() throws {
    let sample = try SampleRepository()
    try sample.write("x", to: "db/versions/0.py")
    for (target, name) in [
      ("db", "migrations"), ("../\(sample.path.name)/migrations/versions", "around"),
    ] {
      let made = try ChildProcess.run(
        Launch(
          "/bin/ln", ["-s", target, name], environment: [:], workingDirectory: sample.path))
      try #require(made.isSuccess)
    }
    try sample.commit()
    try Files.remove(sample.path / "migrations")
    try sample.write("y", to: "migrations/versions/0.py")
    try sample.commit()
    let repository = try open(sample)
    let before = try repository.tree(of: repository.resolve("HEAD~1"))
    let after = try repository.tree(of: repository.head())
    for folder in ["migrations/versions", "around"] {
      #expect(before.files(in: folder, isRecursive: false).map(\.path) == ["db/versions/0.py"])
      #expect(
        after.files(in: folder, isRecursive: false).map(\.path) == ["migrations/versions/0.py"])
    }
    #expect(before.place(of: "migrations/gone/./1.py") == .inside("db/gone/1.py"))
  }

  @Test func `more contents are read than a pipe holds`() throws {
    let sample = try SampleRepository()
    for number in 0..<2_000 { try sample.write("\(number)", to: "versions/\(number).py") }
    try sample.commit()
    let repository = try open(sample)
    let files = try repository.tree(of: repository.head()).files(
      in: "versions", isRecursive: false)
    #expect(files.count == 2_000)
    #expect(try repository.bytes(of: Set(files.map(\.contents))).count == 2_000)
  }

  @Test func `folders are named from the top, also through links`() throws {
    let sample = try SampleRepository()
    try sample.write("", to: "app/versions/a.py")
    try sample.commit()
    _ = try ChildProcess.run(
      Launch("/bin/ln", ["-s", "app", "linked"], environment: [:], workingDirectory: sample.path))
    let repository = try open(sample, at: "app")
    #expect(repository.name(of: sample.path / "app/versions") == "app/versions")
    #expect(repository.name(of: sample.path / "linked/versions") == "app/versions")
    #expect(repository.name(of: sample.path) == "")
    #expect(repository.name(of: "/tmp") == nil)
  }

  @Test func `the commit where two branches parted is found, also from a detached head`() throws {
    let sample = try SampleRepository()
    try sample.commit("base")
    let base = try open(sample).head()
    try sample.git("switch", "--quiet", "--create", "mine")
    try sample.commit("mine")
    try sample.git("switch", "--quiet", "main")
    try sample.commit("theirs")
    try sample.git("switch", "--quiet", "--detach", "mine")
    let repository = try open(sample)
    let main = try repository.resolve("main")
    #expect(try repository.mergeBases(of: repository.head(), and: main, named: "main") == [base])
  }

  @Test func `nothing that git is told outside leads it elsewhere`() throws {
    let sample = try SampleRepository()
    try sample.commit()
    var environment = SampleRepository.environment
    environment["GIT_DIR"] = "/nonexistent"
    environment["GIT_INDEX_FILE"] = "/nonexistent/index"
    environment["LANG"] = "de_DE.UTF-8"
    let repository = try GitRepository(of: sample.path, environment: environment)
    #expect(repository.root == sample.path)
  }

  @Test func `programs that the repository names are not started`() throws {
    let sample = try SampleRepository()
    try sample.write("a", to: "a.py")
    try sample.commit()
    for name in ["core.fsmonitor", "diff.external", "core.pager", "core.editor"] {
      try sample.git("config", name, "touch \(sample.path)/started; false")
    }
    let repository = try open(sample)
    let files = try repository.tree(of: repository.head()).files
    _ = try repository.bytes(of: Set(files.map(\.contents)))
    #expect(!Files.exists(sample.path / "started"))
  }

  @Test func `what a name may have meant is told`() throws {
    let sample = try SampleRepository()
    try sample.commit()
    let clone = try SampleRepository()
    try clone.git("remote", "add", "origin", sample.path.text)
    try clone.git("fetch", "--quiet", "origin")
    try clone.commit("another beginning")
    try clone.git("branch", "--move", "mine")
    let repository = try open(clone)
    let near = #expect(throws: RepositoryError.self) { try repository.resolve("main") }
    #expect(near?.code == .unknownReference)
    #expect(near?.fix == "did you mean origin/main?")
    let far = #expect(throws: RepositoryError.self) { try repository.resolve("origin/release") }
    #expect(far?.fix == "git fetch origin release, or correct the name")
    // What is no branch's name is not fetched as one.
    let empty = #expect(throws: RepositoryError.self) { try repository.resolve("origin/") }
    #expect(empty?.fix == "name a branch of origin: `git branch --remotes` lists them")
    let text = #expect(throws: RepositoryError.self) { try repository.resolve(":/no such text") }
    #expect(text?.fix == "name a branch, tag or commit: `git branch --all` lists the branches")
    #expect(try repository.resolve(":/another beg") == repository.head())
    for name in ["^main", "--all", "nothing here", "main\nmain", ""] {
      #expect(throws: RepositoryError.self) { try repository.resolve(name) }
    }
    let apart = #expect(throws: RepositoryError.self) {
      try repository.mergeBases(
        of: repository.head(), and: repository.resolve("origin/main"), named: "origin/main")
    }
    #expect(apart?.code == .noCommonCommit)
  }

  @Test func `a clone without its past says what brings it`() throws {
    let sample = try SampleRepository()
    try sample.commit("base")
    try sample.git("switch", "--quiet", "--create", "mine")
    try sample.commit("mine")
    try sample.git("switch", "--quiet", "main")
    try sample.commit("theirs")
    let clone = try SampleRepository()
    try clone.git("remote", "add", "origin", "file://\(sample.path)")
    try clone.git("fetch", "--quiet", "--depth", "1", "origin", "mine")
    try clone.git("checkout", "--quiet", "FETCH_HEAD")
    let repository = try open(clone)
    #expect(repository.isShallow)
    let missing = #expect(throws: RepositoryError.self) { try repository.resolve("origin/main") }
    #expect(missing?.code == .shallowClone)
    let before = #expect(throws: RepositoryError.self) { try repository.resolve("HEAD~1") }
    #expect(before?.code == .shallowClone)
    #expect(
      before?.fix
        == "give actions/checkout `fetch-depth: 0`; by hand: git fetch --unshallow origin")
    try clone.git("fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main")
    let apart = #expect(throws: RepositoryError.self) {
      try repository.mergeBases(
        of: repository.head(), and: repository.resolve("origin/main"), named: "origin/main")
    }
    #expect(apart?.code == .shallowClone)
    #expect(
      apart?.fix
        == "give actions/checkout `fetch-depth: 0`; by hand: git fetch --unshallow origin && "
        + "git fetch origin main:refs/remotes/origin/main")
    // The commands that it names do what it says.
    try clone.git("fetch", "--quiet", "--unshallow", "origin")
    try clone.git("fetch", "--quiet", "origin", "main:refs/remotes/origin/main")
    let whole = try open(clone)
    #expect(
      try whole.mergeBases(
        of: whole.head(), and: whole.resolve("origin/main"), named: "origin/main"
      ).count == 1)
  }

  @Test(.enabled(if: UserAccount.effectiveUID == 0))
  func `a repository that is somebody else's is told with what makes git read it`() throws {
    let sample = try SampleRepository()
    let other = try #require(UserAccount(named: "nobody"))
    try Files.give(sample.path, to: other)
    try Files.give(sample.path / ".git", to: other)
    let error = #expect(throws: RepositoryError.self) { try open(sample) }
    #expect(error?.code == .foreignRepository)
    #expect(
      error?.fix == "if you trust it: git config --global --add safe.directory \(sample.path)")
  }

  @Test func `no git, no repository and no commit are told apart`() throws {
    let sample = try SampleRepository()
    let empty = #expect(throws: RepositoryError.self) { try open(sample).head() }
    #expect(empty?.code == .noCommits)
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-test")
    defer { try? Files.removeTree(folder) }
    let none = #expect(throws: RepositoryError.self) {
      try GitRepository(of: folder, environment: SampleRepository.environment)
    }
    #expect(none?.code == .noRepository)
    let noGit = #expect(throws: RepositoryError.self) {
      try GitRepository(of: sample.path, environment: ["PATH": folder.text])
    }
    #expect(noGit?.code == .noGit)
  }
}
