import Databases
import History
import Schemas
import Walks

extension RunRecord {
  /// A rehearsal of one revision on a table of 41,200 rows.
  static func rehearsed(
    _ statement: StatementMeasurement, duration: Double? = nil, locks: [HeldLock] = [],
    isRewritten: Bool = false
  ) -> RunRecord {
    var record = RunRecord(project: ".", adapter: "alembic", revisions: [.example])
    let step = StepMeasurement(
      revision: Revision.example.id, duration: duration ?? statement.duration,
      statements: [statement], locks: locks)
    record.rehearsal = RehearsalRecord(
      engine: .postgresql, pending: [Revision.example.id], steps: [step],
      duration: step.duration, transactions: 1,
      relations: [
        RelationMeasurement(
          relation: .rehearsedTable, rows: 41_200,
          size: SizeChange(before: 125_829_120, after: 131_072_000), isRewritten: isRewritten)
      ])
    return record
  }
}

extension ObjectID {
  static let rehearsedTable = ObjectID(.table, schema: "public", ["users"])
}

extension HeldLock {
  /// By the first statement, on the examples' table.
  static func example(_ mode: LockMode, held: Double) -> HeldLock {
    HeldLock(relation: .rehearsedTable, mode: mode, statement: 0, taken: 0.01, held: held)
  }
}
