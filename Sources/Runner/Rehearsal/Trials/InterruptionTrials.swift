internal import Databases
internal import History
internal import Projects
internal import Rows
internal import Schemas
internal import Walks

/// Kills the upgrade after each of its statements, each time on the copy as it was, and looks whether
/// anything is left and what the next upgrade makes of that.
struct InterruptionTrials {
  /// Where one is killed.
  private struct Spot {
    let number: Int
    let place: StatementPlace
    let isDuring: Bool
  }

  private let ground: TrialGround
  private let most: Int
  private let spots: [Spot]
  /// The copy lies as it was, so that it need not be put back.
  private var isAsItWas = false

  init(on ground: TrialGround, of upgrade: UndisturbedUpgrade, most: Int) {
    self.ground = ground
    self.most = most
    spots = upgrade.places.enumerated().flatMap { index, place in
      let after = Spot(number: index + 1, place: place, isDuring: false)
      let hasMiddle = ground.engine == .postgresql && Standstill.isPossible(in: place.sql)
      return hasMiddle ? [Spot(number: index + 1, place: place, isDuring: true), after] : [after]
    }
  }

  mutating func record(against upgrade: inout UndisturbedUpgrade) throws -> InterruptionsRecord {
    var record = InterruptionsRecord(places: spots.count)
    let chosen = spots.spread(most)
    for (index, spot) in chosen.enumerated() {
      if ground.context.isInterrupted() { return record }
      ground.context.tell(
        .trying(ground.engine, "interrupting the upgrade", index: index + 1, count: chosen.count))
      do {
        if let trial = try trial(spot, against: &upgrade) {
          record.trials.append(trial)
        } else {
          record.missed += 1
        }
      } catch let error as ProjectError {
        record.fault = Fault(error)
        return record
      } catch let error as UndisturbedUpgrade.Unreached {
        record.fault = error.fault
        return record
      }
    }
    return record
  }

  /// - Returns: nil where the upgrade ended without coming to where it was to be killed.
  private mutating func trial(
    _ spot: Spot, against upgrade: inout UndisturbedUpgrade
  ) throws -> InterruptionTrial? {
    if !isAsItWas { try ground.restore() }
    isAsItWas = false
    guard try interrupt(spot, within: upgrade.limit) else { return nil }
    let state = try ground.look()
    let left = upgrade.left(in: state)
    var trial = InterruptionTrial(
      number: spot.number, place: spot.place, isDuring: spot.isDuring,
      versions: state.versions ?? [], schema: left.schema, rows: left.rows.redacted())
    isAsItWas =
      !left.schema.isStructural && left.rows.isEmpty && state.versions == upgrade.before.versions
    if !isAsItWas, !ground.context.isInterrupted() {
      trial.again = try again(against: &upgrade)
    }
    return trial
  }

  /// - Returns: whether it came to the place, and was killed there.
  private func interrupt(_ spot: Spot, within limit: Double) throws -> Bool {
    let process = try ground.open()
    defer { process.kill() }
    let halt: UpgradeHalt = spot.isDuring ? .before(spot.number) : .after(spot.number)
    switch process.upgrade(to: ground.target, until: halt, seconds: limit) {
    case .ended(let end):
      if case .unjudged(let fault) = end.answer.outcome {
        throw UndisturbedUpgrade.Unreached(fault: fault)
      }
      return false
    case .halted:
      guard spot.isDuring else { return true }
      guard case .postgresql(let server) = ground.address,
        let standstill = try Standstill.begun(before: spot.place.sql, on: server)
      else { return false }
      process.letGo()
      let isBlocked = try ground.sessions.waitForBlocked(
        within: limit, unless: ground.context.isInterrupted)
      // None of its code sees its session end.
      process.kill()
      try ground.sessions.settle(within: 0)
      try standstill.release()
      return isBlocked
    }
  }

  /// What the next upgrade makes of the copy as it lies there.
  private func again(
    against upgrade: inout UndisturbedUpgrade
  ) throws -> InterruptionTrial.SecondRun {
    let end: UpgradeEnd
    do {
      end = try ground.upgrade(within: upgrade.limit)
    } catch {
      guard error.isAboutTheDatabase else { throw error }
      return InterruptionTrial.SecondRun(
        .failed(StepFailure(type: "", message: error.message)))
    }
    let state = try ground.look()
    var second = InterruptionTrial.SecondRun(
      end.answer.outcome, stoppedAt: end.answer.stoppedAt, versions: state.versions ?? [],
      leftovers: state.snapshot.leftovers)
    guard end.answer.outcome == .succeeded else { return second }
    let excess = try upgrade.excess(in: state)
    second.schema = excess.schema
    second.rows = excess.rows
    return second
  }
}

extension ProjectError {
  /// Whether the project's own code may have raised it at what it found in the database.
  fileprivate var isAboutTheDatabase: Bool {
    [.environmentFails, .applicationFails].contains(code)
  }
}

extension Snapshot {
  /// What an interrupted operation leaves: the table in which a batch operation puts together the new
  /// one, and indexes that were not built to their end.
  var leftovers: [ObjectID] {
    ordered.flatMap(\.objects).filter { object in
      switch object.id.kind {
      case .table: object.id.name.raw.hasPrefix("_alembic_tmp_")
      case .index: object["valid"] == .flag(false)
      default: false
      }
    }.map(\.id)
  }
}

extension Array {
  /// So many of them at most, from the first to the last at the same distance.
  fileprivate func spread(_ most: Int) -> [Element] {
    guard count > most, most > 1 else { return Array(prefix(most)) }
    return (0..<most).map { self[$0 * (count - 1) / (most - 1)] }
  }
}
