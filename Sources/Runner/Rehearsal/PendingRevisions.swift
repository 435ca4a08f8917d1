package import History

/// How far a rehearsal is to go.
package enum RehearsalTarget: Sendable, Hashable {
  /// To the one head, as `upgrade head`; refused where there are several.
  case head
  /// To all heads.
  case heads
  case revision(RevisionID)

  /// As the tool's own command takes it.
  var argument: String {
    switch self {
    case .head: "head"
    case .heads: "heads"
    case .revision(let id): id.text
    }
  }
}

/// What is still to be run on a database, by its own account of what was.
package struct PendingRevisions: Sendable, Hashable {
  /// What the version table holds; empty where nothing was ever run.
  package let versions: [RevisionID]
  /// In an order in which they can be run; never empty.
  package let revisions: [RevisionID]

  /// - Parameters:
  ///   - versions: what the version table holds; nil where there is none.
  ///   - table: its name, for whoever is told.
  ///   - tables: how many others there are.
  ///   - graph: a history that can be walked.
  /// - Throws: `RehearsalError` where the two do not fit together.
  package init(
    versions: [RevisionID]?, in table: String, besides tables: Int, to target: RehearsalTarget,
    in graph: RevisionGraph
  ) throws(RehearsalError) {
    let unknown = (versions ?? []).filter { graph[$0] == nil }
    guard unknown.isEmpty else { throw .unknownVersions(unknown, table: table) }
    if tables > 0 {
      guard let versions else { throw .noVersionTable(named: table, tables: tables) }
      guard !versions.isEmpty else { throw .emptyVersionTable(named: table, tables: tables) }
    }
    let applied = versions ?? []
    for version in applied {
      if let later = applied.first(where: { graph.line(from: version, reaches: $0) }) {
        throw .overlappingVersions(version, later, table: table)
      }
    }
    let targets: [RevisionID]
    switch target {
    case .head:
      guard graph.heads.count <= 1 else { throw .severalHeads(graph.heads) }
      targets = graph.heads
    case .heads: targets = graph.heads
    case .revision(let id): targets = [id]
    }
    func reached(from ids: [RevisionID]) -> Set<RevisionID> {
      ids.reduce(into: Set(ids)) { $0.formUnion(graph.ancestors(of: $1)) }
    }
    let pending = reached(from: targets).subtracting(reached(from: applied))
    guard !pending.isEmpty else { throw .nothingPending(at: applied) }
    self.versions = applied
    revisions = graph.revisions.map(\.id).filter(pending.contains)
  }
}

extension RevisionGraph {
  /// Whether the later one follows the other by parents alone: what one merely depends on may stand in the
  /// version table beside it.
  fileprivate func line(from version: RevisionID, reaches later: RevisionID) -> Bool {
    var seen: Set<RevisionID> = []
    var waiting = self[later]?.parents ?? []
    while let next = waiting.popLast() {
      if next == version { return true }
      if seen.insert(next).inserted { waiting += self[next]?.parents ?? [] }
    }
    return false
  }
}
