internal import Databases
internal import Projects
internal import Rows
internal import Schemas
internal import Walks

/// The copy before and after an upgrade that nobody disturbs, which the others are held against.
struct UndisturbedUpgrade {
  /// Why there is none.
  struct Unreached: Error { let fault: Fault }

  let before: State
  let after: State
  /// Its statements.
  let places: [StatementPlace]
  /// Seconds that another one has.
  let limit: Double
  private let ground: TrialGround
  private var changes = NaturalChanges()

  init(on ground: TrialGround, patience: Double) throws {
    self.ground = ground
    try ground.restore()
    before = try ground.look()
    let began = ground.context.now()
    let end = try Self.run(on: ground)
    limit = max(patience, 20 * (ground.context.now() - began))
    after = try ground.look()
    places = end.places
  }

  private static func run(on ground: TrialGround) throws -> UpgradeEnd {
    do {
      let end = try ground.upgrade(within: longest)
      switch end.answer.outcome {
      case .succeeded: return end
      case .unjudged(let fault): throw Unreached(fault: fault)
      case .failed(let failure):
        throw Unreached(
          fault: Fault(
            .stateLost,
            message: "the upgrade failed where it had succeeded before: \(failure.message)"))
      case .blocked, .skipped: return end
      }
    } catch let error as ProjectError {
      throw Unreached(fault: Fault(error))
    }
  }

  private static let longest = 7 * 24 * 3600.0

  /// What lies between the copy as it was and this state.
  func left(in state: State) -> (schema: SchemaDifference, rows: RowsDifference) {
    (SchemaDifference(from: before.snapshot, to: state.snapshot), rows(from: before, to: state))
  }

  /// What lies between this upgrade's end and that state, and cannot be another one each time. Where
  /// there is something of that kind, the copy is upgraded once more to find out.
  mutating func excess(
    in state: State
  ) throws -> (schema: SchemaDifference, rows: RowsDifference) {
    let schema = SchemaDifference(from: after.snapshot, to: state.snapshot)
    let found = rows(from: after, to: state)
    var rest = changes.without(found, before, after)
    if !rest.isEmpty {
      try ground.restore()
      _ = try Self.run(on: ground)
      changes.learn(rows(from: after, to: try ground.look()))
      rest = changes.without(found, before, after)
    }
    return (schema, rest.redacted())
  }

  private func rows(from one: State, to other: State) -> RowsDifference {
    guard let old = one.rows, let new = other.rows else { return RowsDifference() }
    return RowsDifference(from: old, to: new)
  }
}
