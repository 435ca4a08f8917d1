import Databases
package import Schemas

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

extension Snapshot {
  /// These tables, as far as they are there, with all that they refer to and the partitions of both;
  /// in the order of their names.
  package func tables(around names: some Collection<TableName>) -> [TableShape] {
    var found: [TableName: TableShape] = [:]
    for name in names {
      guard let shape = table(name) else { continue }
      found[name] = shape
      for target in shape.foreignKeys.map(\.table) where found[target] == nil {
        found[target] = table(target)
      }
    }
    var pending = Array(found.values)
    while let shape = pending.popLast() {
      guard case .partitions(_, let partitions) = shape.storage else { continue }
      for name in partitions.map(\.table) where found[name] == nil {
        guard let partition = table(name) else { continue }
        found[name] = partition
        pending.append(partition)
      }
    }
    return found.values.sorted { $0.name.precedes($1.name) }
  }

  private func table(_ name: TableName) -> TableShape? {
    let unit =
      self[ObjectID(.table, schema: name.schema, [name.name])]
      ?? self[ObjectID(.foreignTable, schema: name.schema, [name.name])]
    return unit.flatMap { TableShape(of: $0, in: self) }
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
