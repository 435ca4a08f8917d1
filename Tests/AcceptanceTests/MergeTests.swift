import Platform
import Testing

/// The merge as it will be, seen by `verify --since` before it is made.
@Suite struct MergeTests {
  private let project: SampleProject
  private let git: GitFolder

  init() throws {
    project = try SampleProject()
    git = try GitFolder(project.path)
  }

  private func add(_ id: String, after parent: String, file: String? = nil) throws {
    try project.addRevision(
      id, after: parent, up: "op.execute('CREATE TABLE t\(id) (id INTEGER)')")
    if let file {
      try git.move("migrations/versions/\(id).py", to: "migrations/versions/\(file).py")
    }
  }

  private func verify() throws -> Stairway.Answer { try project.stairway().verifySince("main") }

  @Test func `two revisions on the same parent are two heads before the merge`() throws {
    try add("3c", after: "2b")
    try git.commit()
    try git.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    try add("4d", after: "2b")
    try add("5e", after: "4d")
    try git.commit()
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    for words in [
      "error[multiple-heads]: merged into main, the history will have 2 heads: "
        + "3c (3c.py, from main) and 5e (5e.py, from this branch)",
      "--> migrations/versions/5e.py:5",
      "`git merge main`, then in migrations/versions/4d.py: down_revision = \"3c\"",
      "or, to keep both as they are: alembic merge -m \"merge heads\" 3c 5e",
    ] { #expect(answer.output.contains(words), "\(answer.output)\(answer.errors)") }

    // What it says to do mends it.
    try git.git("merge", "--quiet", "--no-edit", "main")
    let merged = try verify()
    #expect(
      merged.output.contains(
        "the history has 2 heads: 3c (3c.py, from main) and 5e (5e.py, from this branch)"),
      "\(merged.output)")
    try git.replace(
      "down_revision = \"2b\"", with: "down_revision = \"3c\"",
      in: "migrations/versions/4d.py")
    let mended = try verify()
    #expect(mended.status == 0, "\(mended.output)\(mended.errors)")
    #expect(mended.output.contains("2 revisions on SQLite"))
  }

  @Test func `files of one name are told to be renamed before the merge`() throws {
    try add("3c", after: "2b", file: "0003")
    try git.commit()
    try git.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    try add("4d", after: "2b", file: "0003")
    try git.commit()
    let answer = try verify()
    let versions = "migrations/versions/"
    let move = "git mv \(versions)0003.py \(versions)0003_4d.py"
    for words in [
      "main has another file of the same name: `\(move)`, commit that, then `git merge main`, then in",
      "\(versions)0003_4d.py: down_revision = \"3c\"",
    ] { #expect(answer.says(words), "\(answer.output)\(answer.errors)") }

    // What it says to do mends it.
    try git.move("\(versions)0003.py", to: "\(versions)0003_4d.py")
    try git.commit()
    try git.git("merge", "--quiet", "--no-edit", "main")
    try git.replace(
      "down_revision = \"2b\"", with: "down_revision = \"3c\"", in: "\(versions)0003_4d.py")
    let mended = try verify()
    #expect(mended.status == 0, "\(mended.output)\(mended.errors)")
  }

  /// What a workflow checks out of a pull request: a merge of both, which nobody's branch has.
  @Test func `checked out as CI merges it, the mend begins with the merge that the branch lacks`()
    throws
  {
    // What a run writes is no part of any branch.
    try Files.makeFolder(git.path / ".git/info")
    try Files.write("reports/\n", to: git.path / ".git/info/exclude")
    try add("3c", after: "2b")
    try git.commit()
    try git.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    try add("4d", after: "2b")
    try git.commit()
    try git.git("switch", "--quiet", "--detach", "main")
    try git.git("merge", "--quiet", "--no-edit", "--no-ff", "mine")
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    for words in [
      "the history has 2 heads: 3c (3c.py, from main) and 4d (4d.py, from this branch)",
      "`git merge main`, then in migrations/versions/4d.py: down_revision = \"3c\"",
    ] { #expect(answer.output.contains(words), "\(answer.output)") }
    // With a second head of its own it is no single edit.
    try git.git("switch", "--quiet", "mine")
    try add("5e", after: "2b")
    try git.commit()
    try git.git("switch", "--quiet", "--detach", "main")
    try git.git("merge", "--quiet", "--no-edit", "--no-ff", "mine")
    let two = try verify()
    #expect(
      two.output.contains("fix: `git merge main`, then: alembic merge -m \"merge heads\" 3c 4d 5e"),
      "\(two.output)")
    // A branch that has all of the other is told no merge, however it is checked out.
    try git.git("switch", "--quiet", "mine")
    try git.git("merge", "--quiet", "--no-edit", "main")
    try git.git("switch", "--quiet", "--detach", "main")
    try git.git("merge", "--quiet", "--no-edit", "--no-ff", "mine")
    let merged = try verify()
    #expect(
      merged.output.contains("fix: alembic merge -m \"merge heads\" 3c 4d 5e"), "\(merged.output)")
  }

