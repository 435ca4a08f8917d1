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
      guard case .cycle(let circle) = problem, !circle.isEmpty else { return nil }
      let links = circle.indices.map { index in
        let needed = circle[(index + 1) % circle.count]
        return Link(run.graph[circle[index]], circle[index], needs: needed)
      }
      // A dependency is what was added to a history that had an order.
      let start = links.firstIndex { !$0.isParent } ?? 0
      let ordered = links[start...] + links[..<start]
      guard let first = ordered.first else { return nil }
      return run.finding(
        self, engine: nil, revision: first.revision, step: nil, line: first.line,
        message: links.count == 1
          ? "revision \(first.revision) \(first.verb) itself"
          : "revisions need each other in a circle: "
            + ordered.map(\.phrase).joined(separator: ", "),
        fix: first.isParent
          ? "correct the down_revision that points forward"
          : "take \(first.needed) out of the depends_on of \(first.revision)"
            + (links.count == 1 ? "" : ", or correct the down_revision that points forward"))
    }
  }

  /// One revision of the circle and the next, which it names.
  private struct Link {
    let revision: RevisionID
    let needed: RevisionID
    /// Whether it names the next as its `down_revision`; else as what it depends on.
    let isParent: Bool
    let line: Int?

    init(_ definition: Revision?, _ revision: RevisionID, needs needed: RevisionID) {
      self.revision = revision
      self.needed = needed
      isParent = definition?.parents.contains(needed) ?? false
      line = isParent ? definition?.parentLine : definition?.dependencyLine
    }

    var verb: String { isParent ? "follows" : "depends on" }
    var phrase: String { "\(revision) \(verb) \(needed)" }
  }
}
