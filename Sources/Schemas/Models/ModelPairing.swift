import Databases

/// Brings together the constraints and indexes of a table that are the same under two names.
///
/// A name that nobody chose says nothing: PostgreSQL makes one up, on SQLite there is none.
struct ModelPairing {
  private let judge: ModelProperties
  private let migrated: Snapshot
  private let models: Snapshot

  init(_ judge: ModelProperties, migrated: Snapshot, models: Snapshot) {
    self.judge = judge
    self.migrated = migrated
    self.models = models
  }

  /// The changes without those that are only about such names; one that was named twice is one
  /// change, of its name.
  func paired(_ changes: [ObjectChange]) -> [ObjectChange] {
    var kept = changes.filter { !isLoose($0) }
    var removed = changes.filter(isLoose).compactMap(\.before)
    var added = changes.filter(isLoose).compactMap(\.after)
    // First what is the same, then what has the same name, then what is about the same columns.
    let ways: [(SchemaObject, SchemaObject) -> Bool] = [
      judge.isSame, { $0.id == $1.id }, isAboutTheSame,
    ]
    for matches in ways {
      var rest: [SchemaObject] = []
      for before in removed {
        let found = added.firstIndex { isBeside($0, before) && matches(before, $0) }
        guard let found else {
          rest.append(before)
          continue
        }
        let after = added.remove(at: found)
        kept += change(from: before, to: after)
      }
      removed = rest
    }
    return kept
      + removed.filter { !isCopy($0, in: models) }.map { ObjectChange(before: $0, after: nil) }
      + added.filter { !isCopy($0, in: migrated) }.map { ObjectChange(before: nil, after: $0) }
  }

  /// Whether a constraint without a name says again what one of the other side's says: a column's
  /// `ForeignKey` beside a `ForeignKeyConstraint`.
  private func isCopy(_ object: SchemaObject, in other: Snapshot) -> Bool {
    guard object.id.kind == .constraint, hasNoName(object) else { return false }
    let table = ObjectID(.table, schema: object.id.schema, [object.id.path[0]])
    return other[table]?.objects.contains {
      $0.id.kind == .constraint && judge.isSame(object, $0)
    } ?? false
  }

  /// Whether it is of one side alone, or brings two together by a name that nobody chose: PostgreSQL
  /// counts those of one column in the order in which they are made.
  private func isLoose(_ change: ObjectChange) -> Bool {
    let objects = [change.before, change.after].compactMap(\.self)
    guard let object = objects.first, object.id.path.count == 2,
      [.constraint, .index].contains(object.id.kind)
    else { return false }
    return objects.count == 1 || objects.allSatisfy(hasNoName)
  }

  private func isBeside(_ one: SchemaObject, _ other: SchemaObject) -> Bool {
    one.id.kind == other.id.kind && one.id.schema == other.id.schema
      && one.id.path.first == other.id.path.first
  }

  /// Whether one of two constraints took the place of the other: without a name of its own, it is
  /// known by its kind and columns.
  private func isAboutTheSame(_ before: SchemaObject, _ after: SchemaObject) -> Bool {
    guard before.id.kind == .constraint, before[.constraintType] == after[.constraintType] else {
      return false
    }
    if before[.constraintType] == .text("PRIMARY KEY") { return true }
    return before[.columns] != nil && before[.columns] == after[.columns]
      && before[.constraintType] != .text("CHECK") && (hasNoName(before) || hasNoName(after))
  }

  private func change(from before: SchemaObject, to after: SchemaObject) -> [ObjectChange] {
    var properties = judge.changes(from: before, to: after, in: (nil, nil))
    if !hasNoName(before), !hasNoName(after) {
      properties.insert(
        PropertyChange(
          .name, before: .text(before.id.name.raw), after: .text(after.id.name.raw),
          weight: .structural), at: 0)
    }
    return properties.isEmpty
      ? [] : [ObjectChange(before: before, after: after, properties: properties)]
  }

  private func hasNoName(_ object: SchemaObject) -> Bool {
    // What PostgreSQL would call it is no choice on SQLite either.
    return object[.unnamed] == .flag(true)
      || AutomaticName.isAutomatic(object, on: object.id.path[0])
  }
}
