extension Snapshot {
  /// What makes this snapshot out of an earlier one, at the cost of what differs: the units that are
  /// new or not as they were, and the names of those that are gone, each ordered by name.
  package func changes(since base: Snapshot) -> (changed: [SchemaUnit], removed: [ObjectID]) {
    var changed: [SchemaUnit] = []
    var removed: [ObjectID] = []
    for (now, before) in zip(shelves, base.shelves) where now.sum != before.sum {
      let fingerprints = Dictionary(before.units.map { ($0.id, $0.fingerprint) }) { first, _ in
        first
      }
      changed += now.units.filter { fingerprints[$0.id] != $0.fingerprint }
      let names = Set(now.units.map(\.id))
      removed += before.units.map(\.id).filter { !names.contains($0) }
    }
    return (changed.sorted { $0.id < $1.id }, removed.sorted())
  }
}
