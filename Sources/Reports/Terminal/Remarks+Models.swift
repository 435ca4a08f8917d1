import Databases
import Walks

extension Remarks {
  /// Which models were not compared, and which modules were not looked into.
  func notesOnModels(of engine: EngineRecord) -> [String] {
    guard let parity = engine.parity else { return [] }
    var notes: [String] = []
    if case .skipped(let reason)? = parity.step(.models)?.record.outcome {
      notes.append("\(engine.engine.title): \(reason)")
    }
    // The modules are the same on every engine.
    let isFirst =
      report.record.engines.first { $0.parity?.unregistered != nil }?.engine == engine.engine
    guard isFirst, let unregistered = parity.unregistered else { return notes }
    return notes
      + unregistered.unread.map { unread in
        let place = unread.file.isEmpty ? "" : "\(report.path(unread.file)):\(unread.line): "
        return place + unread.message + (unread.fix.map { "; \($0)" } ?? "")
      }
  }
}
