package import Databases

/// A hash over the canonical form, in hexadecimal: equal exactly when what it stands for is equal.
package typealias Fingerprint = String

/// A part of the schema that is read and compared as one: a relation with everything that hangs on
/// it, or a single object of another kind.
package struct SchemaUnit: Hashable, Sendable, Codable {
  /// The object itself first, then what hangs on it, ordered by id.
  package let objects: [SchemaObject]
  package let fingerprint: Fingerprint

  /// Orders the objects and takes their fingerprint.
  package init(_ main: SchemaObject, parts: [SchemaObject] = []) {
    objects = [main] + parts.sorted { $0.id < $1.id }
    fingerprint = Self.fingerprint(of: objects)
  }

  package var id: ObjectID { objects[0].id }
}

/// The canonical schema of one database at one moment.
///
/// A value with shared parts: the snapshot after a step holds the same units as the one before, but
/// for those that the step changed. The units lie on shelves by the hash of their names, and each
/// shelf carries its units' sum, so that comparing two snapshots of thousands of units opens only the
/// shelves that differ.
package struct Snapshot: Sendable {
  package let engine: Engine
  var shelves = [Shelf](repeating: Shelf(), count: Snapshot.shelfCount)

  private static let shelfCount = 256

  package init(engine: Engine, units: [SchemaUnit] = []) {
    self.engine = engine
    for unit in units { put(unit) }
  }

  package mutating func put(_ unit: SchemaUnit) { shelves[Self.shelf(of: unit.id)].put(unit) }
  package mutating func remove(_ id: ObjectID) { shelves[Self.shelf(of: id)].remove(id) }

  /// The unit of that name; nil where there is none.
  package subscript(id: ObjectID) -> SchemaUnit? {
    shelves[Self.shelf(of: id)].units.first { $0.id == id }
  }

  /// Every unit by its name. Put together at each call: to look up one, use the subscript.
  package var units: [ObjectID: SchemaUnit] {
    var all: [ObjectID: SchemaUnit] = [:]
    for shelf in shelves { for unit in shelf.units { all[unit.id] = unit } }
    return all
  }

  package var count: Int { shelves.reduce(0) { $0 + $1.units.count } }
  package var isEmpty: Bool { shelves.allSatisfy(\.units.isEmpty) }

  /// Over all units, whatever their order; costs the same however many there are.
  package var fingerprint: Fingerprint { Fingerprint(padding: sum) }

  private var sum: UInt128 { shelves.reduce(0) { $0 &+ $1.sum } }

  /// Every unit in the order of their names, as files and comparisons list them.
  package var ordered: [SchemaUnit] { shelves.flatMap(\.units).sorted { $0.id < $1.id } }

  /// Every name that an object of the schema bears, or one that holds it.
  package var names: Set<String> {
    Set(shelves.flatMap(\.units).flatMap(\.objects).flatMap { $0.id.path.map(\.raw) })
  }

  /// Those of one kind, in the order of their names.
  package func units(of kind: ObjectKind) -> [SchemaUnit] {
    var found: [SchemaUnit] = []
    for shelf in shelves {
      for unit in shelf.units where unit.id.kind == kind { found.append(unit) }
    }
    return found.sorted { $0.id < $1.id }
  }

  private static func shelf(of id: ObjectID) -> Int {
    Int(truncatingIfNeeded: id.hashValue & (shelfCount - 1))
  }
}

extension Snapshot: Hashable {
  package static func == (left: Snapshot, right: Snapshot) -> Bool {
    left.engine == right.engine && left.sum == right.sum
  }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(engine)
    hasher.combine(sum)
  }
}

/// The units whose names share a hash, and the sum of their fingerprints.
struct Shelf: Sendable {
  private(set) var units: [SchemaUnit] = []
  private(set) var sum: UInt128 = 0

  mutating func put(_ unit: SchemaUnit) {
    remove(unit.id)
    units.append(unit)
    sum &+= Self.number(unit)
  }

  mutating func remove(_ id: ObjectID) {
    guard let index = units.firstIndex(where: { $0.id == id }) else { return }
    sum &-= Self.number(units[index])
    units.remove(at: index)
  }

  /// Each unit's hash covers its name, so that the sum says which units there are.
  private static func number(_ unit: SchemaUnit) -> UInt128 {
    UInt128(unit.fingerprint, radix: 16) ?? 0
  }
}
