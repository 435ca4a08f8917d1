import History
import Walks

/// Revisions that each need the next, round and round.
struct HistoryCycle: Rule {
  let name: RuleName = "history-cycle"
  let severity = Severity.error
  let summary = "revisions need each other in a circle"
  let explanation = """
    Each of these revisions must come after another of them, so none can come first. It is made by \
    hand, when a `down_revision` is corrected, or a file copied.
    """
  let mend = """
    Find the revision whose `down_revision` or `depends_on` points forward, and point it to the one \
    that was really before it.
    """

  let triggering = RuleExample(
    """
    # a1: down_revision = "b2"
    # b2: down_revision = "a1"
    """, .history([Revision(id: "a1", parents: ["b2"]), Revision(id: "b2", parents: ["a1"])]))
  let passing = RuleExample(
    """
    # a1: down_revision = None
    # b2: down_revision = "a1"
    """, .history([Revision(id: "a1"), Revision(id: "b2", parents: ["a1"])]))

  func findings(in run: JudgedRun) -> [Finding] {
    run.graph.problems.compactMap { problem in
      guard case .cycle(let circle) = problem, let first = circle.first else { return nil }
      let needed = circle.count > 1 ? circle[1] : first
      let definition = run.graph[first]
      let isParent = definition?.parents.contains(needed) ?? false
      let path = (circle + [first]).map(\.text).joined(separator: " needs ")
      return run.finding(
        self, engine: nil, revision: first, step: nil,
        line: isParent ? definition?.parentLine : definition?.dependencyLine,
        message: circle.count == 1
          ? "revision \(first) needs itself" : "revisions need each other in a circle: \(path)",
        fix: "correct the down_revision that points forward")
    }
  }
}
