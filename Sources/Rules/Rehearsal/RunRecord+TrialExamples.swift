import History
import Walks

extension RunRecord {
  /// A rehearsal of one revision, of which several instances ran at once.
  static func tried(_ concurrency: ConcurrencyRecord) -> RunRecord {
    tried { $0.concurrency = concurrency }
  }

  /// One whose upgrade was interrupted once.
  static func tried(_ trial: InterruptionTrial) -> RunRecord {
    tried { $0.interruptions = InterruptionsRecord(places: 1, trials: [trial]) }
  }

  private static func tried(_ fill: (inout RehearsalRecord) -> Void) -> RunRecord {
    var record = rehearsed(StatementMeasurement(sql: "CREATE TABLE day (id integer)"))
    guard var rehearsal = record.rehearsal else { return record }
    fill(&rehearsal)
    record.rehearsal = rehearsal
    return record
  }
}
