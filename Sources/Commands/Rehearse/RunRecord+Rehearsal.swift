import Databases
import Rules
import Walks

extension RunRecord {
  /// Adds a rehearsal, and its revisions as the round trips of a run, by which they are judged.
  mutating func add(_ rehearsal: RehearsalRecord, on origin: String) {
    var engine = EngineRecord(
      engine: rehearsal.engine, version: rehearsal.version, scratch: origin)
    engine.notes = rehearsal.notes
    engine.fault = rehearsal.steps.commonFault
    engine.roundTrips = rehearsal.roundTrips(startedAt: startedAt)
    engines = [engine]
    self.rehearsal = rehearsal
  }
}
