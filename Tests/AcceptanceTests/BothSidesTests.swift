import Formats
import Platform
import Testing

/// Revisions that are merged on both sides, though not every commit at which they parted has them.
@Suite struct `What is merged on both sides` {
  private let project: SampleProject
  private let git: GitFolder

  init() throws {
    project = try SampleProject()
    git = try GitFolder(project.path)
  }

  private func add(_ id: String, after parent: String) throws {
    try project.addRevision(
      id, after: parent, up: "op.execute('CREATE TABLE t\(id) (id INTEGER)')")
    try git.commit("add \(id)")
  }

  private func verify() throws -> Stairway.Answer {
    try project.stairway().verifySince("main", "--output-format", "concise")
  }

  private static func file(_ id: String) -> String { "migrations/versions/\(id).py" }

  /// A release of `develop` into `main` and a hotfix of `main` in `develop`, side by side: what either
  /// brought the other lies at one of two merge bases.
  private func crossMerge() throws {
    try git.git("switch", "--quiet", "--create", "develop")
    try add("d1", after: "2b")
    try git.git("branch", "release")
    try git.git("switch", "--quiet", "main")
    try add("h1", after: "2b")
    try git.git("branch", "hotfix")
    try git.git("merge", "--quiet", "--no-edit", "release")
    try project.folder.write(
      """
      \"\"\"Merge the hotfix into the release.\"\"\"
      revision = "mm"
      down_revision = ("d1", "h1")


      def upgrade():
          pass


      def downgrade():
          pass
      """, to: Self.file("mm"))
    try git.commit("join the heads")
    try git.git("switch", "--quiet", "develop")
    try git.git("merge", "--quiet", "--no-edit", "hotfix")
    try git.git("checkout", "main", "--", Self.file("mm"))
    try git.commit("join the heads here, too")
    let bases = try git.git("merge-base", "--all", "main", "develop")
    try #require(bases.split(separator: "\n").count == 2)
    let sound = try verify()
    try #require(sound.status == 5, "\(sound.output)\(sound.errors)")
  }

