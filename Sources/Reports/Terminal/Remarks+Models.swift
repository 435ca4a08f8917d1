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
    if parity.reason == .headsNotReached, !report.unjudged.contains(where: isBehindFailure(engine))
    {
      notes.append(
        "\(engine.engine.title): models, application and printed SQL are not compared: "
          + ParityRecord.Reason.headsNotReached.words(for: engine))
    }
    notes += notesOnPrinting(parity, engine.engine) + notesOnOpinion(parity.models, engine.engine)
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

  /// What says by itself that nothing was compared.
  private func isBehindFailure(_ engine: EngineRecord) -> (Unjudged) -> Bool {
    { $0.engine == engine.engine && $0.fault.code == .knownFailure }
  }

  /// Why what the tool prints was not held against the migrations, where that is neither a setting nor
  /// a finding, nor in the nature of the tool's own operations on this engine.
  private func notesOnPrinting(_ parity: ParityRecord, _ engine: Engine) -> [String] {
    guard let step = parity.step(.printedUpgrade), step.unprintable.isEmpty,
      case .skipped(let reason) = step.record.outcome, !reason.hasPrefix("switched off")
    else { return [] }
    return ["\(engine.title): what `upgrade --sql` prints is not compared: \(reason)"]
  }

  /// What the tool's own comparison says where the models make what the migrations made: `alembic
  /// check` fails there all the same.
  private func notesOnOpinion(_ models: ModelsRecord?, _ engine: Engine) -> [String] {
    guard let opinion = models?.toolsOpinion else { return [] }
    if let failure = opinion.failure {
      let said = failure.message.isEmpty ? failure.type : failure.message
      return ["\(engine.title): autogenerate raises, and `alembic check` with it: \(said)"]
    }
    guard !opinion.others.isEmpty else { return [] }
    let shown = opinion.others.map { operation in
      let code = operation.code.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return code.isEmpty ? "\(operation.kind) of \(operation.table ?? "a table")" : code
    }
    return [
      "\(engine.title): autogenerate proposes \(Words.list(shown, atMost: 2)), though nothing that "
        + "models can say differs there; `alembic check` fails all the same"
    ]
  }
}
