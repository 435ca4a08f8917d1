import Databases
import History
import Rows
import Schemas
import Walks

extension JudgedRun {
  /// A step beside the walk, with the engine that it was taken on.
  struct Beside {
    let engine: EngineRecord
    let step: ParityStep

    var name: StepName { step.record.name }
  }

  /// Every step of these names that was taken beside a walk.
  func besides(_ names: StepName...) -> [Beside] {
    record.engines.flatMap { engine in
      (engine.parity?.steps ?? []).filter { names.contains($0.record.name) }.map {
        Beside(engine: engine, step: $0)
      }
    }
  }
}

extension JudgedRun {
  /// The one revision that makes or changes all that is missing or different here: the last one that
  /// does so for each object; nil where there are several.
  func maker(of difference: SchemaDifference, on engine: EngineRecord) -> RevisionID? {
    let changed = Dictionary(
      engine.roundTrips.map { trip in
        (trip.revision, Set((trip.step(.upgrade)?.change.changes ?? []).map(\.id)))
      }
    ) { first, _ in first }
    let makers = Set(
      difference.structuralObjects.compactMap { object in
        graph.revisions.last { changed[$0.id]?.contains(object) == true }?.id
      })
    return makers.count == 1 ? makers.first : nil
  }
}

extension RunRecord {
  /// A run on one engine, with these steps taken beside the walk.
  static func example(_ engine: Engine, beside steps: ParityStep...) -> RunRecord {
    example(engine) {
      $0.parity = ParityRecord(steps: steps, application: "the Flask application")
    }
  }
}

extension ParityStep {
  static func example(
    _ name: StepName, _ outcome: StepOutcome = .succeeded, change: SchemaDifference = .init(),
    rows: RowsDifference? = nil, difference: SchemaDifference? = nil,
    unprintable: [Unprintable] = []
  ) -> ParityStep {
    ParityStep(
      StepRecord(name, outcome: outcome, change: change, rows: rows), difference: difference,
      unprintable: unprintable)
  }
}
