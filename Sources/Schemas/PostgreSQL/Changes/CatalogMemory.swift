import Databases

/// What the last snapshot saw of the catalogs, by which the next one knows what to read again.
struct CatalogMemory {
  /// A unit that is in the snapshot, or is left out of it.
  struct KnownUnit {
    /// nil where it is left out.
    let id: ObjectID?
    let columns: [Int64: String]
  }

  /// Why only a full snapshot will do.
  struct NeedsFullSnapshot: Error {}

  private(set) var horizon: String
  private(set) var snapshot: Snapshot
  /// Relations that are left out.
  private(set) var leftOut: Set<UInt32>
  private var units: [UnitKey: KnownUnit]
  private var rows: [String: KnownRows] = [:]
  private var others: [String]

  /// Remembers a full snapshot.
  /// - Parameter probe: what a probe for everything found in the same transaction.
  init(
    _ snapshot: Snapshot, units: [UnitKey: CatalogRows.ReadUnit], finished: [UnitKey: SchemaUnit],
    leftOut: Set<UInt32>, probe: ProbeResult
  ) {
    self.snapshot = snapshot
    self.leftOut = leftOut
    self.units = Dictionary(
      uniqueKeysWithValues: units.map { key, unit in
        (key, KnownUnit(id: finished[key]?.id, columns: unit.columns))
      })
    horizon = probe.horizon
    others = probe.others
    for watch in CatalogWatch.all {
      rows[watch.name] = KnownRows(of: watch)
      for row in probe.watched[watch.name]?.rows ?? [] {
        let unit = owner(of: row, in: watch)
        rows[watch.name]?.put(KnownRows.Row(unit: unit, label: row.label), at: row.identity)
      }
    }
  }

  /// The unit that a row is part of: said by the row itself, or by the row that it is part of.
  private func owner(of row: WatchedRow, in watch: CatalogWatch) -> UnitKey? {
    guard row.owner.oid != 0 else { return nil }
    if watch.namesUnits { return row.owner }
    return rows[row.owner.catalog]?[Int64(row.owner.oid)]?.unit
  }
}

extension CatalogMemory {
  /// Takes in what was written, and returns the units to read again.
  /// - Throws: `NeedsFullSnapshot` where a change can show in any unit's text: a name that is printed
  ///   in other definitions, or an object of a kind that is not followed.
  mutating func takeIn(_ probe: ProbeResult) throws -> ChangedUnits {
    guard !probe.othersChanged, probe.others == others else { throw NeedsFullSnapshot() }
    var changed = ChangedUnits()
    for watch in CatalogWatch.all {
      for row in probe.watched[watch.name]?.rows ?? [] {
        if let known = rows[watch.name]?[row.identity], known.label != row.label {
          throw NeedsFullSnapshot()
        }
        let unit = owner(of: row, in: watch)
        rows[watch.name]?.put(
          KnownRows.Row(unit: unit, label: row.label), at: row.identity)
        if let unit {
          changed.units.insert(unit)
        } else if watch.name == "pg_description" {
          throw NeedsFullSnapshot()
        }
      }
    }
    for relation in probe.relations {
      if let unit = rows["pg_class"]?[Int64(relation)]?.unit { changed.units.insert(unit) }
    }
    try takeIn(probe.columns, to: &changed)
    changed.catalogsWithRemovals = CatalogWatch.all.filter { watch in
      let (known, found) = (rows[watch.name], probe.watched[watch.name])
      return known?.count != found?.count || known?.sum != found?.sum
    }
    horizon = probe.horizon
    return changed
  }

  private func takeIn(_ columns: [ProbeResult.Column], to changed: inout ChangedUnits) throws {
    for column in columns {
      // A column of the system's, which anybody may have been granted.
      guard column.relation >= 16384 else { throw NeedsFullSnapshot() }
      guard let unit = rows["pg_class"]?[Int64(column.relation)]?.unit else { continue }
      changed.units.insert(unit)
      guard unit.oid == column.relation, let known = units[unit] else { continue }
      let name = known.columns[column.number]
      if let name, !column.isDropped, name != column.name { throw NeedsFullSnapshot() }
      if (name == nil) != column.isDropped {
        if known.id?.kind == .type { throw NeedsFullSnapshot() }
        changed.relationsWithOtherColumns.insert(column.relation)
      }
    }
  }

  /// Forgets the rows of a catalog that are gone.
  /// - Parameter listing: what the watch's listing gave.
  /// - Returns: the units that they were part of.
  /// - Throws: `NeedsFullSnapshot` for a comment on an object that is not followed.
  mutating func forgetRows(of catalog: String, but listing: ResultTable) throws -> Set<UnitKey> {
    let gone = rows[catalog]?.forgetAll(but: listing) ?? []
    if catalog == "pg_description", gone.contains(where: { $0.unit == nil }) {
      throw NeedsFullSnapshot()
    }
    return Set(gone.compactMap(\.unit))
  }

  /// Whether rows of the catalog that have a name of their own are part of any unit.
  func hasNamed(_ catalog: String) -> Bool { (rows[catalog]?.namedCount ?? 0) > 0 }

  /// Whether the unit's own row is still there.
  func holds(_ unit: UnitKey) -> Bool { rows[unit.catalog]?[Int64(unit.oid)] != nil }

  /// The code in `pg_class.relkind`; nil for a relation without a name of its own.
  func relationKind(of unit: UnitKey) -> Character? {
    rows["pg_class"]?[Int64(unit.oid)]?.label.first
  }

  /// The units that rows of these catalogs are part of.
  func units(of rows: [UnitKey]) -> Set<UnitKey> {
    Set(rows.compactMap { self.rows[$0.catalog]?[Int64($0.oid)]?.unit })
  }

  /// Puts what was read again in the place of what was there.
  mutating func replace(
    _ keys: Set<UnitKey>, with read: [UnitKey: CatalogRows.ReadUnit],
    finished: [UnitKey: SchemaUnit], leftOut: Set<UInt32>
  ) {
    for key in keys {
      if let id = units.removeValue(forKey: key)?.id { snapshot.remove(id) }
    }
    for (key, unit) in read {
      units[key] = KnownUnit(id: finished[key]?.id, columns: unit.columns)
      if let unit = finished[key] { snapshot.put(unit) }
    }
    self.leftOut = leftOut
  }
}

/// What a probe found to have changed.
struct ChangedUnits {
  var units: Set<UnitKey> = []
  /// Relations that gained or lost a column: what reads them may be printed in another way.
  var relationsWithOtherColumns: Set<UInt32> = []
  /// Watched catalogs that have fewer rows than are known.
  var catalogsWithRemovals: [CatalogWatch] = []
}