  @Test func `a head there whose id only running it would tell is one all the same`() throws {
    try add("3c", after: "2b")
    try git.replace(
      "revision = \"3c\"", with: "revision = \"3\" + \"c\"", in: "migrations/versions/3c.py")
    try git.commit()
    try git.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    try add("4d", after: "2b")
    try git.commit()
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    for words in [
      "error[multiple-heads]: merged into main, the history will have 2 heads: "
        + "4d (4d.py, from this branch) and 3c (3c.py, from main, which computes its id)",
      "`git merge main`, then: alembic merge -m \"merge heads\" heads",
    ] { #expect(answer.output.contains(words), "\(answer.output)\(answer.errors)") }
  }

  @Test func `heads that a merge revision joins are none`() throws {
    try add("3c", after: "2b")
    try git.commit()
    try git.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    try add("4d", after: "2b")
    try git.commit()
    try git.git("merge", "--quiet", "--no-edit", "main")
    try project.folder.write(
      """
      revision = "5e"
      down_revision = ("3c", "4d")


      def upgrade():
          pass


      def downgrade():
          pass
      """, to: "migrations/versions/5e.py")
    let answer = try verify()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("2 revisions on SQLite"))
  }

  @Test func `what only the other branch has done is not this branch's matter`() throws {
    try git.git("branch", "mine")
    try add("3c", after: "2b")
    try add("4d", after: "2b")
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    try add("5e", after: "2b")
    let own = try verify()
    #expect(own.output.contains("the history will have 3 heads"), "\(own.output)")
    try Files.remove(project.path / "migrations/versions/5e.py")
    let none = try verify()
    #expect(none.status == 5, "\(none.output)\(none.errors)")
  }

