import Databases
import History
import Rows
import Schemas
import Walks

extension JudgedRun.FailedStep {
  /// Whether the rows were to blame.
  var isOnRows: Bool { step.emptyTrial.map { $0 != .fails } ?? false }

  /// Whether rows that the application may never write are to blame: made-up ones or edge ones, and
  /// not merely that there are any.
  var isOnDoubtfulRows: Bool {
    switch step.emptyTrial {
    case .succeedsOnTypicalRows, .succeedsWithoutMadeUpNulls: true
    case .succeedsWithoutMadeUpRows:
      switch certainty {
      // A rollback meets values that were made up for it: a NULL wherever one is newly allowed.
      case .missingValue: [.rollback, .descent].contains(step.name)
      case .refusedDefault, .rebuiltParent, .ownRows, .pendingEvents: false
      case nil: true
      }
    case .succeeds, .fails, nil: false
    }
  }
}

extension JudgedRun {
  /// Whether the project's own rows were in the tables, not only made-up ones.
  func hasProvidedRows(on engine: Engine) -> Bool {
    record.engines.contains { known in
      known.engine == engine && known.roundTrips.contains { $0.filling?.hasProvided ?? false }
    }
  }

  /// What to do about a finding that only made-up rows have brought about.
  static let mendOfDoubt =
    "where your rows are never like that, say in a fixture what they are like"

  /// A finding about a step that failed on rows alone.
  func onRows(_ rule: some Rule, _ failed: FailedStep, words: String) -> Finding {
    let finding = finding(
      rule, engine: failed.engine, revision: failed.revision, step: failed.step.name,
      message: "\(failed.step.name.subject) \(failed.failure.predicate) (\(words))",
      evidence: failed.failure.evidence, fix: fix(failed))
    guard failed.isOnDoubtfulRows else { return finding }
    return Finding(
      rule: finding.rule, severity: .warning, engine: finding.engine, revision: finding.revision,
      step: finding.step, objects: finding.objects, file: finding.file, line: finding.line,
      message: finding.message + ": " + doubt(failed), evidence: finding.evidence,
      fix: mends(fix(failed), mendOfDoubt(rule, failed)))
  }
}

extension JudgedRun {
  /// Into tables of fixtures, too, rows are written that use what a revision newly allows: no fixture says
  /// that these are never like that.
  private func mendOfDoubt(_ rule: some Rule, _ failed: FailedStep) -> String {
    let isMetByRollback = [.rollback, .descent].contains(failed.step.name)
    guard isMetByRollback || hasProvidedRows(on: failed.engine) else { return Self.mendOfDoubt }
    return mend(
      isMetByRollback
        ? "where your rows are never like that, say so beside the code"
        : Self.mendOfDoubt + " wherever none does yet, or say so beside the code",
      .allow(rule: rule.name.text, object: nil), on: failed.engine)
  }

  private func fix(_ failed: FailedStep) -> String {
    if let certain = failed.certainty?.fix(in: self, on: failed.engine) { return certain }
    if let known = mendWriter.mending(failed.failure, on: failed.engine) { return known }
    return failed.failure.statement == nil
      ? "let \(failed.step.name.subject) take every row that the tables can hold"
      : "bring the rows into the form that the statement takes before it is sent"
  }

  /// What was seen of the rows that makes them doubtful.
  private func doubt(_ failed: FailedStep) -> String {
    if failed.step.emptyTrial == .succeedsOnTypicalRows {
      return "on edge ones; on typical ones it succeeds"
    }
    if failed.step.emptyTrial == .succeedsWithoutMadeUpNulls, failed.failure.meansDuplicates {
      return
        "on made-up ones, of which several come out the same"
    }
    if failed.step.emptyTrial == .succeedsWithoutMadeUpNulls {
      return
        "on made-up ones; on such without a NULL, of which no two point to one row, it succeeds"
    }
    return hasProvidedRows(on: failed.engine)
      ? "on made-up ones; on the fixtures' alone it succeeds" : "all of them made up"
  }

  /// One finding for each fault, at its place in the fixture.
  func fixtureFindings(
    _ rule: some Rule, _ faults: (RowFilling) -> [FixtureFault], otherwise fix: String
  ) -> [Finding] {
    roundTrips.flatMap { engine, trip in
      (trip.filling.map(faults) ?? []).map { fault in
        Finding(
          rule: rule.name, severity: rule.severity, engine: engine.engine, revision: trip.revision,
          step: .upgrade, objects: fault.objects, file: fault.place.file, line: fault.place.line,
          message: fault.message, evidence: Evidence(sqlState: fault.sqlState),
          fix: fault.fix ?? fix)
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
