import Databases
import Schemas

/// What a table on SQLite loses when a batch copies it, for neither Alembic nor SQLAlchemy reads it:
/// <https://alembic.sqlalchemy.org/en/latest/batch.html#including-check-constraints>.
extension Undo {
  /// The calls that keep it.
  ///
  /// - Parameters:
  ///   - present: tables with their parts as they are; those that no operation copies need nothing.
  ///   - changes: what the operations see to themselves.
  func keeping(
    _ present: [SchemaObject], besides changes: [ObjectChange], in operations: [AlembicOperation]
  ) -> [AlembicOperation] {
    guard engine == .sqlite else { return [] }
    let copied = Set(operations.filter(\.copiesTable).compactMap { $0.batch?.table })
    let lost = present.filter { copied.contains($0.id.holder.raw) }
    return lost.flatMap { object -> [AlembicOperation] in
      let same = operations.filter { $0.batch?.table == object.id.holder.raw }
      let own = changes.filter { $0.before?.id == object.id || $0.after?.id == object.id }
      guard own.allSatisfy({ $0.before != nil && $0.after != nil }) else { return [] }
      return keeping(object, besides: Set(own.flatMap(\.properties).map(\.name)), in: same)
    }
  }

  private func keeping(
    _ object: SchemaObject, besides changed: Set<PropertyName>, in operations: [AlembicOperation]
  ) -> [AlembicOperation] {
    switch object.id.kind {
    case .table:
      let names: Set<PropertyName> = ["strict", "without-rowid"]
      return restoringTable(
        object, from: SchemaObject(object.id),
        names.intersection(object.properties.keys).subtracting(changed))
    case .column: return keepingColumn(object, besides: changed)
    case .constraint where changed.isEmpty && object.flag("unnamed"):
      return object.text("constraint-type") == "CHECK"
        ? creatingConstraint(object) : keepingUnnamed(object, in: operations)
    case .index where changed.isEmpty && object.list("columns").contains { !Self.isName($0) }:
      // Some versions read it, without its expressions.
      return [droppingIndex(object), creatingIndex(object)]
    case .trigger where changed.isEmpty:
      return creation(of: object).map { [.execute(.createDependents, $0)] } ?? []
    default: return []
    }
  }

  private func keepingColumn(
    _ column: SchemaObject, besides changed: Set<PropertyName>
  ) -> [AlembicOperation] {
    var names: Set<PropertyName> = ["autoincrement", "collation"]
    // With the type its collation is written.
    if changed.contains("type") || changed.contains("rowid-alias") { names.remove("collation") }
    names = names.intersection(column.properties.keys).subtracting(changed)
    guard !names.isEmpty else { return [] }
    var bare = column
    for name in names { bare[name] = nil }
    return restoringColumn(column, from: bare, names)
  }
}
