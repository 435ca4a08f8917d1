internal import Projects
internal import Walks

/// What is tried on the copy once one upgrade is known to succeed.
struct RehearsalTrials {
  let plan: TrialPlan
  let ground: TrialGround

  func carryOut(into record: inout RehearsalRecord) throws {
    guard record.steps.allSatisfy({ $0.outcome == .succeeded }) else {
      record.notes.append("\(words) not tried, because the upgrade failed")
      return
    }
    let putBack = plan.keepsCopy ? try ground.keep() : nil
    try tryAll(into: &record)
    try putBack?()
  }

  private var words: String {
    [plan.instances.map { "\($0) instances at once" }, plan.interrupts ? "interruptions" : nil]
      .compactMap(\.self).joined(separator: " and ") + " were"
  }

  private func tryAll(into record: inout RehearsalRecord) throws {
    guard !ground.context.isInterrupted() else { return }
    ground.context.tell(
      .preparing(ground.engine, "upgrading the copy once more, as what the trials are held against")
    )
    var upgrade: UndisturbedUpgrade
    do {
      upgrade = try UndisturbedUpgrade(on: ground, patience: plan.patience)
    } catch let error as UndisturbedUpgrade.Unreached {
      if plan.instances != nil { record.concurrency = ConcurrencyRecord(fault: error.fault) }
      if plan.interrupts { record.interruptions = InterruptionsRecord(fault: error.fault) }
      return
    }
    if let instances = plan.instances {
      record.concurrency = try concurrency(of: instances, against: &upgrade)
    }
    guard plan.interrupts, !ground.context.isInterrupted() else { return }
    var trials = InterruptionTrials(on: ground, of: upgrade, most: plan.mostInterruptions)
    record.interruptions = try trials.record(against: &upgrade)
  }

  private func concurrency(
    of instances: Int, against upgrade: inout UndisturbedUpgrade
  ) throws -> ConcurrencyRecord {
    var record = try InstanceTrial(ground: ground, instances: instances, limit: upgrade.limit)
      .record()
    guard record.fault == nil, !ground.context.isInterrupted() else { return record }
    if record.instances.contains(where: \.isHung) { try ground.sessions.end() }
    let state = try ground.look()
    record.versionsAfter = state.versions ?? []
    do {
      let excess = try upgrade.excess(in: state)
      record.schema = excess.schema
      record.rows = excess.rows
    } catch let error as UndisturbedUpgrade.Unreached {
      record.fault = error.fault
    }
    return record
  }
}
