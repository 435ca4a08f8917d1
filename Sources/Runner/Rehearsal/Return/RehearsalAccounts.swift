internal import Databases
internal import History
internal import Projects
internal import Rows
internal import Schemas
internal import Walks

/// Takes a rehearsed copy back to where production is and up again, and holds its schema and rows at
/// each end against what they were.
///
/// Large tables are read by the server, each once at each end where somebody wrote to it meanwhile.
struct RehearsalAccounts {
  private let copy: RehearsedCopy
  private let session: any MigrationSession
  private let pending: PendingRevisions
  /// Those that are not taken down, each with the reason.
  private let kept: [RevisionID: String]
  private let context: RunContext
  private let observer: DatabaseObserver
  /// The copy as it was.
  private let origin: State
  /// Who migrates the copy and would not migrate production; nil where that is the same.
  var foreignRole: String?
  /// Every name of the schemas that were seen.
  private(set) var names: Set<String>
  /// Why something was left out.
  private(set) var notes: [String] = []

  /// How large a table may be for its rows to be held against each other here. On a server by its size
  /// alone, so that no table is begun with and then read once more.
  static func limits(on engine: Engine) -> RowLimits {
    switch engine {
    case .postgresql: RowLimits(rows: 65_536, bytes: 1 << 20)
    case .sqlite: RowLimits(rows: 100_000, bytes: 16 << 20)
    }
  }

  init(
    _ copy: RehearsedCopy, _ session: any MigrationSession, _ pending: PendingRevisions,
    keeping kept: [RevisionID: String], _ context: RunContext
  ) throws {
    self.copy = copy
    self.session = session
    self.pending = pending
    self.kept = kept
    self.context = context
    context.tell(.preparing(copy.engine, "reading the rows as they are"))
    observer = try DatabaseObserver(
      copy.address, versionTable: session.versionTable, readsRows: true,
      limits: Self.limits(on: copy.engine), marksRows: true)
    origin = try observer.state()
    names = origin.snapshot.names
  }

  /// Adds to the record of the upgrade what became of the rows, the way back, and the way up again.
  ///
  /// - Throws: `DatabaseError` where the copy cannot be read.
  mutating func fill(_ record: inout RehearsalRecord) throws {
    let hasSucceeded = record.steps.allSatisfy { $0.outcome == .succeeded }
    guard hasSucceeded || record.transactions > 0 else { return }
    context.tell(.preparing(copy.engine, "comparing the rows"))
    let statements = record.steps.sent
    let (upgraded, rows) = try compare(with: origin, statements: statements)
    names.formUnion(upgraded.snapshot.names)
    record.rows = rows
    guard hasSucceeded else {
      notes.append("the way back was not tried, because the upgrade failed")
      return
    }
    record.schema = SchemaDifference(from: origin.snapshot, to: upgraded.snapshot)
    guard !context.isInterrupted() else { return }
    context.tell(.preparing(copy.engine, "going back"))
    let back = pending.revisions.filter { kept[$0] == nil }
    var rollback = RehearsedWay(steps: [], duration: 0, versionsAfter: record.versionsAfter)
    if !back.isEmpty {
      // Where it ends early there is nothing to compare with.
      let isWhole = back.count == pending.revisions.count
      rollback = try way(
        back.reversed(), .down, to: isWhole ? origin : nil, statements: statements)
    }
    let (isComplete, end) = (rollback.isComplete, rollback.duration)
    rollback.steps += pending.revisions.reversed().compactMap { revision in
      kept[revision].map {
        StepMeasurement(revision: revision, outcome: .skipped($0), begin: end)
      }
    }
    record.rollback = rollback
    guard isComplete, !back.isEmpty, !context.isInterrupted() else { return }
    context.tell(.preparing(copy.engine, "going up again"))
    record.secondUpgrade = try way(back, .up, to: upgraded, statements: rollback.steps.sent)
  }

  /// Runs the revisions one way and compares where that leads with an earlier state.
  ///
  /// - Parameters:
  ///   - earlier: nil where it leads to none that was seen.
  ///   - statements: those that ran between that state and now.
  private func way(
    _ revisions: [RevisionID], _ direction: Direction, to earlier: State?, statements: [String]
  ) throws -> RehearsedWay {
    let measured = try copy.measure(revisions, direction, by: session)
    var way = RehearsedWay(
      steps: measured.steps, duration: measured.duration, transactions: measured.transactions,
      versionsAfter: try copy.versions() ?? [])
    way.steps.complete(revisions, at: way.duration)
    guard way.isComplete, let earlier else { return way }
    let (state, rows) = try compare(with: earlier, statements: statements + way.steps.sent)
    way.rows = rows
    let schema = SchemaDifference(from: earlier.snapshot, to: state.snapshot)
    way.schema = foreignRole.map(schema.withoutOwnership) ?? schema
    return way
  }

  private func compare(
    with earlier: State, statements: [String]
  ) throws -> (State, RowComparison?) {
    let began = context.now()
    let state = try observer.state()
    guard let old = earlier.rows, let new = state.rows,
      let difference = try observer.difference(from: earlier, to: state, statements: statements)
    else { return (state, nil) }
    // Production's values are nobody's business here; the keys of rows are shown.
    let comparison = RowComparison(
      tables: old.ordered.count, rowsBefore: old.rowCount, rowsAfter: new.rowCount,
      seconds: context.now() - began, difference: difference.redacted())
    return (state, comparison)
  }
}

extension [StepMeasurement] {
  /// The statements that were not refused, in order, as they were sent.
  fileprivate var sent: [String] { flatMap { $0.statements.filter { $0.error == nil }.map(\.sql) } }

  /// Adds the revisions that were not begun.
  /// - Parameters:
  ///   - revisions: all that were to be run, in order.
  ///   - end: seconds after the begin of the first.
  mutating func complete(_ revisions: [RevisionID], at end: Double) {
    let culprit = last { $0.outcome != .succeeded }
    for revision in revisions.dropFirst(count) {
      append(
        StepMeasurement(
          revision: revision, outcome: .blocked(by: culprit?.revision ?? revision), begin: end))
    }
  }
}
