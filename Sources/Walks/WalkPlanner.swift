package import Databases
package import History

/// Decides the steps of a walk from the history alone.
package struct WalkPlanner: Sendable {
  private let graph: RevisionGraph
  private let scope: WalkScope
  private let downgradeFloor: RevisionID?
  private let skipped: [RevisionID: String]
  private let rows: RowSupply

  /// - Parameters:
  ///   - graph: a history that can be walked.
  ///   - scope: what to verify; the rest is only taken up.
  ///   - downgradeFloor: revisions older than this one are not taken down.
  ///   - skipped: revisions that are recorded and not run, each with the reason.
  ///   - rows: what the tables hold; with rows, each revision is taken down and up once more with
  ///     those in place that were written after its upgrade.
  package init(
    graph: RevisionGraph, scope: WalkScope = .whole, downgradeFloor: RevisionID? = nil,
    skipped: [RevisionID: String] = [:], rows: RowSupply = .none
  ) {
    self.graph = graph
    self.scope = scope
    self.downgradeFloor = downgradeFloor
    self.skipped = skipped
    self.rows = rows
  }

  /// The ids that the settings name and the history does not know.
  package var unknownRevisions: [RevisionID] {
    var named: [RevisionID] = []
    if case .range(let range) = scope { named = [range.after, range.upTo].compactMap(\.self) }
    if let downgradeFloor { named.append(downgradeFloor) }
    return (named + skipped.keys.sorted()).filter { graph[$0] == nil }
  }

  /// What is not taken down, each with the reason: what is older than the floor, and what is not run with
  /// all that it needs.
  package var kept: [RevisionID: String] {
    var kept: [RevisionID: String] = [:]
    for (id, reason) in skipped.sorted(by: { $0.key < $1.key }) {
      for older in graph.ancestors(of: id) { kept[older] = "\(id) after it is not run: \(reason)" }
    }
    kept.merge(skipped.mapValues { "it is not run: \($0)" }) { $1 }
    for id in tooOld { kept[id] = reasonOfFloor }
    return kept
  }

  private var tooOld: Set<RevisionID> { downgradeFloor.map(graph.ancestors(of:)) ?? [] }

  private var reasonOfFloor: String {
    "older than the downgrade-floor \(downgradeFloor?.text ?? "")"
  }

  package func walk(on engine: Engine) -> Walk {
    let parts = self.parts
    let taken = parts.verified.union(parts.carried)
    let onTheWay = graph.revisions.filter { taken.contains($0.id) }
    let tooOld = self.tooOld
    let roundTrips = onTheWay.map { roundTrip(of: $0, parts: parts, tooOld: tooOld) }
    let stays = parts.carried.reduce(into: tooOld.union(parts.carried)) {
      $0.formUnion(graph.ancestors(of: $1))
    }
    let descent = onTheWay.map(\.id).filter { !stays.contains($0) }
    let approach = graph.revisions.map(\.id).filter(parts.below.contains)
    return Walk(
      engine: engine, rows: rows, approach: approach,
      approachReasons: approach.compactMap { id in
        skipped[id].map { "\(id), below what is verified, is not run: \($0)" }
      },
      roundTrips: roundTrips, descent: descent.reversed(), ascent: onTheWay.map(\.id),
      descentReason: descent.count < onTheWay.count ? descentReason(parts) : nil,
      reachesHeads: taken.union(parts.below).count == graph.revisions.count)
  }

  /// How the scope parts the history.
  private struct Parts {
    let verified: Set<RevisionID>
    /// Taken up one by one between those to verify, since some of these need them.
    var carried: Set<RevisionID> = []
    /// Taken up in one go before all of them.
    let below: Set<RevisionID>
  }

  private var parts: Parts {
    let all = Set(graph.revisions.map(\.id))
    func needed(by ids: Set<RevisionID>) -> Set<RevisionID> {
      ids.reduce(into: []) { $0.formUnion(graph.ancestors(of: $1)) }
    }
    switch scope {
    case .range(let range):
      let upper = range.upTo.map { graph.ancestors(of: $0).union([$0]) } ?? all
      let lower = range.after.map { graph.ancestors(of: $0).union([$0]) } ?? []
      let verified = upper.subtracting(lower)
      return Parts(verified: verified, below: needed(by: verified).subtracting(verified))
    case .changed(let ids, _):
      let verified = ids.intersection(all)
      let carried = verified.reduce(into: Set<RevisionID>()) {
        $0.formUnion(graph.descendants(of: $1))
      }.subtracting(verified)
      return Parts(
        verified: verified, carried: carried,
        below: all.subtracting(verified).subtracting(carried))
    }
  }

  private func roundTrip(
    of revision: Revision, parts: Parts, tooOld: Set<RevisionID>
  ) -> RoundTrip {
    if let reason = skipped[revision.id] {
      return RoundTrip(
        revision: revision, steps: [], reason: "\(revision.id) is not run: \(reason)")
    }
    if parts.carried.contains(revision.id) {
      return RoundTrip(revision: revision, steps: [.upgrade], reason: unchanged)
    }
    if tooOld.contains(revision.id) {
      return RoundTrip(revision: revision, steps: [.upgrade], reason: reasonOfFloor)
    }
    let last: [StepName] = rows == .none ? [] : [.rollback, .recovery]
    return RoundTrip(revision: revision, steps: [.upgrade, .downgrade, .reupgrade] + last)
  }

  private func descentReason(_ parts: Parts) -> String? {
    if !parts.carried.isEmpty { return "ends at revisions that are \(unchanged)" }
    return downgradeFloor.map { "ends at the downgrade-floor \($0)" }
  }

  /// Why a revision is taken up and not verified.
  private var unchanged: String {
    if case .changed(_, let reference) = scope { "unchanged since \(reference)" } else { "" }
  }
}