  @Test func `an id that both have given away is told with both files`() throws {
    try add("3c", after: "2b", file: "3c_posts")
    try git.commit()
    try git.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    try add("3c", after: "2b", file: "3c_users")
    let answer = try verify()
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[duplicate-revision]: merged into main, revision 3c will be defined by "
          + "migrations/versions/3c_users.py, from this branch, and migrations/versions/3c_posts.py, "
          + "from main"), "\(answer.output)\(answer.errors)")
    // The same file on both sides is one file, and nothing that this branch brings.
    try git.git("checkout", "main", "--", ".")
    try Files.remove(project.path / "migrations/versions/3c_users.py")
    #expect(try verify().status == 5)
  }

  @Test func `a parent that the other branch has deleted will be missing`() throws {
    try git.git("branch", "mine")
    try Files.remove(project.path / "migrations/versions/2b.py")
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    try add("3c", after: "2b")
    let answer = try verify()
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "error[missing-parent]: merged into main, revision 3c will need 2b, which main has deleted"),
      "\(answer.output)\(answer.errors)")
  }

  @Test func `in the merge that a forge makes for a pull request the sides are told as well`()
    throws
  {
    try add("3c", after: "2b")
    try git.commit()
    try git.git("switch", "--quiet", "--create", "mine", "HEAD~1")
    try add("4d", after: "2b")
    try git.commit()
    try git.git("switch", "--quiet", "--detach", "main")
    try git.git("merge", "--quiet", "--no-edit", "mine")
    let answer = try verify()
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "the history has 2 heads: 3c (3c.py, from main) and 4d (4d.py, from this branch)"),
      "\(answer.output)")
    #expect(answer.output.contains("1 revision on SQLite"))
    // The other branch has gone on since: what it is now is what is to be followed.
    let merge = try git.git("rev-parse", "HEAD").split(separator: "\n")[0]
    try git.git("switch", "--quiet", "main")
    try add("5e", after: "3c")
    try git.commit()
    try git.git("switch", "--quiet", "--detach", String(merge))
    let later = try verify()
    #expect(
      later.output.contains(
        "merged into main, the history will have 2 heads: 4d (4d.py, from this branch) and 5e "
          + "(5e.py, from main)"), "\(later.output)")
    #expect(later.output.split(separator: "multiple-heads").count == 2, "\(later.output)")
  }

  @Test func `what the other branch took over and put elsewhere makes no second head`() throws {
    try git.go(to: "mine")
    try add("3c", after: "2b")
    try add("4d", after: "3c")
    try git.commit()
    try git.go(to: "main")
    try add("2x", after: "2b")
    try add("3c", after: "2x")
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    let answer = try verify()
    #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
    #expect(!answer.output.contains("multiple-heads"), "\(answer.output)")
    for words in [
      "error[misplaced-revision]: revision 3c is merged in main, and now follows 2b instead of 2x",
      "fix: `git merge main`, and give 3c back its `down_revision = \"2x\"`",
    ] { #expect(answer.output.contains(words), "\(answer.output)") }
    // What it says to do mends it.
    try git.git("merge", "--quiet", "--no-edit", "--strategy-option", "theirs", "main")
    let mended = try verify()
    #expect(mended.status == 0, "\(mended.output)\(mended.errors)")
    #expect(mended.output.contains("1 revision on SQLite"))
  }

  /// The id may stand in the file, or be computed there.
  @Test(arguments: ["\"2b\"", "\"2\" + \"b\""])
  func `a file that both sides gave another name is remarked`(id: String) throws {
    let versions = "migrations/versions"
    try git.replace("revision = \"2b\"", with: "revision = \(id)", in: "\(versions)/2b.py")
    try git.commit()
    try git.go(to: "mine")
    try git.move("\(versions)/2b.py", to: "\(versions)/2b_mine.py")
    try add("3c", after: "2b")
    try git.commit()
    try git.go(to: "main")
    try git.move("\(versions)/2b.py", to: "\(versions)/2b_theirs.py")
    try git.commit()
    let theirs = try git.git("rev-parse", "HEAD").prefix { !$0.isNewline }
    try git.git("switch", "--quiet", "mine")
    let answer = try verify()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(!answer.output.contains("error["), "\(answer.output)")
    #expect(
      answer.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
        "note: revision 2b is in \(versions)/2b_mine.py here and in \(versions)/2b_theirs.py in main: "
          + "`git merge main` asks which of the two is kept; keep one"), "\(answer.output)")
    #expect(
      try Files.text(of: project.path / "reports/summary.md").contains("2b_theirs.py in main"))
    // Only one of them is left where a side has not renamed it.
    try git.git("switch", "--quiet", "--detach", "mine~1")
    try git.git("switch", "--quiet", "--create", "other")
    try add("4d", after: "2b")
    try git.commit()
    let once = try project.stairway().verifySince(String(theirs))
    #expect(once.status == 0, "\(once.output)\(once.errors)")
    #expect(!once.output.contains("2b_theirs.py in"), "\(once.output)")
  }
}
