import Databases

extension SchemaDifference {
  /// The changes that speak for themselves: without the parts of a table that came or went with it.
  package var principalChanges: [ObjectChange] {
    let wholes = Set(changes.filter { $0.before == nil || $0.after == nil }.map(\.id))
    return changes.filter { change in
      guard change.before == nil || change.after == nil else { return true }
      // An identity column's sequence comes and goes with the identity.
      if change.id.kind == .sequence, change.id.path.count > 1 { return false }
      return !Self.holders(of: change).contains { wholes.contains($0) }
    }
  }

  /// Only the changes of these objects, each with the parts that came or went with it.
  package func about(_ objects: Set<ObjectID>) -> SchemaDifference {
    SchemaDifference(
      changes.filter { change in
        objects.contains(change.id) || Self.holders(of: change).contains { objects.contains($0) }
      })
  }

  /// What a change's object would vanish with: the relation, type or domain that holds it by name, the
  /// table of an index, the owner of a sequence.
  private static func holders(of change: ObjectChange) -> [ObjectID] {
    let id = change.id
    guard let object = change.after ?? change.before else { return [] }
    let relations: [ObjectKind] = [
      .table, .foreignTable, .materializedView, .view, .type, .domain,
    ]
    var names: [[Identifier]] = []
    if id.path.count > 1 { names.append(Array(id.path.prefix(1))) }
    for property: PropertyName in ["table", "owned-by"] {
      guard case .text(let text)? = object[property] else { continue }
      names.append([Identifier(text)])
      let parts = text.split(separator: ".").map { Identifier(String($0)) }
      if parts.count > 1 { names += parts.map { [$0] } }
    }
    return names.flatMap { name in relations.map { ObjectID($0, schema: id.schema, name) } }
  }
}
