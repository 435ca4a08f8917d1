import History
import Walks

/// More than one revision that nothing follows, where they are not branches kept apart on purpose.
struct MultipleHeads: Rule {
  let name: RuleName = "multiple-heads"
  let severity = Severity.error
  let summary = "more than one revision of a branch that nothing follows"
  let explanation = """
    Two branches each added a revision after the same one. `upgrade head` refuses: which head is \
    meant? It comes up when branches are merged that were each fine by themselves.

    Branches that are kept apart on purpose are no defect: heads that differ in their \
    `branch_labels`, or histories of their own in folders of their own, which `upgrade heads` takes \
    up.
    """
  let mend = """
    Make a merge revision: `alembic merge -m "merge heads" A B` (`flask db merge` with \
    Flask-Migrate), or give the later one the other as its `down_revision` if it has not been \
    applied anywhere.

    A branch that is meant to stay apart says so by a label of its own: `branch_labels = \
    ("billing",)` in its first revision.
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
    // Where a parent is missing, what looks like a head may have been followed.
    guard run.graph.canBeWalked else { return [] }
    let branches = Dictionary(grouping: run.graph.heads) { Branch(of: $0, in: run.graph) }
    let rivals = branches.values.filter { $0.count > 1 }
    return rivals.sorted { ($0.first ?? "") < ($1.first ?? "") }.map { heads in
      let definitions = heads.compactMap { run.graph[$0] }
      let names = definitions.map(\.file).shortNames
      let places = zip(heads, names).map { $1.isEmpty ? $0.text : "\($0) (\($1))" }
      let labels = Branch(of: heads[0], in: run.graph).labels.sorted()
      let whose = labels.isEmpty ? "the history" : "the branch \(labels.joined(separator: ", "))"
      return run.finding(
        self, engine: nil, revision: nil, step: nil,
        message: "\(whose) has \(heads.count) heads: \(places.listed)",
        evidence: Evidence(frames: definitions.compactMap(\.frame)),
        fix: run.mendWriter.merging(heads))
    }
  }

  /// What tells heads that are kept apart on purpose
  /// (<https://alembic.sqlalchemy.org/en/latest/branches.html#working-with-branch-labels>).
  private struct Branch: Hashable {
    /// The labels of the head and of what it follows.
    let labels: Set<String>
    /// Without labels: the folders of the first revisions. Nobody gets into a second one by accident.
    let folders: Set<Substring>

    init(of head: RevisionID, in graph: RevisionGraph) {
      var line: Set<RevisionID> = []
      var open = [head]
      while let id = open.popLast() {
        if line.insert(id).inserted { open += graph[id]?.parents ?? [] }
      }
      let revisions = line.compactMap { graph[$0] }
      labels = Set(revisions.flatMap(\.labels))
      let bases = labels.isEmpty ? revisions.filter(\.parents.isEmpty) : []
      folders = Set(bases.map { $0.file[..<($0.file.lastIndex(of: "/") ?? $0.file.startIndex)] })
    }
  }
}
