internal import Rows
internal import Schemas
internal import Walks

extension Lane {
  /// What the first upgrade of a revision made PostgreSQL do to tables that were there before all of the
  /// revisions that are verified, and that held rows: there it is as long as the table is large.
  func storageObservations(
    on step: StepRecord, since earlier: RowImage?
  ) throws -> [Observation] {
    guard step.name == .upgrade, case .succeeded = step.outcome, !rows.standing.isEmpty,
      !rows.isOnTheWay, let earlier, let now = state.rows
    else { return [] }
    let rewritten = now.rewritten(since: earlier, among: rows.standing).map { table in
      Observation(
        .tableRewritten, objects: [ObjectID(.table, schema: table.schema, [table.name])],
        detail: "")
    }
    let tables = Set(now.holdingRows(among: rows.standing))
    let built = step.change.changes.filter { change in
      guard change.before == nil, let after = change.after, after.isBuilt,
        let table = after.id.path.first
      else { return false }
      return tables.contains(TableName(schema: after.id.schema, table))
    }
    return rewritten + built.map { Observation(.indexBuilt, objects: [$0.id], detail: "") }
  }
}

extension SchemaObject {
  /// Whether it is an index, or a constraint that has one.
  fileprivate var isBuilt: Bool {
    guard id.path.count > 1 else { return false }
    if id.kind == .index { return true }
    guard id.kind == .constraint, case .text(let type)? = self[.constraintType] else {
      return false
    }
    return ["PRIMARY KEY", "UNIQUE", "EXCLUDE"].contains(type)
  }
}
