package import History
package import Projects
package import Scratch
package import Walks
internal import Databases

/// The pending revisions, run and measured on a copy as one command of the tool runs them.
package struct Rehearsal: Sendable {
  package let project: any MigrationProject
  package let graph: RevisionGraph
  package let target: RehearsalTarget
  /// What is not taken down, each with the reason.
  package let kept: [RevisionID: String]
  package let bounds: RehearsalBounds
  /// nil where nothing else is sent to the copy.
  package let traffic: TrafficPlan?
  /// Whether production is migrated by another role than the copy is, which then owns what it makes.
  package let isByOtherRole: Bool
  /// What else is tried on the copy afterwards; it then has to be one that can be put back.
  package let trials: TrialPlan

  package init(
    of project: any MigrationProject, _ graph: RevisionGraph, to target: RehearsalTarget = .head,
    keeping kept: [RevisionID: String] = [:], bounds: RehearsalBounds = .standard,
    traffic: TrafficPlan? = nil, isByOtherRole: Bool = false, trials: TrialPlan = TrialPlan()
  ) {
    self.project = project
    self.graph = graph
    self.target = target
    self.kept = kept
    self.bounds = bounds
    self.traffic = traffic
    self.isByOtherRole = isByOtherRole
    self.trials = trials
  }

  /// Runs them on the copy, which is lent to nobody else meanwhile.
  ///
  /// - Throws: `RehearsalError` where there is nothing that fits to run; `ProjectError`,
  ///   `DatabaseError`.
  package func carryOut(
    on database: any ScratchDatabase, version: String, in context: RunContext
  ) throws -> RehearsalRecord {
    let timeouts = ProductionTimeouts(bounds, on: database.address)
    try timeouts.set()
    defer { timeouts.unset() }
    context.tell(.preparing(database.address.engine, "loading the migration environment"))
    let session = try project.open(on: database.address)
    defer { session.close() }
    let copy = try RehearsedCopy(database.address, session.versionTable)
    let pending = try PendingRevisions(
      versions: copy.versions(), in: session.versionTable.title, besides: copy.tables, to: target,
      in: graph)
    context.tell(.started(database.address.engine, revisions: pending.revisions.count))
    var trials: RehearsalTrials?
    if !self.trials.isEmpty {
      session.releaseConnections()
      trials = RehearsalTrials(
        plan: self.trials,
        ground: try TrialGround(
          database, project, to: target.argument, versionTable: session.versionTable, in: context))
    }
    var accounts = try RehearsalAccounts(copy, session, pending, keeping: kept, context)
    if isByOtherRole { accounts.foreignRole = try copy.role() }
    var record = try record(of: copy, by: session, pending, &accounts)
    record.version = version
    session.close()
    if !context.isInterrupted() { try trials?.carryOut(into: &record) }
    record.hideValues(keeping: accounts.names)
    return record
  }

  private func record(
    of copy: RehearsedCopy, by session: any MigrationSession, _ pending: PendingRevisions,
    _ accounts: inout RehearsalAccounts
  ) throws -> RehearsalRecord {
    var record = try copy.measure(pending.revisions, by: session, under: traffic)
    record.bounds = bounds
    record.versionsBefore = pending.versions
    record.versionsAfter = try copy.versions() ?? []
    record.pending = pending.revisions
    record.steps.complete(pending.revisions, at: record.duration)
    try accounts.fill(&record)
    record.notes += session.notes + accounts.notes
    if copy.tables == 0 {
      record.notes.append(
        "the copy has no tables but the tool's own, so that nothing of production was rehearsed on")
    }
    return record
  }
}

extension VersionTable {
  /// As sentences name it.
  package var title: String { (schema.map { "\($0)." } ?? "") + name.raw }
}
