package import Databases
package import History

/// Which revisions are to be verified, as `--revisions A..B` says it: everything that B needs (nil:
/// every head) and A does not (nil: from the base).
package struct RevisionRange: Sendable, Hashable {
  package let after: RevisionID?
  package let upTo: RevisionID?

  package init(after: RevisionID? = nil, upTo: RevisionID? = nil) {
    self.after = after
    self.upTo = upTo
  }
}

/// Decides the steps of a walk from the history alone.
package struct WalkPlanner: Sendable {
  private let graph: RevisionGraph
  private let range: RevisionRange
  private let downgradeFloor: RevisionID?
  private let skipped: [RevisionID: String]
  private let rows: RowSupply

  /// - Parameters:
  ///   - graph: a history that can be walked.
  ///   - range: what to verify; revisions below it are only taken up.
  ///   - downgradeFloor: revisions older than this one are not taken down.
  ///   - skipped: revisions that are recorded and not run, each with the reason.
  ///   - rows: what the tables hold; with rows, each revision is taken down and up once more with
  ///     those in place that were written after its upgrade.
  package init(
    graph: RevisionGraph, range: RevisionRange = .init(), downgradeFloor: RevisionID? = nil,
    skipped: [RevisionID: String] = [:], rows: RowSupply = .none
  ) {
    self.graph = graph
    self.range = range
    self.downgradeFloor = downgradeFloor
    self.skipped = skipped
    self.rows = rows
  }

  /// The ids that the settings name and the history does not know.
  package var unknownRevisions: [RevisionID] {
    ([range.after, range.upTo, downgradeFloor].compactMap { $0 } + skipped.keys.sorted())
      .filter { graph[$0] == nil }
  }

  package func walk(on engine: Engine) -> Walk {
    let verified = verifiedRevisions
    let chosen = Set(verified.map(\.id))
    let needed = chosen.reduce(into: Set<RevisionID>()) { $0.formUnion(graph.ancestors(of: $1)) }
    let tooOld = downgradeFloor.map(graph.ancestors(of:)) ?? []
    let roundTrips = verified.map { revision in
      if let reason = skipped[revision.id] {
        return RoundTrip(
          revision: revision, steps: [], reason: "\(revision.id) is not run: \(reason)")
      }
      guard tooOld.contains(revision.id), let floor = downgradeFloor else {
        let last: [StepName] = rows == .none ? [] : [.rollback, .recovery]
        return RoundTrip(revision: revision, steps: [.upgrade, .downgrade, .reupgrade] + last)
      }
      return RoundTrip(
        revision: revision, steps: [.upgrade], reason: "older than the downgrade-floor \(floor)")
    }
    let descent = roundTrips.map(\.revision.id).filter { !tooOld.contains($0) }
    return Walk(
      engine: engine, rows: rows,
      approach: graph.revisions.map(\.id).filter { needed.contains($0) && !chosen.contains($0) },
      roundTrips: roundTrips, descent: descent.reversed(), ascent: verified.map(\.id),
      descentReason: descent.count < verified.count
        ? downgradeFloor.map { "ends at the downgrade-floor \($0)" } : nil,
      reachesHeads: chosen.union(needed).count == graph.revisions.count)
  }

  private var verifiedRevisions: [Revision] {
    let upper = range.upTo.map { graph.ancestors(of: $0).union([$0]) }
    let lower = range.after.map { graph.ancestors(of: $0).union([$0]) } ?? []
    return graph.revisions.filter { upper?.contains($0.id) != false && !lower.contains($0.id) }
  }
}
