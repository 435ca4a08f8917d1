import Formats
import Databases
import History
import Walks

/// A revision follows one that no file defines.
struct MissingParent: Rule {
  let name: RuleName = "missing-parent"
  let severity = Severity.error
  let summary = "a revision follows or depends on one that no file defines"
  let explanation = """
    A file names a `down_revision` or `depends_on` that is not there: it was deleted, renamed, or \
    never committed. Alembic stops with a KeyError or "Can't locate revision", and no database can \
    be migrated at all.
    """
  let mend = """
    Bring the missing file back from the version control (`git log --all -- '*THE_ID*'` finds it), \
    or point `down_revision` to the revision that is really the one before.
    """

  let triggering = RuleExample(
    """
    # b2: down_revision = "a1", and no file defines a1
    """, .history([Revision(id: "b2", parents: ["a1"], file: "versions/b2.py")]))
  let passing = RuleExample(
    """
    # a1: down_revision = None
    # b2: down_revision = "a1"
    """,
    .history([
      Revision(id: "a1", file: "versions/a1.py"),
      Revision(id: "b2", parents: ["a1"], file: "versions/b2.py"),
    ]))

  func findings(in run: JudgedRun) -> [Finding] {
    run.graph.problems.compactMap { problem in
      guard case .missingParent(let missing, let revision) = problem else { return nil }
      let near = Spelling.nearest(
        to: missing.text, among: run.graph.revisions.map(\.id.text).filter { $0 != revision.text })
      let definition = run.graph[revision]
      let isParent = definition?.parents.contains(missing) ?? false
      guard !missing.text.isEmpty else {
        return run.finding(
          self, engine: nil, revision: revision, step: nil, line: definition?.parentLine,
          message: "revision \(revision) follows an empty name, which is no revision's",
          fix: "write None there where it is the first one, else the id of the one that it follows")
      }
      return run.finding(
        self, engine: nil, revision: revision, step: nil,
        line: isParent ? definition?.parentLine : definition?.dependencyLine,
        message: "revision \(revision) needs \(missing), which no file defines",
        fix: near.map { "did you mean \($0)?" }
          ?? "bring the file of \(missing) back, or correct what \(revision) follows")
    } + findingsOfMerge(in: run)
  }

  /// What this branch's revisions follow, and the branch that it is to be merged into has deleted.
  private func findingsOfMerge(in run: JudgedRun) -> [Finding] {
    run.problemsOfMerge.compactMap { problem in
      guard case .missingParent(let missing, let revision) = problem,
        run.graph[revision] != nil
      else { return nil }
      return run.finding(
        self, engine: nil, revision: revision, step: nil, line: run.graph[revision]?.parentLine,
        message: "merged into \(run.target), revision \(revision) will need \(missing), which "
          + "\(run.target) has deleted",
        fix:
          "`git merge \(run.target.quotedForShell)`, then let \(revision) follow what has taken its place"
      )
    }
  }
}
