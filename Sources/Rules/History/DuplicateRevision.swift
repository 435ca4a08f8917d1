import History
import Walks

/// One id, several files.
struct DuplicateRevision: Rule {
  let name: RuleName = "duplicate-revision"
  let severity = Severity.error
  let summary = "several files define the same revision"
  let explanation = """
    Two files carry the same revision id. The tool takes one of them, and does not say which: what \
    is in the other is never run.
    """
  let mend = """
    Give one of the files an id of its own, and correct the `down_revision` of what follows it. A \
    copy left by an editor or a merge is simply deleted.
    """

  let triggering = RuleExample(
    """
    # versions/a1_users.py:      revision = "a1"
    # versions/a1_users_copy.py: revision = "a1"
    """,
    .history([
      Revision(id: "a1", file: "versions/a1_users.py"),
      Revision(id: "a1", file: "versions/a1_users_copy.py"),
    ]))
  let passing = RuleExample(
    """
    # versions/a1_users.py: revision = "a1"
    # versions/b2_posts.py: revision = "b2"
    """,
    .history([
      Revision(id: "a1", file: "versions/a1_users.py"),
      Revision(id: "b2", parents: ["a1"], file: "versions/b2_posts.py"),
    ]))

  func findings(in run: JudgedRun) -> [Finding] {
    run.graph.problems.compactMap { problem in
      guard case .duplicateRevision(let revision, let files) = problem else { return nil }
      return run.finding(
        self, engine: nil, revision: revision, step: nil,
        message: "revision \(revision) is defined by \(files.shortNames.listed)",
        evidence: Evidence(
          frames: run.record.revisions.filter { $0.id == revision }.compactMap(\.frame)),
        fix: "give one of the files a revision id of its own, or delete the copy")
    } + findingsOfMerge(in: run)
  }

  /// An id that this branch and the one that it is to be merged into have both given away.
  private func findingsOfMerge(in run: JudgedRun) -> [Finding] {
    run.problemsOfMerge.compactMap { problem in
      guard case .duplicateRevision(let revision, let files) = problem,
        let own = run.graph[revision]
      else { return nil }
      let theirs = files.filter { $0 != own.file }
      return run.finding(
        self, engine: nil, revision: revision, step: nil, line: own.idLine,
        message: "merged into \(run.target), revision \(revision) will be defined by \(own.file), "
          + "from this branch, and \(theirs.listed), from \(run.target)",
        fix: "give \(own.file) a revision id of its own, or delete it where both are the same")
    }
  }
}