  @Test(arguments: ["d1", "h1"])
  func `after merges in both directions an edit is seen, whichever side it came from`(
    id: String
  ) throws {
    try crossMerge()
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.file(id))
    try git.commit()
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains("error[edited-revision]: revision \(id) is merged in main"),
      "\(answer.output)")
    // What it names is a commit that has the file.
    let words = try #require(answer.output.firstRange(of: "git checkout "))
    let command = answer.output[words.lowerBound...].prefix { $0 != "," }
    let restored = try ChildProcess.run(
      Launch(
        "/bin/sh", ["-c", String(command)], environment: GitFolder.environment,
        workingDirectory: project.path))
    #expect(restored.isSuccess, "\(command): \(restored.errors)")
    let again = try verify()
    #expect(again.status == 5, "\(again.output)\(again.errors)")
  }

  @Test(arguments: ["d1", "h1"])
  func `after merges in both directions nothing can be put below what either side brought`(
    id: String
  ) throws {
    try crossMerge()
    try add("z1", after: "2b")
    try git.replace(
      "down_revision = \"2b\"", with: "down_revision = \"z1\"", in: Self.file(id))
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(
      answer.output.contains(
        "error[misplaced-revision] \(id): revision \(id) is merged in main, and now follows z1, which is new"
      ), "\(answer.output)")
    #expect(!answer.says("multiple-heads"), "\(answer.output)")
  }

  @Test func `after merges in both directions what is gone is told, with the commits that have it`()
    throws
  {
    try crossMerge()
    for id in ["d1", "h1", "mm"] { try Files.remove(project.path / Self.file(id)) }
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("d1"), "\(answer.output)")
    #expect(answer.output.contains("h1"), "\(answer.output)")
  }

  @Test func `what main edited after both merges is no edit of the branch's`() throws {
    try crossMerge()
    try git.go(to: "main")
    for id in ["d1", "h1"] {
      try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.file(id))
    }
    try git.commit("allowed there")
    try git.git("switch", "--quiet", "develop")
    let answer = try verify()
    #expect(answer.status == 5, "\(answer.output)\(answer.errors)")
  }

  @Test func `a lock's error for such a revision stays one`() throws {
    try crossMerge()
    let python = try Stairway.python().text
    try #require(try project.stairway().run("lock", "--python", python).status == 0)
    for id in ["d1", "h1"] {
      try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.file(id))
    }
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
  }

  /// The branch goes on after its beginning came to `main` as one commit, or as one of its own.
  @Test(arguments: [["merge", "--quiet", "--squash", "mine"], ["cherry-pick", "mine"]])
  func `what came to the other branch by another commit is merged`(way: [String]) throws {
    try git.go(to: "mine")
    try add("3c", after: "2b")
    try git.go(to: "main")
    try git.commit("something else")
    let merged = try ChildProcess.run(
      Launch("git", way, environment: GitFolder.environment, workingDirectory: project.path))
    try #require(merged.isSuccess, "\(merged.errors)")
    try git.commit("take it over")
    try git.git("switch", "--quiet", "mine")
    try add("4d", after: "3c")
    let sound = try verify()
    #expect(sound.status == 0, "\(sound.output)\(sound.errors)")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.file("3c"))
    let answer = try project.stairway().verifySince("main")
    let tip = try git.git("rev-parse", "--short=10", "main").split(separator: "\n")[0]
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    for words in [
      "error[edited-revision]: revision 3c is merged in main, and upgrade() does something else now",
      "git checkout \(tip) -- :/\(Self.file("3c")), and make the change in a new revision",
    ] { #expect(answer.output.contains(words), "\(answer.output)") }
  }

  @Test func `one id that both sides gave to files of the same name is told`() throws {
    try git.go(to: "mine")
    try add("3c", after: "2b")
    try git.go(to: "main")
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE other (id INTEGER)')")
    try git.commit("add another 3c")
    try git.git("switch", "--quiet", "mine")
    let answer = try project.stairway().verifySince("main")
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    for words in [
      "error[edited-revision]: revision 3c is merged in main",
      "where it is another revision that both sides gave the same id, give this one an id of its own",
    ] {
      #expect(
        answer.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(words),
        "\(answer.output)")
    }
  }

  @Test func `several branches that are merged at once are understood`() throws {
    for (branch, id) in [("one", "b1"), ("two", "b2")] {
      try git.git("switch", "--quiet", "--create", branch, "main")
      try project.folder.write("\(id)\n", to: "\(id).txt")
      if branch == "one" { try add("3c", after: "2b") } else { try git.commit() }
    }
    try git.git("switch", "--quiet", "main")
    try git.git("merge", "--quiet", "--no-edit", "one", "two")
    try git.go(to: "mine")
    try add("4d", after: "3c")
    let sound = try verify()
    #expect(sound.status == 0, "\(sound.output)\(sound.errors)")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.file("3c"))
    #expect(try verify().says("edited-revision"))
  }

  @Test func `a worktree and a branch that was rebased are held against where they stand`() throws {
    try git.go(to: "mine")
    try add("3c", after: "2b")
    try git.go(to: "main")
    try project.folder.write("else\n", to: "else.txt")
    try git.commit("something else")
    try git.git("switch", "--quiet", "mine")
    try git.git("rebase", "--quiet", "main")
    try git.git("switch", "--quiet", "main")
    let beside = try TestFolder()
    let place = beside.path / "tree"
    try git.git("worktree", "add", "--quiet", place.text, "mine")
    let sound = try Stairway(folder: place).verifySince("main", "--output-format", "json")
    let record = try JSONText.decode(SinceReport.self, from: sound.output, name: "report").record
    #expect(record.log?.since.added == ["3c"])
    let file = place / Self.file("2b")
    try Files.write(try Files.text(of: file).replacing("INTEGER", with: "BIGINT"), to: file)
    let answer = try Stairway(folder: place).verifySince("main", "--output-format", "concise")
    #expect(answer.says("edited-revision"), "\(answer.output)\(answer.errors)")
  }
}
