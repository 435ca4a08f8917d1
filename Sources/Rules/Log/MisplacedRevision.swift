import Formats
import History
import Walks

/// A merged revision that follows something else than it did.
struct MisplacedRevision: Rule {
  let name: RuleName = "misplaced-revision"
  let severity = Severity.error
  let summary = "a merged revision follows or needs another one than when it was merged"
  let explanation = """
    What a merged revision follows is fixed: databases have run it after that. A new revision that is \
    put below a merged one is never run where the merged one has been applied: the tool takes \
    everything below a database's version for applied.

    It is judged with `--since`, and where the project keeps a `stairway.lock`.
    """
  let mend = """
    Give the merged revision back its `down_revision`, and let the new one follow the last merged \
    one.
    """

  let triggering = RuleExample(
    """
    # merged: b2 has down_revision = "9f31c02e77ab"
    # c3:     down_revision = "9f31c02e77ab"      (new)
    # b2:     down_revision = "c3"
    """,
    .changed(
      RevisionChange(
        revision: "b2", formerFile: "migrations/versions/b2_posts.py",
        formerParents: [Revision.example.id], parents: ["c3"], dependencies: []),
      among: [
        .example, Revision(id: "c3", parents: [Revision.example.id], message: "add posts"),
        Revision(id: "b2", parents: ["c3"], file: "migrations/versions/b2_posts.py"),
      ], added: ["c3"]))
  let passing = RuleExample(
    """
    # b2:     down_revision = "9f31c02e77ab"
    # c3:     down_revision = "b2"                (new)
    """, .changed(added: ["c3"]))

  func findings(in run: JudgedRun) -> [Finding] {
    let squashes = Squash.all(in: run)
    return run.changes.filter(\.change.isMoved).compactMap { logged in
      let change = logged.change
      if squashes.contains(where: { $0.explains(change) }) { return nil }
      let own = run.graph[change.revision]
      let isParent = Set(change.parents ?? []) != Set(change.formerParents)
      return Finding(
        rule: name, severity: severity, revision: change.revision,
        file: own?.file ?? change.formerFile,
        line: isParent ? own?.parentLine : own?.dependencyLine,
        message: "revision \(change.revision) \(logged.whose), and "
          + Self.what(change, isParent: isParent, added: run.record.log?.since?.added ?? []),
        fix: Self.fix(logged, isParent: isParent, in: run))
    }
  }

  private static func what(
    _ change: RevisionChange, isParent: Bool, added: [RevisionID]
  ) -> String {
    let now = isParent ? change.parents ?? [] : change.dependencies ?? []
    let before = isParent ? change.formerParents : change.formerDependencies
    let verb = isParent ? "follows" : "needs"
    let new = now.filter { added.contains($0) && !before.contains($0) }
    if !new.isEmpty {
      return "now \(verb) \(new.map(\.text).listed), which is new: databases that have "
        + "\(change.revision) never run \(new.count == 1 ? "it" : "them")"
    }
    return "now \(verb) \(words(now)) instead of \(words(before))"
  }

  /// Where a line of new revisions begins; nil where it comes together from several.
  private static func lowest(
    below id: RevisionID, among added: Set<RevisionID>, in graph: RevisionGraph
  ) -> RevisionID? {
    var (lowest, seen) = (id, Set([id]))
    while true {
      let parents = (graph[lowest]?.parents ?? []).filter(added.contains)
      guard let parent = parents.first else { return lowest }
      guard parents.count == 1, seen.insert(parent).inserted else { return nil }
      lowest = parent
    }
  }

  private static func words(_ ids: [RevisionID]) -> String {
    ids.isEmpty ? "nothing" : ids.map { $0.text.isEmpty ? "an empty name" : $0.text }.listed
  }

  private static func fix(
    _ logged: JudgedRun.LoggedChange, isParent: Bool, in run: JudgedRun
  ) -> String {
    let change = logged.change
    let before = isParent ? change.formerParents : change.formerDependencies
    let line = isParent && before.count == 1 ? run.mendWriter.following(before[0]) : nil
    // What has come to the other branch since, and is not here yet.
    let isHere = before.allSatisfy { run.graph[$0] == nil ? !logged.isOfTip : !run.lacks([$0]) }
    let back =
      (isHere ? "" : "`git merge \(logged.place.quotedForShell)`, and ")
      + (line.map { "give \(change.revision) back its `\($0)`" }
        ?? "let \(change.revision) \(isParent ? "follow" : "need") \(words(before)) again")
    let added = Set(run.record.log?.since?.added ?? [])
    let new = (change.parents ?? []).filter(added.contains)
    // What a database has reached that has everything which is merged.
    let former = Dictionary(
      run.changes.map { ($0.change.revision, $0.change.formerParents) }, uniquingKeysWith: { $1 })
    let followed = Set(
      run.graph.revisions.filter { !added.contains($0.id) }.flatMap { former[$0.id] ?? $0.parents })
    let heads = run.graph.revisions.map(\.id).filter {
      !added.contains($0) && !followed.contains($0)
    }
    let lowest = new.count == 1 ? lowest(below: new[0], among: added, in: run.graph) : nil
    let order =
      if heads.count == 1, let lowest { ", and let \(lowest) follow \(heads[0])" } else { "" }
    return back + order + logged.takingUp("it is")
  }
}
