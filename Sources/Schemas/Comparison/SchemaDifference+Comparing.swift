import Databases

extension SchemaDifference {
  /// Compares object by object, opening only the units whose fingerprints differ; the cost follows
  /// their number.
  ///
  /// A mere shift of columns, because one was added or dropped before them, is no change; objects
  /// that differ in nothing but an automatic name are one cosmetic change.
  package init(from before: Snapshot, to after: Snapshot) {
    var comparison = UnitComparison(engine: after.engine)
    for (old, new) in zip(before.shelves, after.shelves) where old.sum != new.sum {
      for unit in new.units {
        let counterpart = old.units.first { $0.id == unit.id }
        if counterpart?.fingerprint != unit.fingerprint {
          comparison.compare(counterpart, with: unit)
        }
      }
      for unit in old.units where !new.units.contains(where: { $0.id == unit.id }) {
        comparison.compare(unit, with: nil)
      }
    }
    self.init(comparison.finished())
  }
}

/// Gathers the changes of the units that differ.
private struct UnitComparison {
  let engine: Engine
  private var changes: [ObjectChange] = []
  /// Objects without a counterpart of their name, with the relation that they hang on.
  private var removed: [(object: SchemaObject, owner: Identifier)] = []
  private var added: [(object: SchemaObject, owner: Identifier)] = []

  init(engine: Engine) { self.engine = engine }

  mutating func compare(_ before: SchemaUnit?, with after: SchemaUnit?) {
    guard let before else { return add(after) }
    guard let after else { return remove(before) }
    var old = Dictionary(before.objects.map { ($0.id, $0) }) { first, _ in first }
    let positions = ColumnOrder(before: before.objects, after: after.objects)
    for object in after.objects {
      guard let counterpart = old.removeValue(forKey: object.id) else {
        added.append((object, after.id.name))
        continue
      }
      let properties = propertyChanges(
        (counterpart, object), in: (before, after), positions: positions)
      if let weight = properties.map(\.weight).max() {
        changes.append(
          ObjectChange(before: counterpart, after: object, properties: properties, weight: weight))
      }
    }
    removed += old.values.map { ($0, before.id.name) }
  }

  private mutating func add(_ unit: SchemaUnit?) {
    guard let unit else { return }
    added += unit.objects.map { ($0, unit.id.name) }
  }

  private mutating func remove(_ unit: SchemaUnit) {
    removed += unit.objects.map { ($0, unit.id.name) }
  }

  private func propertyChanges(
    _ object: (before: SchemaObject, after: SchemaObject),
    in unit: (before: SchemaUnit, after: SchemaUnit), positions: ColumnOrder
  ) -> [PropertyChange] {
    let (before, after) = object
    guard before.properties != after.properties else { return [] }
    let names = Set(before.properties.keys).union(after.properties.keys).sorted()
    return names.compactMap { name in
      let (old, new) = (before[name], after[name])
      guard old != new else { return nil }
      if name == .position, after.id.kind == .column {
        return positions.moved.contains(after.id)
          ? PropertyChange(name, before: old, after: new, weight: .columnOrder) : nil
      }
      let harmless =
        switch engine {
        case .sqlite: SQLiteEquivalence.covers(name, of: object, in: unit)
        case .postgresql: CheckCasts.cover(name, of: object, in: unit)
        }
      return PropertyChange(
        name, before: old, after: new, weight: harmless ? .cosmetic : .structural)
    }
  }

  /// Pairs what differs in its automatic name only, and orders everything by name.
  mutating func finished() -> [ObjectChange] {
    let renames = engine == .postgresql ? pairAutomaticNames() : []
    if renames.contains(where: { $0.kind == .sequence }) { forgiveReferences(to: renames) }
    changes += removed.map { ObjectChange(before: $0.object, after: nil) }
    changes += added.map { ObjectChange(before: nil, after: $0.object) }
    return changes.sorted { $0.id < $1.id }
  }

  private mutating func pairAutomaticNames() -> [Rename] {
    var renames: [Rename] = []
    var unpaired: [(object: SchemaObject, owner: Identifier)] = []
    for (before, owner) in removed.sorted(by: { $0.object.id < $1.object.id }) {
      let match = added.firstIndex { candidate in
        candidate.object.id.kind == before.id.kind
          && (candidate.owner == owner || before.id.kind == .sequence)
          && AutomaticName.alone(tells: before, from: candidate.object, on: owner)
      }
      guard let match else {
        unpaired.append((before, owner))
        continue
      }
      let after = added.remove(at: match).object
      let rename = Rename(kind: before.id.kind, from: before.id.name.raw, to: after.id.name.raw)
      renames.append(rename)
      let change = PropertyChange(
        .name, before: .text(rename.from), after: .text(rename.to), weight: .cosmetic)
      changes.append(
        ObjectChange(before: before, after: after, properties: [change], weight: .cosmetic))
    }
    removed = unpaired
    return renames
  }

  /// A default that draws on a sequence names it, so it differs where the sequence's name does.
  private mutating func forgiveReferences(to renames: [Rename]) {
    changes = changes.map { change in
      let properties = change.properties.map { property in
        guard renames.contains(where: { $0.explains(property) }) else { return property }
        return PropertyChange(
          property.name, before: property.before, after: property.after, weight: .cosmetic)
      }
      guard let weight = properties.map(\.weight).max() else { return change }
      return ObjectChange(
        before: change.before, after: change.after, properties: properties, weight: weight)
    }
  }
}

/// An object under two automatic names.
private struct Rename {
  let kind: ObjectKind
  let from: String
  let to: String

  /// Whether a property says the same but for the name.
  func explains(_ change: PropertyChange) -> Bool {
    guard kind == .sequence, case .text(let before)? = change.before,
      case .text(let after)? = change.after
    else { return false }
    return before.replacing(from, with: to) == after
  }
}
