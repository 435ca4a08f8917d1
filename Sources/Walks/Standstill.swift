package import History

/// Where a way up came to its end before the last revision: what lies beyond was not seen.
package struct Standstill: Sendable, Hashable {
  /// nil where a step over several revisions does not say at which it stopped.
  package let revision: RevisionID?
  package let step: StepName
  /// Whether the step failed; else it succeeded, and the version table does not say so.
  package let isFailure: Bool
}

extension EngineRecord {
  /// Every place at which a way up ended, in the order of the walk; what could not be judged is none.
  ///
  /// The whole way in one go counts only where nothing was reached in its place.
  package var standstills: [Standstill] {
    let ends =
      [approach.flatMap { Standstill($0, of: $0.stoppedAt) }] + roundTrips.map(\.standstill)
    let found = ends.compactMap(\.self)
    guard found.isEmpty, parity?.reason == .headsNotReached else { return found }
    return [ascent.flatMap { Standstill($0, of: $0.stoppedAt) }].compactMap(\.self)
  }
}

extension RoundTripRecord {
  /// nil where the revision is applied: also one that failed on rows and was taken up without them.
  fileprivate var standstill: Standstill? {
    guard fingerprint == nil else { return nil }
    return steps.lazy.filter { $0.name == .upgrade }.compactMap {
      Standstill($0, of: self.revision)
    }.first
  }
}

extension Standstill {
  fileprivate init?(_ step: StepRecord, of revision: RevisionID?) {
    switch step.outcome {
    case .failed: self.init(revision: revision, step: step.name, isFailure: true)
    case .succeeded where !step.isRecorded:
      self.init(revision: revision, step: step.name, isFailure: false)
    default: return nil
    }
  }
}
