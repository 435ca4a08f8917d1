import Databases
import Schemas
import Walks

extension JudgedRun {
  /// Every revision that was measured, with the rehearsal that it belongs to.
  var measuredSteps: [(rehearsal: RehearsalRecord, step: StepMeasurement)] {
    guard let rehearsal = record.rehearsal else { return [] }
    return rehearsal.steps.map { (rehearsal, $0) }
  }

  /// What to do where one of the deploy's limits struck; nil where none did.
  func timeoutFix(_ failure: StepFailure) -> String? {
    guard let bounds = record.rehearsal?.bounds else { return nil }
    switch failure.sqlState {
    case "55P03":
      let limit = bounds.lockTimeout.map { " for \($0.duration)" } ?? ""
      return "another session had the table\(limit): run the deploy again when none has, and end "
        + "what holds it for long (`SELECT pid, query FROM pg_stat_activity WHERE state <> 'idle'`); "
        + "a limit that lets the deploy give up is right, since everybody else queues behind it"
    case "57014":
      let limit = bounds.statementTimeout.map { " of \($0.duration)" } ?? ""
      let way = failure.statement.map { safeWay(insteadOf: $0, rewrites: false) }
      return "it does not fit into the limit\(limit): "
        + (way.map { "\($0); or " } ?? "")
        + "give this revision a limit of its own (`SET LOCAL statement_timeout`)"
    default: return nil
    }
  }

  /// A finding of a rehearsal's rule, at the statement's line.
  func finding(
    _ rule: some Rule, in rehearsal: RehearsalRecord, _ step: StepMeasurement,
    about objects: [ObjectID], message: String, statement: StatementMeasurement?,
    evidence: [String], fix: String?
  ) -> Finding {
    finding(
      rule, engine: rehearsal.engine, revision: step.revision, step: .upgrade, objects: objects,
      message: message, evidence: Evidence(rows: evidence), statement: statement?.statement,
      fix: fix)
  }
}

extension StepMeasurement {
  /// The statement with this place.
  func statement(at place: Int?) -> StatementMeasurement? {
    place.flatMap { statements.indices.contains($0) ? statements[$0] : nil }
  }

}

extension RehearsalRecord {
  /// Whether the table held anything before the rehearsal, as far as the server can tell.
  func hadRows(_ table: ObjectID) -> Bool {
    guard let known = relation(table) else { return false }
    return known.rows.map { $0 > 0 } ?? ((known.size?.before ?? 0) > 0)
  }

  /// The locks that kept others from the table's rows while the statement ran: its own, and those that
  /// an earlier one of its transaction had taken.
  func blockingLocks(
    during statement: StatementMeasurement, of step: StepMeasurement, on table: ObjectID
  ) -> [HeldLock] {
    let begin = step.begin + statement.begin
    return steps.flatMap { other in
      other.locks.filter { lock in
        let taken = other.begin + lock.taken
        return lock.table == table && lock.blocks > .nothing && taken <= begin + statement.duration
          && taken + lock.held > begin
      }
    }
  }

  /// What is known of the relations, for evidence.
  func sizes(of relations: [ObjectID]) -> [String] {
    relations.compactMap { relation($0)?.words }
  }
}
