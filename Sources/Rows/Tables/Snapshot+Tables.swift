package import Schemas

import Databases

extension Snapshot {
  /// Every table of the user's, in the order of their names. Put together at each call.
  package var tables: [TableShape] {
    let units = ordered.filter { $0.id.kind == .table || $0.id.kind == .foreignTable }
    let names = TableNames(snapshot: self)
    var partitions: [TableName: [TableShape.Partition]] = [:]
    for unit in units {
      guard let bound = unit.objects[0].text("partition-bound") else { continue }
      let name = TableName(schema: unit.id.schema, unit.id.name)
      for parent in unit.objects[0].list("inherits") ?? [] {
        partitions[names.parsed(parent), default: []].append(.init(table: name, bound: bound))
      }
    }
    return units.compactMap { unit in
      TableShapeReader(
        unit: unit, snapshot: self, names: names, partitions: { partitions[$0] ?? [] }
      ).shape
    }
  }
}

extension TableShape {
  /// What the unit says of the table; nil where it is no table of the user's.
  package init?(of unit: SchemaUnit, in snapshot: Snapshot) {
    let names = TableNames(snapshot: snapshot)
    let reader = TableShapeReader(unit: unit, snapshot: snapshot, names: names) { name in
      snapshot.ordered.compactMap { other in
        guard let bound = other.objects[0].text("partition-bound"),
          (other.objects[0].list("inherits") ?? []).map(names.parsed).contains(name)
        else { return nil }
        return .init(table: TableName(schema: other.id.schema, other.id.name), bound: bound)
      }
    }
    guard let shape = reader.shape else { return nil }
    self = shape
  }
}
