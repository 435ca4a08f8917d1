import Databases
import History
import Rows
import Schemas
package import Walks

/// A migration to show, with the record of a run of it; every rule is tested on its own examples.
package struct RuleExample: Sendable {
  /// The migration as its author wrote it, or the edges of the history in words.
  package let code: String
  package let record: RunRecord
  package let allowances: [Allowance]

  init(_ code: String, _ record: RunRecord, allowances: [Allowance] = []) {
    self.code = code
    self.record = record
    self.allowances = allowances
  }
}

extension Revision {
  /// The revision of most examples.
  static let example = Revision(
    id: "9f31c02e77ab", parents: [], message: "add mood",
    file: "migrations/versions/9f31c02e77ab_add_mood.py", upgradeLine: 12, downgradeLine: 18)
}

extension RunRecord {
  /// A run over one revision on one engine.
  static func example(
    _ engine: Engine, steps: [StepRecord] = .succeeded, trace: SchemaDifference? = nil,
    reupgradeDifference: SchemaDifference? = nil, rowsTrace: RowsDifference? = nil,
    filling: RowFilling? = nil
  ) -> RunRecord {
    example(engine) {
      var trip = RoundTripRecord(
        revision: Revision.example.id, steps: steps, trace: trace,
        reupgradeDifference: reupgradeDifference)
      trip.rowsTrace = rowsTrace
      trip.filling = filling
      $0.roundTrips = [trip]
    }
  }

  /// A run over one revision whose three steps succeeded, with this trace.
  static func example(_ engine: Engine, trace: SchemaDifference) -> RunRecord {
    example(engine, steps: .succeeded, trace: trace, reupgradeDifference: SchemaDifference())
  }

  /// A run on one engine, filled in by hand.
  static func example(_ engine: Engine, fill: (inout EngineRecord) -> Void) -> RunRecord {
    var record = EngineRecord(engine: engine)
    fill(&record)
    return RunRecord(project: ".", adapter: "alembic", revisions: [.example], engines: [record])
  }

  /// A history of which nothing was run.
  static func history(_ revisions: [Revision]) -> RunRecord {
    RunRecord(project: ".", adapter: "alembic", revisions: revisions)
  }
}

extension SchemaDifference {
  /// An object that should not be there.
  static func added(_ kind: ObjectKind, _ path: Identifier...) -> SchemaDifference {
    SchemaDifference([
      ObjectChange(before: nil, after: SchemaObject(ObjectID(kind, path)))
    ])
  }

  /// An object that should be there.
  static func removed(_ kind: ObjectKind, _ path: Identifier...) -> SchemaDifference {
    SchemaDifference([
      ObjectChange(before: SchemaObject(ObjectID(kind, path)), after: nil)
    ])
  }

  /// An object of which one property is not what it was.
  static func changed(
    _ id: ObjectID, _ name: PropertyName, from before: PropertyValue?, to after: PropertyValue?,
    weight: Weight = .structural
  ) -> SchemaDifference {
    var old = SchemaObject(id)
    old[name] = before
    var new = SchemaObject(id)
    new[name] = after
    return SchemaDifference([
      ObjectChange(
        before: old, after: new,
        properties: [PropertyChange(name, before: before, after: after, weight: weight)],
        weight: weight)
    ])
  }
}

extension [StepRecord] {
  /// The three steps that every revision goes through.
  static var succeeded: [StepRecord] {
    [StepName.upgrade, .downgrade, .reupgrade].map { StepRecord($0, outcome: .succeeded) }
  }
}
