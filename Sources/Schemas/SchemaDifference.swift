/// How much a difference matters to a round trip.
package enum Weight: String, Sendable, Codable, Comparable {
  /// Nothing that any statement could notice: a constraint's automatic name, quoting.
  case cosmetic
  /// Only the order of a table's columns: noticed by `SELECT *` and by inserts without names.
  case columnOrder = "column-order"
  /// The schema is another one.
  case structural

  private var rank: Int {
    switch self {
    case .cosmetic: 0
    case .columnOrder: 1
    case .structural: 2
    }
  }
  package static func < (left: Weight, right: Weight) -> Bool { left.rank < right.rank }
}

/// One property that differs; nil where the object does not have it.
package struct PropertyChange: Hashable, Sendable, Codable {
  package let name: PropertyName
  package let before: PropertyValue?
  package let after: PropertyValue?
  package let weight: Weight

  package init(
    _ name: PropertyName, before: PropertyValue?, after: PropertyValue?, weight: Weight
  ) {
    self.name = name
    self.before = before
    self.after = after
    self.weight = weight
  }
}

/// One object that is not what it was: `before` is nil where it was added, `after` where removed.
package struct ObjectChange: Hashable, Sendable, Codable {
  package let before: SchemaObject?
  package let after: SchemaObject?
  /// Empty unless both are there.
  package let properties: [PropertyChange]
  package let weight: Weight

  package init(
    before: SchemaObject?, after: SchemaObject?, properties: [PropertyChange] = [],
    weight: Weight = .structural
  ) {
    self.before = before
    self.after = after
    self.properties = properties
    self.weight = weight
  }

  /// The object in question, by its name after the change where it is still there.
  package var id: ObjectID { (after ?? before)?.id ?? ObjectID(.schema, []) }
}

/// What lies between two snapshots, object by object, ordered by name.
package struct SchemaDifference: Hashable, Sendable, Codable {
  package let changes: [ObjectChange]

  package init(_ changes: [ObjectChange] = []) { self.changes = changes }

  package var isEmpty: Bool { changes.isEmpty }
  /// The heaviest of all changes; nil where there is none.
  package var weight: Weight? { changes.map(\.weight).max() }
  package var isStructural: Bool { weight == .structural }

  /// The same difference read the other way round.
  package var reversed: SchemaDifference {
    SchemaDifference(
      changes.map { change in
        ObjectChange(
          before: change.after, after: change.before,
          properties: change.properties.map {
            PropertyChange($0.name, before: $0.after, after: $0.before, weight: $0.weight)
          }, weight: change.weight)
      })
  }
}
