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

    Branches that are kept apart on purpose are no defect: since they parted one of the two has got \
    `branch_labels` of its own, or they never were one, and differ in labels or, without any, in \
    folders. `upgrade heads` takes them up.
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
    let merged = rivalsAfterMerge(in: run)
    let present = rivals(in: run.graph).filter { heads in
      // What will be after the merge is more than what is, and its mend is another one.
      !merged.joined().contains { later in
        run.forthcoming?.ancestors(of: later).union([later]).isDisjoint(with: heads) == false
      }
    }
    return present.map { heads in
      finding(heads, in: run.graph, of: run, opening: Self.whose(heads, in: run.graph) + " has")
    }
      + merged.map { heads in
        let graph = run.forthcoming ?? run.graph
        return finding(
          heads, in: graph, of: run,
          opening: "merged into \(run.target), \(Self.whose(heads, in: graph)) will have")
      }
  }

  /// Those that there will be: a head of this branch's beside one of the branch that it is to be
  /// merged into.
  private func rivalsAfterMerge(in run: JudgedRun) -> [[RevisionID]] {
    guard let forthcoming = run.forthcoming else { return [] }
    return rivals(in: forthcoming).filter { heads in
      heads.contains(where: run.isOfThisBranch)
        && heads.contains(where: { !run.isOfThisBranch($0) })
        && !rivals(in: run.graph).contains(heads)
    }
  }

  /// The heads that `upgrade head` cannot choose between and nobody keeps apart on purpose, in groups.
  private func rivals(in graph: RevisionGraph) -> [[RevisionID]] {
    // Where a parent is missing, what looks like a head may have been followed.
    guard graph.canBeWalked else { return [] }
    var open = graph.heads.map { HistoryLine(to: $0, in: graph) }
    var groups: [[RevisionID]] = []
    while !open.isEmpty {
      var group = [open.removeFirst()]
      while let next = open.firstIndex(where: { one in
        group.contains { !$0.isKeptApart(from: one, in: graph) }
      }) {
        group.append(open.remove(at: next))
      }
      groups.append(group.map(\.head))
    }
    return groups.filter { $0.count > 1 }.map { heads in graph.heads.filter(heads.contains) }
      .sorted { $0[0] < $1[0] }
  }

  private func finding(
    _ heads: [RevisionID], in graph: RevisionGraph, of run: JudgedRun, opening: String
  ) -> Finding {
    let definitions = heads.compactMap { graph[$0] }
    let sides = Sides(of: heads, in: run)
    let names = definitions.map(\.file).shortNames
    let places = zip(heads, names).map { head, name in
      let computed = graph[head]?.isComputed == true && run.graph[head] == nil
      let remarks = [name, sides.name(of: head), computed ? "which computes its id" : ""].filter {
        !$0.isEmpty
      }
      return remarks.isEmpty ? head.text : "\(head) (\(remarks.joined(separator: ", ")))"
    }
    return run.finding(
      self, engine: nil, revision: nil, step: nil,
      message: "\(opening) \(heads.count) heads: \(places.listed)",
      evidence: Evidence(frames: sides.ownLast.compactMap { run.graph[$0]?.frame }),
      fix: sides.restoration(in: graph) ?? sides.mendOfNameless(in: graph)
        ?? sides.mend(in: graph) ?? sides.mergeRevision)
  }

  private static func whose(_ heads: [RevisionID], in graph: RevisionGraph) -> String {
    let labels = heads.map { HistoryLine(to: $0, in: graph).labels }
    let shared = labels.dropFirst().reduce(labels[0]) { $0.intersection($1) }.sorted()
    return shared.isEmpty ? "the history" : "the branch \(shared.joined(separator: ", "))"
  }

  /// Which heads this branch brings, and which the one that it is to be merged into.
  private struct Sides {
    let run: JudgedRun
    let heads: [RevisionID]
    let isTwoSided: Bool

    init(of heads: [RevisionID], in run: JudgedRun) {
      self.run = run
      self.heads = heads
      let own = heads.filter(run.isOfThisBranch)
      isTwoSided = !own.isEmpty && own.count < heads.count
    }

    func name(of head: RevisionID) -> String {
      guard isTwoSided else { return "" }
      return run.isOfThisBranch(head) ? "from this branch" : "from \(run.target)"
    }

    /// The place of a finding is its last frame.
    var ownLast: [RevisionID] {
      guard isTwoSided else { return heads }
      return heads.filter { !run.isOfThisBranch($0) } + heads.filter(run.isOfThisBranch)
    }

    /// A merge revision, for which all heads have to be here.
    var mergeRevision: String? {
      run.mendWriter.merging(heads).map { run.merging($0, needing: heads) }
    }

    /// Where the id of a head is known only once its file is here; nil where all are known.
    func mendOfNameless(in graph: RevisionGraph) -> String? {
      let isNameless = heads.contains { graph[$0]?.isComputed == true && run.graph[$0] == nil }
      guard isNameless else { return nil }
      return run.mendWriter.merging(["heads"]).map { run.merging($0, needing: heads) }
    }

    /// Nobody has applied this branch's revisions yet, so that they can follow the others; nil where
    /// that is not one edit, or would leave another head.
    func mend(in graph: RevisionGraph) -> String? {
      let own = heads.filter(run.isOfThisBranch)
      let others = heads.filter { !own.contains($0) }
      guard isTwoSided, own.count == 1, others.count == 1 else { return nil }
      let firsts = run.graph.revisions.filter { revision in
        run.isNew(revision.id) && revision.parents.count == 1
          && !run.isOfThisBranch(revision.parents[0])
          && leavesOneHead(graph, where: revision.id, follows: others[0])
      }
      guard let first = firsts.first, let edit = run.mendWriter.following(others[0]) else {
        return nil
      }
      return run.merging("in \(run.fileAfterMerge(of: first)): \(edit)", needing: others, joint: "")
        + (run.mendWriter.merging(heads).map { "\nor, to keep both as they are: \($0)" } ?? "")
    }

    /// Where merged revisions follow others than they did, and there is one head once they do not.
    func restoration(in graph: RevisionGraph) -> String? {
      let moved = run.changes.map(\.change).filter { $0.isMoved && graph[$0.revision] != nil }
      let before = Dictionary(moved.map { ($0.revision, $0.formerParents) }) { first, _ in first }
      guard !moved.isEmpty, let rest = Self.heads(of: graph, where: before),
        rest.intersection(heads).count < 2
      else { return nil }
      return moved.map {
        "let \($0.revision) follow \($0.formerParents.map(\.text).listed) again"
      }.joined(separator: "; ")
    }

    /// Whether a revision that follows another one takes the other's place as a head, and no more.
    private func leavesOneHead(
      _ graph: RevisionGraph, where id: RevisionID, follows other: RevisionID
    ) -> Bool {
      Self.heads(of: graph, where: [id: [other]]) == Set(graph.heads).subtracting([other])
    }

    /// The heads that there are when these revisions follow others; nil where that cannot be run.
    private static func heads(
      of graph: RevisionGraph, where parents: [RevisionID: [RevisionID]]
    ) -> Set<RevisionID>? {
      let mended = RevisionGraph(
        graph.revisions.map { revision in
          var revision = revision
          revision.parents = parents[revision.id] ?? revision.parents
          return revision
        })
      return mended.canBeWalked ? Set(mended.heads) : nil
    }
  }
}
