import Databases
import History
import Schemas
import Walks

extension JudgedRun {
  /// Every round trip with the engine that it was made on.
  var roundTrips: [(EngineRecord, RoundTripRecord)] {
    record.engines.flatMap { engine in engine.roundTrips.map { (engine, $0) } }
  }

  /// The round trip in which something was found; nil for what was found elsewhere.
  func roundTrip(of finding: Finding) -> RoundTripRecord? {
    roundTrips.first { $0.engine == finding.engine && $1.revision == finding.revision }?.1
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
      roundTrips.flatMap { trip in
        let traces = [trip.trace, trip.reupgradeDifference].compactMap { $0 }
        let own = trip.trace.map(environmentsObjects) ?? []
        return traces.flatMap(\.changes).filter { $0.weight == .structural && !own.contains($0.id) }
          .map(\.id)
      })
  }

  /// What of a difference the environment itself has made, and no revision: `on_version_apply`, or what
  /// env.py does beside the migrations.
  func environmentsObjects(in difference: SchemaDifference) -> Set<ObjectID> {
    let own = environmentsMakings
    guard !own.isEmpty else { return [] }
    return Set(
      difference.changes.filter { change in
        change.before == nil && own.contains { $0.makes(change.id) }
      }.map(\.id))
  }

  /// The statements by which the environment itself, and no revision, made all that is left: what the
  /// history did not make, none of its downgrades has to drop. nil where it did not make all of it.
  func environmentsStatements(making trace: SchemaDifference) -> [Statement]? {
    let own = environmentsMakings
    let made = trace.structuralObjects.map { object in
      own.last { $0.makes(object) }?.statement
    }
    return made.contains(nil) ? nil : made.compactMap(\.self)
  }

  private var environmentsMakings: [StatementWords] {
    let steps = roundTrips.flatMap(\.steps) + [approach, descent].compactMap(\.self)
    return (environmentStatements + steps.flatMap(\.statements))
      .filter { $0.sender != nil && $0.error == nil }
      .map(StatementWords.init).filter { $0.verb == "create" }
  }
}

extension StatementWords {
  /// Whether an object comes from the statement, by itself or with its table.
  fileprivate func makes(_ object: ObjectID) -> Bool {
    let own = object.name.raw.lowercased()
    if let madeTable { return object.path.first?.raw.lowercased() == madeTable }
    return names.contains(own)
  }
}
