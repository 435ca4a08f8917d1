internal import Databases
internal import History
internal import Schemas
internal import Walks

/// Where a walk arrived, before it went down again.
struct Heads: Sendable {
  let applied: Set<RevisionID>
  let snapshot: Snapshot
}

extension EngineComparison {
  /// Compares where the walks on the two engines arrived.
  ///
  /// - Returns: nil where not both engines were walked on.
  init?(_ arrivals: [(record: EngineRecord, heads: Heads?)]) {
    func arrival(_ engine: Engine) -> (record: EngineRecord, heads: Heads?)? {
      arrivals.first { $0.record.engine == engine }
    }
    guard let sqlite = arrival(.sqlite), let postgresql = arrival(.postgresql) else { return nil }
    guard let own = sqlite.heads, let other = postgresql.heads else {
      let short = [sqlite, postgresql].filter { $0.heads == nil }.map(\.record)
      self.init(leftOut: short.map(\.whyItFellShort).joined(separator: ", and "))
      return
    }
    guard own.applied == other.applied else {
      self.init(leftOut: "the walks did not reach the same revisions")
      return
    }
    self.init(Divergence.all(sqlite: own.snapshot, postgresql: other.snapshot))
  }
}

extension EngineRecord {
  /// Why the walk did not arrive at its last revisions.
  fileprivate var whyItFellShort: String {
    let stuck = roundTrips.first { trip in
      guard let outcome = trip.step(.upgrade)?.outcome else { return false }
      return if case .failed = outcome { true } else { false }
    }
    if let stuck {
      return "revision \(stuck.revision) could not be taken up on \(engine.title)"
    }
    return "not every revision could be taken up on \(engine.title)"
  }
}
