import Databases
import History
import Rows
import Schemas
import Walks

extension JudgedRun.FailedStep {
  /// Whether the rows were to blame.
  var isOnRows: Bool { step.emptyTrial == .succeeds || isOnEdgeRows }
  var isOnEdgeRows: Bool { step.emptyTrial == .succeedsOnTypicalRows }
}

extension JudgedRun {
  /// A finding about a step that failed on rows alone.
  func onRows(_ rule: some Rule, _ failed: FailedStep, words: String) -> Finding {
    var finding = finding(
      rule, engine: failed.engine, revision: failed.revision, step: failed.step.name,
      message: "\(failed.step.name.subject) \(failed.failure.predicate) (\(words))",
      evidence: failed.failure.evidence,
      fix: mendWriter.mending(failed.failure, on: failed.engine))
    if failed.isOnEdgeRows { finding.severity = .warning }
    return finding
  }
}

extension JudgedRun {
  /// One finding for each fault, at its place in the fixture.
  func fixtureFindings(
    _ rule: some Rule, _ faults: (RowFilling) -> [FixtureFault]
  ) -> [Finding] {
    roundTrips.flatMap { engine, trip in
      (trip.filling.map(faults) ?? []).map { fault in
        Finding(
          rule: rule.name, severity: rule.severity, engine: engine.engine, revision: trip.revision,
          step: .upgrade, objects: fault.objects, file: fault.place.file, line: fault.place.line,
          message: fault.message, evidence: Evidence(sqlState: fault.sqlState), fix: fault.fix)
      }
    }
  }
}

extension FixtureFault {
  /// What the fault is about, as far as it is known.
  var objects: [ObjectID] {
    guard let table else { return [] }
    guard let column else { return [ObjectID(.table, schema: table.schema, [table.name])] }
    return [ObjectID(.column, schema: table.schema, [table.name, column])]
  }
}
