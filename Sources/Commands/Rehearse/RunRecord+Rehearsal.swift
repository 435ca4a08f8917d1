import Databases
import History
import Walks

extension RunRecord {
  /// Adds a rehearsal, and its revisions as the steps of a run, by which failures are told.
  mutating func add(_ rehearsal: RehearsalRecord, on origin: String) {
    var engine = EngineRecord(
      engine: rehearsal.engine, version: rehearsal.version, scratch: origin)
    engine.notes = rehearsal.notes
    engine.roundTrips = rehearsal.steps.map { step in
      RoundTripRecord(
        revision: step.revision,
        steps: [
          StepRecord(
            .upgrade, outcome: step.outcome, startedAt: startedAt + step.begin,
            duration: step.duration)
        ])
    }
    engines = [engine]
    self.rehearsal = rehearsal
  }
}
