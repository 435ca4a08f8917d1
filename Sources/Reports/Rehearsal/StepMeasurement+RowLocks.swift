import Rules
import Walks

extension StepMeasurement {
  /// Of each table the rows that nobody else could change for longer than the whole table, as a sentence:
  /// `60000 rows of table users locked for 1.6 s: writes to them wait`.
  var rowLocks: [String] {
    let changed = statements.flatMap(\.rows).filter { $0.updated + $0.deleted > 0 }
    return Set(changed.map(\.table)).sorted().compactMap { table in
      let rows = changed.filter { $0.table == table }
      let held = rows.map(\.held).max() ?? 0
      let closed = locks.filter { $0.table == table && $0.blocks > .nothing }.map(\.held).max()
      guard held >= ChecklistAnswers.leastWait, held > closed ?? 0 else { return nil }
      let count = rows.reduce(0) { $0 + $1.updated + $1.deleted }
      return "\(Words.count(count, "row")) of \(table) locked for \(held.duration): "
        + "writes to \(count == 1 ? "it" : "them") wait"
    }
  }
}
