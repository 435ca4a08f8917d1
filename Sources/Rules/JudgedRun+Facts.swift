import Databases
import History
import Schemas
import Walks

extension JudgedRun {
  /// Every round trip with the engine that it was made on.
  var roundTrips: [(EngineRecord, RoundTripRecord)] {
    record.engines.flatMap { engine in engine.roundTrips.map { (engine, $0) } }
  }

  /// An observation and where it was made first.
  struct Sighting {
    let engine: Engine
    let revision: RevisionID?
    let step: StepRecord
    let observation: Observation
  }

  /// Every observation of a kind, once for each revision: the second upgrade sees again what the
  /// first one saw, and the descent and ascent what the round trips did.
  func sightings(of kind: Observation.Kind) -> [Sighting] {
    record.engines.flatMap { engine in
      var single: [Sighting] = []
      for roundTrip in engine.roundTrips {
        var seen: Set<[String]> = []
        for step in roundTrip.steps {
          for observation in step.observations where observation.kind == kind {
            guard seen.insert(observation.subject).inserted else { continue }
            single.append(
              Sighting(
                engine: engine.engine, revision: roundTrip.revision, step: step,
                observation: observation))
          }
        }
      }
      var seen = Set(single.map(\.observation.subject))
      for step in [engine.approach, engine.descent, engine.ascent].compactMap({ $0 }) {
        for observation in step.observations where observation.kind == kind {
          guard seen.insert(observation.subject).inserted else { continue }
          single.append(
            Sighting(engine: engine.engine, revision: nil, step: step, observation: observation))
        }
      }
      return single
    }
  }
}

extension Observation {
  /// What tells it from others of its kind: its objects, or what was said where it names none.
  fileprivate var subject: [String] {
    objects.isEmpty ? [detail] : objects.map(\.description)
  }
}

extension EngineRecord {
  /// Everything that single round trips have already shown not to come back as it was.
  var objectsInTraces: Set<ObjectID> {
    Set(
      roundTrips.flatMap { [$0.trace, $0.reupgradeDifference] }.compactMap { $0 }
        .flatMap(\.changes).filter { $0.weight == .structural }.map(\.id))
  }
}
