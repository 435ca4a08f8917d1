internal import Databases
internal import History
internal import Projects
internal import Schemas
internal import Scratch
internal import Walks

extension Lane {
  /// Runs what the tool prints from the origin, where the database stands, to the heads, and from
  /// there back; both on tables without rows, as the migrations' own schemas were made.
  func runPrintedSQL(
    from start: Snapshot, to heads: Snapshot, in parity: inout ParityRecord
  ) throws {
    let upgrade = try runPrinted(
      .printedUpgrade, plan.walk.approach + plan.walk.ascent, to: heads)
    parity.steps.append(upgrade)
    if case .failed = upgrade.record.outcome, upgrade.record.stoppedAt == nil {
      skip(.printedDowngrade, "env.py prints nothing, as with `upgrade --sql`", in: &parity)
      return
    }
    if let reason = reasonAgainstPrintedDowngrade {
      skip(.printedDowngrade, reason, in: &parity)
      return
    }
    if upgrade.difference?.isEmpty != true {
      guard try freshHeads() else { return }
    }
    parity.steps.append(try runPrinted(.printedDowngrade, plan.walk.descent, to: start))
  }

  /// Why the way down is not printed; nil where it is.
  private var reasonAgainstPrintedDowngrade: String? {
    if let reason = plan.walk.descentReason { return reason }
    if !plan.walk.approach.isEmpty { return "older revisions are not verified" }
    guard case .succeeded? = record.descent?.outcome else {
      return "not every revision can be taken down"
    }
    return nil
  }

  private func runPrinted(
    _ name: StepName, _ revisions: [RevisionID], to wanted: Snapshot
  ) throws -> ParityStep {
    var step = ParityStep(StepRecord(name, outcome: .succeeded, startedAt: context.now()))
    switch session.printSQL(revisions, name.direction) {
    case .leftOut(let reason): step.record.outcome = .skipped(reason)
    case .refused(let unprintable):
      step.unprintable = unprintable.map {
        Unprintable(revision: $0.revision, failure: told($0.failure), isTools: $0.isTools)
      }
      let names = unprintable.prefix(5).map(\.revision.text).joined(separator: ", ")
      step.record.outcome = .skipped(
        unprintable.contains { !$0.isTools }
          ? "not every revision can be printed: \(names)\(unprintable.count > 5 ? ", …" : "")"
          : "the tool cannot print its own operations on this engine: \(unprintable[0].failure.message)"
      )
    case .failed(let failure): step.record.outcome = .failed(told(failure))
    case .unjudged(let fault): step.record.outcome = .unjudged(fault)
    case .script(let parts):
      session.releaseConnections()
      let answer = PrintedScript(parts).run(on: database.address)
      if case .failed(let failure) = answer.outcome, failure.isAboutRole {
        step.record.outcome = .skipped(
          "it makes or drops a role, which is the whole server's and there as the walk left it")
        break
      }
      step.record = try recorded(name, answer, startedAt: step.record.startedAt)
      if case .succeeded = answer.outcome {
        step.difference = differenceFromPrinted(to: wanted)
        if step.difference?.isEmpty == false, name.direction == .up {
          // What env.py does beside the migrations, it does at its next run, whoever ran them.
          _ = session.touch()
          state = try observe()
          step.difference = differenceFromPrinted(to: wanted)
        }
      }
    }
    return step
  }
}

extension Lane {
  private func differenceFromPrinted(to wanted: Snapshot) -> SchemaDifference {
    SchemaDifference(from: wanted, to: state.snapshot).besidesPrintedTabs
  }
}

extension SchemaDifference {
  /// Without bodies of functions that differ by what Alembic prints for a tab: four blanks.
  fileprivate var besidesPrintedTabs: SchemaDifference {
    SchemaDifference(
      changes.compactMap { change in
        guard [.function, .procedure].contains(change.id.kind), let before = change.before,
          let after = change.after
        else { return change }
        let rest = change.properties.filter { property in
          guard case .text(let old)? = property.before, case .text(let new)? = property.after else {
            return true
          }
          return old.replacing("\t", with: "    ") != new
        }
        if rest.count == change.properties.count { return change }
        return rest.isEmpty ? nil : ObjectChange(before: before, after: after, properties: rest)
      })
  }
}

extension StepFailure {
  /// Whether a role was made that is there, or dropped that is not or that another database needs: what
  /// other databases of the server hold decides it.
  fileprivate var isAboutRole: Bool {
    guard let sqlState, ["42710", "42704", "2BP01"].contains(sqlState), let statement else {
      return false
    }
    return statement.contains(
      /(?i)^(\s|--[^\n]*\n)*(CREATE|DROP)\s+(ROLE|USER(?!\s+MAPPING)|GROUP)\s/)
  }
}
