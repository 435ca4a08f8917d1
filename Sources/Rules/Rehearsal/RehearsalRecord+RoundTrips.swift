import History
import Rows
import Schemas
package import Walks

extension RehearsalRecord {
  /// Its revisions as round trips, so that the rules of `verify` judge what became of schema and rows.
  ///
  /// What was seen at the end of all revisions is told of the one whose statements did it.
  /// - Parameter startedAt: seconds since 1970, UTC.
  package func roundTrips(startedAt: Double) -> [RoundTripRecord] {
    let culprits = Culprits(self)
    return steps.map { step in
      let revision = step.revision
      var trip = RoundTripRecord(
        revision: revision, steps: [StepRecord(.upgrade, step, startedAt: startedAt)])
      trip.steps[0].change = culprits.part(of: schema, for: revision) ?? SchemaDifference()
      trip.steps[0].rows = culprits.part(of: rows, for: revision)
      if let rollback, let down = rollback.steps.first(where: { $0.revision == revision }) {
        let began = startedAt + duration
        trip.steps.append(StepRecord(.downgrade, down, startedAt: began))
        trip.trace = culprits.part(of: rollback.schema, for: revision)
        trip.rowsTrace = culprits.part(of: rollback.rows, for: revision)
        if down.outcome.isSkipped {
          trip.steps.append(StepRecord(.reupgrade, outcome: down.outcome))
        } else if let again = secondUpgrade?.steps.first(where: { $0.revision == revision }) {
          trip.steps.append(
            StepRecord(.reupgrade, again, startedAt: began + rollback.duration))
          trip.reupgradeDifference = culprits.part(of: secondUpgrade?.schema, for: revision)
          trip.reupgradeRows = culprits.part(of: secondUpgrade?.rows, for: revision)
        }
      }
      return trip
    }
  }
}

extension StepRecord {
  fileprivate init(_ name: StepName, _ measured: StepMeasurement, startedAt: Double) {
    self.init(
      name, outcome: measured.outcome, startedAt: startedAt + measured.begin,
      duration: measured.duration, statements: measured.statements.map(\.statement))
  }
}
