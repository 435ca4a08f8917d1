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
/// for those that the step changed.
package struct Snapshot: Hashable, Sendable {
  package let engine: Engine
  package private(set) var units: [ObjectID: SchemaUnit]

  /// The units' fingerprints added up, kept while they change: the whole's is read at no cost.
  private var sum: UInt128 = 0

  package init(engine: Engine, units: [SchemaUnit] = []) {
    self.engine = engine
    self.units = [:]
    for unit in units { put(unit) }
  }

  package mutating func put(_ unit: SchemaUnit) {
    if let old = units.updateValue(unit, forKey: unit.id) { sum &-= Self.number(old) }
    sum &+= Self.number(unit)
  }

  package mutating func remove(_ id: ObjectID) {
    if let old = units.removeValue(forKey: id) { sum &-= Self.number(old) }
  }

  /// Over all units, whatever their order.
  package var fingerprint: Fingerprint { Fingerprint(padding: sum) }

  /// Every unit in the order of their names, as files and comparisons list them.
  package var ordered: [SchemaUnit] { units.values.sorted { $0.id < $1.id } }

  /// Each unit's hash covers its name, so that the sum says which units there are.
  private static func number(_ unit: SchemaUnit) -> UInt128 {
    UInt128(unit.fingerprint, radix: 16) ?? 0
  }
}
