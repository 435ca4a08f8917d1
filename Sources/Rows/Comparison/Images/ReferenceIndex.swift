import Databases
import Schemas

/// Which tables of a schema refer to which by foreign keys, kept from snapshot to snapshot, so that a
/// step pays for what it has changed.
struct ReferenceIndex: Sendable {
  /// By the target as foreign keys name it, SQLite's in small letters.
  private var referrers: [String: Set<TableName>] = [:]

  /// Takes over what became of a snapshot's units in a later one.
  mutating func apply(
    _ changes: (changed: [SchemaUnit], removed: [ObjectID]), since earlier: Snapshot
  ) {
    let replaced = changes.changed.compactMap { earlier[$0.id] }
    for unit in replaced + changes.removed.compactMap({ earlier[$0] }) {
      for target in targets(of: unit, on: earlier.engine) {
        referrers[target]?.remove(TableName(schema: unit.id.schema, unit.id.name))
      }
    }
    for unit in changes.changed {
      for target in targets(of: unit, on: earlier.engine) {
        referrers[target, default: []].insert(TableName(schema: unit.id.schema, unit.id.name))
      }
    }
  }

  /// The tables that refer to this one, or to one of the same name in another schema.
  func referrers(to table: TableName) -> Set<TableName> {
    guard let schema = table.schema else { return referrers[table.name.raw.lowercased()] ?? [] }
    // A target of the same schema may be named without it.
    return (referrers[table.name.raw] ?? []).union(referrers["\(schema).\(table.name)"] ?? [])
  }

  private func targets(of unit: SchemaUnit, on engine: Engine) -> [String] {
    guard unit.id.kind == .table else { return [] }
    return unit.objects.compactMap { $0.text(.referencedTable) }.map {
      engine == .sqlite ? $0.lowercased() : $0
    }
  }
}
