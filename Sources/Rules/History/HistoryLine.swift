import History

/// A head and all that it follows.
struct HistoryLine {
  let head: RevisionID
  /// The head's own and those of what it follows.
  let labels: Set<String>
  private let ids: Set<RevisionID>
  /// Of the first revisions.
  private let folders: Set<Substring>

  init(to head: RevisionID, in graph: RevisionGraph) {
    self.head = head
    var ids: Set<RevisionID> = []
    var open = [head]
    while let id = open.popLast() {
      if ids.insert(id).inserted { open += graph[id]?.parents ?? [] }
    }
    self.ids = ids
    let revisions = ids.compactMap { graph[$0] }
    labels = Set(revisions.flatMap(\.labels))
    folders = Set(
      revisions.filter(\.parents.isEmpty).map {
        $0.file[..<($0.file.lastIndex(of: "/") ?? $0.file.startIndex)]
      })
  }

  /// Whether two heads are meant to stay beside each other: since they parted one of them has got a label
  /// of its own (<https://alembic.sqlalchemy.org/en/latest/branches.html#working-with-branch-labels>), or
  /// they never were one, and differ in labels or, without any, in folders: nobody gets into a second one
  /// by accident.
  func isKeptApart(from other: HistoryLine, in graph: RevisionGraph) -> Bool {
    guard ids.isDisjoint(with: other.ids) else {
      return !joinsUnlabelled(other, in: graph) || !other.joinsUnlabelled(self, in: graph)
    }
    return labels != other.labels || labels.isEmpty && folders != other.folders
  }

  /// Whether a way from the head down to what both lines have is without a label.
  private func joinsUnlabelled(_ other: HistoryLine, in graph: RevisionGraph) -> Bool {
    var seen: Set<RevisionID> = []
    var open = [head]
    while let id = open.popLast() {
      if other.ids.contains(id) { return true }
      guard seen.insert(id).inserted, graph[id]?.labels.isEmpty == true else { continue }
      open += graph[id]?.parents ?? []
    }
    return false
  }
}
