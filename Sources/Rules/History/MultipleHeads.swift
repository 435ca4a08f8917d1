import History
import Walks

/// More than one revision that nothing follows.
struct MultipleHeads: Rule {
  let name: RuleName = "multiple-heads"
  let severity = Severity.error
  let summary = "more than one revision that nothing follows"
  let explanation = """
    Two branches each added a revision after the same one. `upgrade head` refuses: which head is \
    meant? It comes up when branches are merged that were each fine by themselves.
    """
  let mend = """
    Make a merge revision: `alembic merge -m "merge heads" A B` (`flask db merge` with \
    Flask-Migrate), or give the later one the other as its `down_revision` if it has not been \
    applied anywhere.

    Heads that are meant, as with branch labels, can be declared with an `allow` in \
    `stairway.yml`.
    """

  let triggering = RuleExample(
    """
    # a1: down_revision = None
    # b2: down_revision = "a1"
    # c3: down_revision = "a1"
    """,
    .history([
      Revision(id: "a1"), Revision(id: "b2", parents: ["a1"]), Revision(id: "c3", parents: ["a1"]),
    ]))
  let passing = RuleExample(
    """
    # a1: down_revision = None
    # b2: down_revision = "a1"
    # c3: down_revision = "a1"
    # d4: down_revision = ("b2", "c3")
    """,
    .history([
      Revision(id: "a1"), Revision(id: "b2", parents: ["a1"]), Revision(id: "c3", parents: ["a1"]),
      Revision(id: "d4", parents: ["b2", "c3"]),
    ]))

  func findings(in run: JudgedRun) -> [Finding] {
    run.graph.problems.compactMap { problem in
      guard case .multipleHeads(let heads) = problem else { return nil }
      let places = heads.map { head in
        let file = run.graph[head]?.file ?? ""
        return file.isEmpty ? head.text : "\(head) (\(file))"
      }
      return run.finding(
        self, engine: nil, revision: nil, step: nil,
        message: "the history has \(heads.count) heads: \(places.listed)",
        fix: run.mendWriter.merging(heads))
    }
  }
}
