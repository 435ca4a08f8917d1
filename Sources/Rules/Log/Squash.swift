import History
import Walks

/// Merged revisions that hung together and are gone together, and what took their place.
struct Squash {
  /// In the order in which they were.
  let gone: [JudgedRun.LoggedChange]
  /// A new revision, or a merged one, that follows what the first of them followed.
  let successor: RevisionID?

  private var ids: Set<RevisionID> { Set(gone.map(\.change.revision)) }

  /// Every group of revisions that are gone.
  static func all(in run: JudgedRun) -> [Squash] {
    var open = run.changes.filter(\.change.isGone)
    var groups: [[JudgedRun.LoggedChange]] = []
    while !open.isEmpty {
      var group = [open.removeFirst()]
      while let next = open.firstIndex(where: { one in group.contains { $0.touches(one) } }) {
        group.append(open.remove(at: next))
      }
      groups.append(group)
    }
    return groups.map { Squash($0, in: run) }
  }

  private init(_ gone: [JudgedRun.LoggedChange], in run: JudgedRun) {
    self.gone = gone
    let ids = Set(gone.map(\.change.revision))
    let before = Set(gone.flatMap(\.change.formerParents)).subtracting(ids)
    let children = run.changes.map(\.change).filter {
      !$0.isGone && !ids.isDisjoint(with: $0.formerParents)
    }
    // The usual way: the last of them keeps its id, so that databases which have reached it go on.
    let survivor = children.first { $0.isEdited && Set($0.parents ?? []) == before }
    let renamed = gone.count == 1 ? gone[0].change.successor : nil
    successor =
      renamed ?? survivor?.revision
      ?? run.record.log?.since?.added.first { id in
        guard let parents = run.graph[id]?.parents, Set(parents) == before else { return false }
        return children.allSatisfy { $0.parents?.contains(id) == true }
      }
  }

  /// Whether that a merged revision stands elsewhere only follows from these being gone.
  func explains(_ change: RevisionChange) -> Bool {
    guard let successor, !ids.isDisjoint(with: change.formerParents) else { return false }
    if change.revision == successor { return true }
    let now = Set(change.parents ?? [])
    return now == Set(change.formerParents).subtracting(ids).union([successor])
      && Set(change.dependencies ?? []) == Set(change.formerDependencies)
  }
}

extension JudgedRun.LoggedChange {
  fileprivate func touches(_ other: Self) -> Bool {
    change.formerParents.contains(other.change.revision)
      || other.change.formerParents.contains(change.revision)
  }
}
