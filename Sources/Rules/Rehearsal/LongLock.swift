import Databases
import Schemas
import Walks

/// On the copy of production others would have waited for a table, or for its rows, longer than a team
/// wants them to.
struct LongLock: Rule {
  let name: RuleName = "long-lock"
  let severity = Severity.warning
  let summary = "in a rehearsal, a lock kept others from a table's rows for longer than `max-lock`"
  let explanation = """
    As long as a migration holds such a lock, every request that needs the table waits; with a pool of \
    ten connections the application stands still after ten of them. A lock is kept until its \
    transaction ends, so that a quick `ALTER TABLE` in front of a slow `UPDATE` is as bad as a slow one.

    It is measured on the copy: from when the lock was given to the end of its transaction, read from the \
    server itself after each statement; what others let the statement wait for it first is told apart. Rows that were updated or deleted \
    count too: whoever writes to one of them waits. On SQLite there is one lock for the whole file. The \
    limit is `rehearse: {max-lock: 500ms}` in `stairway.yml`.
    """
  let mend = """
    Do what takes long without the lock: constraints `NOT VALID` and validated afterwards, indexes \
    `CONCURRENTLY`, rows in batches. Keep what needs the lock in a revision of its own, and let each \
    revision commit by itself (`transaction_per_migration=True` in `env.py`).
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_check_constraint("adult", "users", "age >= 18")
    """,
    .rehearsed(
      StatementMeasurement(
        sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18)", duration: 3.4),
      locks: [.example(.accessExclusive, held: 3.4)]))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID")
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE users VALIDATE CONSTRAINT adult")
    """,
    .rehearsed(
      StatementMeasurement(
        sql: "ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18) NOT VALID", duration: 0.004),
      locks: [.example(.accessExclusive, held: 0.02)]))

  func findings(in run: JudgedRun) -> [Finding] {
    run.measuredSteps.flatMap { rehearsal, step -> [Finding] in
      let limit = rehearsal.bounds.longestLock
      let long = step.locks.filter { $0.blocks > .nothing && $0.held > limit }
      return groups(of: long).compactMap { locks in
        finding(locks, of: step, in: rehearsal, run)
      } + rowFindings(of: step, besides: Set(long.map(\.table)), in: rehearsal, run)
    }
  }

  /// The locks that one statement took on several tables to keep the same away from them are one.
  private func groups(of locks: [HeldLock]) -> [[HeldLock]] {
    struct Cause: Hashable {
      let statement: Int?
      let blocks: Blocking
      let isFile: Bool
    }
    var groups: [(cause: Cause, locks: [HeldLock])] = []
    let tables = Dictionary(grouping: locks, by: \.table)
      .sorted { ($0.key?.description ?? "") < ($1.key?.description ?? "") }
    for (table, locks) in tables {
      guard let worst = Self.worst(of: locks) else { continue }
      let cause = Cause(
        statement: worst.statement, blocks: worst.blocks, isFile: table == nil)
      if let place = groups.firstIndex(where: { $0.cause == cause }), worst.statement != nil {
        groups[place].locks += locks
      } else {
        groups.append((cause, locks))
      }
    }
    return groups.map(\.locks)
  }

  private static func list(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func worst(of locks: [HeldLock]) -> HeldLock? {
    locks.max { ($0.blocks, $0.held) < ($1.blocks, $1.held) }
  }

  private func finding(
    _ locks: [HeldLock], of step: StepMeasurement, in rehearsal: RehearsalRecord, _ run: JudgedRun
  ) -> Finding? {
    guard let worst = Self.worst(of: locks) else { return nil }
    let statement = step.statement(at: worst.statement)
    let tables = Set(locks.compactMap(\.table)).sorted()
    let what = tables.isEmpty ? "the database" : Self.list(tables.map(\.description))
    let deed =
      worst.blocks == .readsAndWrites ? "neither be read nor written to" : "not be written to"
    return run.finding(
      self, in: rehearsal, step, about: tables,
      message: "for \(worst.held.duration) \(what) could \(deed) by others",
      statement: statement, evidence: locks.map(\.words) + rehearsal.sizes(of: tables),
      fix: fix(worst, statement, in: rehearsal, run))
  }

  /// Where the statement itself is quick, it is what comes after it that takes long.
  private func fix(
    _ lock: HeldLock, _ statement: StatementMeasurement?, in rehearsal: RehearsalRecord,
    _ run: JudgedRun
  ) -> String {
    let table = lock.table
    if let statement, statement.duration > lock.held / 2 {
      guard rehearsal.engine == .postgresql else {
        return "change the rows in batches, each committed by itself, or while nobody writes"
      }
      let rewrites = table.map(statement.rewritten.contains) ?? false
      return run.safeWay(insteadOf: statement.sql, rewrites: rewrites)
    }
    let quick =
      statement.map { "the statement takes \($0.duration.duration), and its lock stays" }
      ?? "the lock stays"
    return
      "\(quick) until the transaction ends: take it last, or put what takes long into a revision "
      + "of its own"
      + (rehearsal.transactions == 1 && rehearsal.pending.count > 1
        ? ", and let each revision commit by itself (`transaction_per_migration`): these "
          + "\(rehearsal.pending.count) share one transaction"
        : " that commits by itself")
  }

  /// Of tables of which no lock is told, the rows that nobody else could write to.
  private func rowFindings(
    of step: StepMeasurement, besides tables: Set<ObjectID?>, in rehearsal: RehearsalRecord,
    _ run: JudgedRun
  ) -> [Finding] {
    var told = tables
    return step.statements.flatMap { statement in
      statement.rows.compactMap { rows -> Finding? in
        let count = rows.updated + rows.deleted
        guard count > 0, rows.held > rehearsal.bounds.longestLock,
          told.insert(rows.table).inserted
        else { return nil }
        return run.finding(
          self, in: rehearsal, step, about: [rows.table],
          message:
            "for \(rows.held.duration) \(count.counted("row")) of \(rows.table) could not be "
            + "written to by others",
          statement: statement,
          evidence: [
            "\(rows.updated.counted("row")) updated and \(rows.deleted) deleted, locked until the "
              + "transaction ended"
          ] + rehearsal.sizes(of: [rows.table]),
          fix: run.safeWay(insteadOf: statement.sql, rewrites: false))
      }
    }
  }
}
