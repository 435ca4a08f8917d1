import Databases
import Schemas
import Walks

/// What a revision's downgrade left, and a downgrade further below stopped at.
struct Remains {
  let trip: RoundTripRecord
  let trace: SchemaDifference
}

extension JudgedRun {
  /// What made the way down in one go fail at a revision that goes down well by itself: of the revisions
  /// above it the lowest whose trace the failure speaks of; nil where there is none.
  func remains(behind failed: FailedStep) -> Remains? {
    guard failed.step.name == .descent, let revision = failed.revision,
      let engine = record.engines.first(where: { $0.engine == failed.engine })
    else { return nil }
    let above = engine.roundTrips.drop { $0.revision != revision }.dropFirst()
    let words = failed.failure.identifiers
    return above.lazy.compactMap { trip in
      trip.trace.map { Remains(trip: trip, trace: $0.structural(besides: [])) }
    }.first { remains in
      remains.trace.structuralObjects.contains { words.contains($0.name.raw.lowercased()) }
    }
  }
}

extension StepFailure {
  /// The words of its message and its statement, in small letters.
  fileprivate var identifiers: Set<String> {
    let text = [message, statement ?? ""].joined(separator: " ").lowercased()
    return Set(text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
  }
}
