import Databases
import History
import Rows
import Rules
import Schemas
import Walks

/// What is worth a line though it is no finding: what was left out, not reached or declared.
struct Remarks {
  let report: Report

  var all: [(label: String, text: String)] {
    notes.map { ("note", $0) } + declared.map { ("declared", $0) }
  }

  private var notes: [String] {
    let left = report.record.leftOut.map(\.sentence)
    let comparison = report.record.engineComparison?.reason.map { reason in
      "\(Words.list(Engine.allCases.map(\.title))) are not compared: \(reason)"
    }
    return notesOnLog + left + report.record.engines.flatMap(notes)
      + [comparison, gone].compactMap(\.self)
  }

  /// What can be taken out of the baseline.
  private var gone: String? {
    guard let gone = report.judgement.baseline?.gone.entries, !gone.isEmpty else { return nil }
    let named = gone.map { entry in
      [
        entry.known.rule.text, entry.known.engine?.rawValue, entry.known.revision?.text,
        entry.known.object, entry.known.change.map { "(\($0))" },
      ].compactMap(\.self).joined(separator: " ")
    }
    return
      "\(Words.count(gone.count, "line")) of the baseline can go: \(Words.list(named, atMost: 3)) "
      + "\(gone.count == 1 ? "is" : "are") seen no more; `stairway baseline --prune` takes "
      + "\(gone.count == 1 ? "it" : "them") out"
  }

  private func notes(of engine: EngineRecord) -> [String] {
    var blocked: [(by: RevisionID, revisions: [String])] = []
    var skipped: [(reason: String, count: Int)] = []
    for trip in engine.roundTrips {
      var reasons: Set<String> = []
      for step in trip.steps {
        switch step.outcome {
        case .blocked(let by):
          guard step == trip.steps.first else { continue }
          if let known = blocked.firstIndex(where: { $0.by == by }) {
            blocked[known].revisions.append(trip.revision.text)
          } else {
            blocked.append((by, [trip.revision.text]))
          }
        case .skipped(let reason):
          // These follow from the steps before them, or from there being no rows.
          guard ![.rollback, .recovery].contains(step.name) else { continue }
          guard reasons.insert(reason).inserted else { continue }
          if let known = skipped.firstIndex(where: { $0.reason == reason }) {
            skipped[known].count += 1
          } else {
            skipped.append((reason, 1))
          }
        default: break
        }
      }
    }
    let title = engine.engine.title
    let whole = [engine.approach, engine.descent, engine.ascent].compactMap { step -> String? in
      guard let step, case .skipped(let reason) = step.outcome else { return nil }
      return "\(title): the \(step.name.rawValue) is left out: \(reason)"
    }
    return engine.notes.map { "\(title): \($0)" }
      + blocked.map { by, revisions in
        "\(title): \(Words.list(revisions, atMost: 4)) \(revisions.count == 1 ? "was" : "were") "
          + "not reached: \(revisions.count == 1 ? "it needs" : "they need") \(by)"
      }
      + skipped.map { reason, count in
        "\(title): steps of \(Words.count(count, "revision")) are left out: \(reason)"
      } + whole
      + engine.unfilledTables.map { table in
        "\(title): table \(table.table.name) stayed empty: \(table.reason)"
      } + notesOnRows(of: engine) + notesOnModels(of: engine)
  }

  /// Rows of older fixtures that could not be written: the first of each file.
  private func notesOnRows(of engine: EngineRecord) -> [String] {
    var told: Set<String> = []
    return engine.leftOutRows.filter { told.insert($0.place.file).inserted }.map { fault in
      let more = engine.leftOutRows.count { $0.place.file == fault.place.file } - 1
      return
        "\(engine.engine.title): \(report.path(fault.place.file)):\(fault.place.line) was left out "
        + "where the rows of older revisions were written: \(fault.message)"
        + (more > 0 ? ", and \(more) more of the file" : "")
    }
  }

  private var declared: [String] {
    report.judgement.declared.filter { $0.origin == .allowance }.map { declared in
      let finding = declared.finding
      let objects = finding.objects.map(\.qualifiedName)
      let about =
        [finding.rule.text, finding.engine?.rawValue, finding.revision?.text].compactMap(\.self)
        + (objects.isEmpty ? [] : [Words.list(objects, atMost: 3)])
      return "\(about.joined(separator: " ")) because \(declared.reason)"
    }
  }
}

extension LeftOutEngine {
  /// That nothing was judged on it, with the reason; no full stop.
  var sentence: String { "\(engine.title) is left out: \(reason)" }
}
