import Databases
package import History
import Schemas
package import Walks

/// A run as rules read it: the record, its history as a graph, and who writes mends.
package struct JudgedRun: Sendable {
  package let record: RunRecord
  package let graph: RevisionGraph
  /// The history as it will be after the merge, where the record knows of one that changes it.
  let forthcoming: RevisionGraph?
  let mendWriter: any MendWriter
  /// Empty until all other rules have spoken.
  let unusedAllowances: [Allowance]
  /// What all other rules have said, declared or not: what an allowance may have meant.
  let heard: [Finding]

  init(
    _ record: RunRecord, mendWriter: any MendWriter, unusedAllowances: [Allowance] = [],
    heard: [Finding] = []
  ) {
    self.heard = heard
    self.record = record
    self.mendWriter = mendWriter
    self.unusedAllowances = unusedAllowances
    graph = RevisionGraph(record.revisions)
    forthcoming = record.log?.since.flatMap { since in
      since.merge.isEmpty ? nil : RevisionGraph(since.merge.merged(into: record.revisions))
    }
  }

  /// A step that a migration failed.
  struct FailedStep {
    let engine: Engine
    /// nil where a step over several revisions does not say at which it stopped.
    let revision: RevisionID?
    let step: StepRecord
    let failure: StepFailure
    /// Of the walk's steps; nil for those over several revisions.
    let roundTrip: RoundTripRecord?
  }

  /// Every failed step of these names, in the order of the walk.
  ///
  /// A failure on the way through several revisions that a round trip has already shown is left
  /// out: it is the same fault seen again.
  func failures(_ names: StepName...) -> [FailedStep] {
    record.engines.flatMap { engine in
      let shown = Self.roundTripFailures(of: engine)
      let several = [engine.approach, engine.descent, engine.ascent].compactMap { $0 }
        .compactMap { step -> FailedStep? in
          guard case .failed(let failure) = step.outcome else { return nil }
          let isKnown = shown.contains { known in
            known.step.name.direction == step.name.direction
              && (known.revision == step.stoppedAt
                || known.failure.type == failure.type && known.failure.message == failure.message)
          }
          if isKnown { return nil }
          return FailedStep(
            engine: engine.engine, revision: step.stoppedAt, step: step, failure: failure,
            roundTrip: nil)
        }
      return (shown + several).filter { names.contains($0.step.name) }
    }
  }

  private static func roundTripFailures(of engine: EngineRecord) -> [FailedStep] {
    engine.roundTrips.flatMap { roundTrip in
      roundTrip.steps.compactMap { step in
        guard case .failed(let failure) = step.outcome else { return nil }
        return FailedStep(
          engine: engine.engine, revision: roundTrip.revision, step: step, failure: failure,
          roundTrip: roundTrip)
      }
    }
  }

  /// Makes a finding of `rule` with its severity, at the failure's last frame of the user's, else
  /// where the statement was sent that did it, else where the revision's function for this direction
  /// begins; without a step, at `line` of the revision's file. A statement of a step over several
  /// revisions says which one it is.
  func finding(
    _ rule: some Rule, engine: Engine?, revision: RevisionID?, step: StepName?,
    objects: [ObjectID] = [], line: Int? = nil, message: String, evidence: Evidence = .init(),
    statement: Statement? = nil, fix: String? = nil
  ) -> Finding {
    var evidence = evidence
    evidence.statement = evidence.statement ?? statement?.sql
    let revision = revision ?? statement?.revision
    let revisionRecord = revision.flatMap { graph[$0] }
    var file = revisionRecord?.file
    var line =
      switch step?.direction {
      case .up: revisionRecord?.upgradeLine
      case .down: revisionRecord?.downgradeLine
      case nil: line
      }
    if revisionRecord != nil { line = statement?.line ?? line }
    if let frame = evidence.frames.last {
      file = frame.file
      line = frame.line
    }
    return Finding(
      rule: rule.name, severity: rule.severity, engine: engine, revision: revision, step: step,
      objects: objects, file: file?.isEmpty == true ? nil : file, line: line, message: message,
      evidence: evidence, fix: fix)
  }

  /// The tool's own lines that undo a difference, as one text; nil where there are none.
  ///
  /// - Parameter trip: whose tables a mend must keep as they are but for the difference.
  func undoing(
    _ difference: SchemaDifference?, on engine: Engine?, in trip: RoundTripRecord? = nil
  ) -> String? {
    guard let difference, let engine else { return nil }
    let lines = mendWriter.undoing(
      difference, on: engine, keeping: trip?.tables ?? [], types: [:])
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  /// A sentence and the tool's own lines for it; the sentence alone, without what leads over to them,
  /// where there are none.
  func mend(_ sentence: String, _ mends: RowMend..., on engine: Engine) -> String {
    mend(sentence, mends, on: engine)
  }

  func mend(_ sentence: String, _ mends: [RowMend], on engine: Engine) -> String {
    let lines = mends.flatMap { mendWriter.lines(for: $0, on: engine) }
    return lines.isEmpty ? sentence : "\(sentence):\n" + lines.joined(separator: "\n")
  }
}
