import Databases
import History
import Rows
import Schemas
package import Walks

/// Of several upgrades that began at the same moment one failed, or together they made something else.
struct ConcurrentUpgradeFails: Rule {
  let name: RuleName = "concurrent-upgrade-fails"
  let severity = Severity.error
  let summary =
    "with `rehearse --instances N`, an upgrade failed because another ran at the same moment"
  let explanation = """
    Where each instance of an application upgrades the database when it starts, several do so at once: \
    at a deploy, and whenever a platform starts a second one. Each reads the version table, finds the \
    same revisions pending and runs them. On PostgreSQL the second waits for the first one's locks and \
    then fails on what is there already; its instance does not start. Where a revision commits in \
    between, on SQLite or in an `autocommit_block()`, both may have done the same by then: rows are \
    there twice, values were changed twice.

    `--instances N` starts N upgrades in processes of their own on the copy, lets each read which \
    revisions are applied, and then lets them go on. What each of them ended as is in the report, and \
    whether the copy is what one of them alone makes of it. An instance that waits for its turn and \
    then finds nothing to do is as it should be.
    """
  let mend = """
    Let one job run the migrations before the instances start: a release phase, an init container, a \
    step of the deploy. Where each instance has to do it, take an advisory lock in `env.py` before the \
    migrations are run: the second one then waits for the first, and finds nothing to do. The lock \
    must be taken before `run_migrations()` reads the version table:

        with context.begin_transaction():
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7235)"))
            context.run_migrations()

    Where revisions commit one by one, or one has an `autocommit_block()`, that lock ends with the first \
    transaction; and who waits in `pg_advisory_lock()` keeps `CREATE INDEX CONCURRENTLY` waiting, which \
    waits for all who were there before it. Ask for the lock of the session again and again there, before \
    `context.configure()`:

        while not connection.scalar(sa.text("SELECT pg_try_advisory_lock(7235)")):
            connection.rollback()
            time.sleep(1)
        connection.commit()

    `pg_advisory_unlock(7235)` after the migrations gives it back, and so does the end of the session. On \
    SQLite a lock on a file beside the database (`fcntl.flock`) does the same.
    """

  let triggering = RuleExample(
    """
    with context.begin_transaction():  # env.py
        context.run_migrations()
    """,
    .tried(
      ConcurrencyRecord(
        instances: [
          InstanceRecord(.succeeded, completed: [Revision.example.id], duration: 0.2),
          InstanceRecord(
            .failed(
              StepFailure(
                type: "sqlalchemy.exc.ProgrammingError", message: #"relation "day" already exists"#,
                sqlState: "42P07", statement: "CREATE TABLE day (id integer)")),
            stoppedAt: Revision.example.id, duration: 0.2),
        ], met: 2)))
  let passing = RuleExample(
    """
    with context.begin_transaction():  # env.py
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7235)"))
        context.run_migrations()
    """,
    .tried(
      ConcurrencyRecord(
        instances: [
          InstanceRecord(.succeeded, completed: [Revision.example.id], duration: 0.2),
          InstanceRecord(.succeeded, duration: 0.3),
        ], met: 1)))

  func findings(in run: JudgedRun) -> [Finding] {
    guard let rehearsal = run.record.rehearsal, let record = rehearsal.concurrency,
      record.fault == nil
    else { return [] }
    let failed = record.instances.filter { $0.failure != nil }
    let excess = record.excess(besides: rehearsal.versionsAfter)
    guard !failed.isEmpty || excess != nil else { return [] }
    let first = failed.first
    var evidence = first?.failure?.evidence ?? Evidence()
    evidence.rows = record.lines
    evidence.difference = excess == nil ? nil : record.schema
    return [
      run.finding(
        self, engine: rehearsal.engine,
        revision: first?.stoppedAt ?? record.repeated.first ?? rehearsal.pending.first,
        step: .upgrade, objects: excess == nil ? [] : record.objects,
        message: message(of: record, failed, excess), evidence: evidence,
        fix: fix(in: rehearsal, isDeadlock: first?.failure?.sqlState == "40P01"))
    ]
  }

  private func message(
    of record: ConcurrencyRecord, _ failed: [InstanceRecord], _ excess: String?
  ) -> String {
    let all = "\(record.instances.count.counted("instance")) that begin at the same moment"
    guard let failure = failed.first?.failure else {
      return "\(all) do not make of the database what one does: \(excess ?? "")"
    }
    let isOne = failed.count == 1
    let verb = failed[0].isHung ? isOne ? "does not end" : "do not end" : isOne ? "fails" : "fail"
    let rest = excess.map { "; and what they leave is not what one makes: \($0)" } ?? ""
    return "of \(all) \(failed.count) \(verb): \(failure.words)\(rest)"
  }

  private func fix(in rehearsal: RehearsalRecord, isDeadlock: Bool) -> String {
    let job =
      "let one job run the migrations before the instances start (a release phase, an init container)"
    switch rehearsal.engine {
    case .postgresql where isDeadlock || rehearsal.transactions > 1:
      // What is CONCURRENTLY waits for whoever waits in pg_advisory_lock().
      let why =
        rehearsal.transactions > 1
        ? " (one of the transaction ends with the first of \(rehearsal.transactions))" : ""
      return job + """
        , or an advisory lock of the session in env.py\(why), asked for again and again, keep them apart:
        while not connection.scalar(sa.text("SELECT pg_try_advisory_lock(7235)")):
            connection.rollback()
            time.sleep(1)
        connection.commit()
        context.configure(connection=connection, …)
        with context.begin_transaction():
            context.run_migrations()
        connection.execute(sa.text("SELECT pg_advisory_unlock(7235)"))
        """
    case .postgresql:
      return job + """
        , or an advisory lock in env.py keep them apart:
        with context.begin_transaction():
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7235)"))
            context.run_migrations()
        """
    case .sqlite:
      return job + """
        , or a lock on a file in env.py keep them apart:
        with open("migrations.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            run_migrations_online()
        """
    }
  }
}

extension ConcurrencyRecord {
  /// What the copy has that one upgrade alone does not make, or lacks; nil where nothing succeeded, so that
  /// there is nothing to compare, or it is the same.
  /// - Parameter versions: what the version table holds after one upgrade alone.
  func excess(besides versions: [RevisionID]) -> String? {
    guard instances.contains(where: { $0.outcome == .succeeded }) || !repeated.isEmpty else {
      return nil
    }
    var phrases: [String] = []
    if let schema, schema.isStructural { phrases.append(schema.phrase(added: "added")) }
    if let phrase = rows?.excessPhrase { phrases.append(phrase) }
    if versionsAfter != versions, instances.contains(where: { $0.outcome == .succeeded }) {
      let held = versionsAfter.map(\.text)
      phrases.append("the version table holds \(held.isEmpty ? "nothing" : held.listed)")
    }
    return phrases.isEmpty ? nil : phrases.joined(separator: "; ")
  }

  /// The objects about which the copy is not what one upgrade alone makes.
  fileprivate var objects: [ObjectID] {
    (schema?.structuralObjects ?? []) + (rows?.tables.map(\.id) ?? [])
  }

  /// What became of each, a sentence each.
  package var lines: [String] {
    var lines = instances.enumerated().map { index, instance in
      "instance \(index + 1) \(instance.words)"
    }
    lines.append(
      "\(met) of \(instances.count) had read which revisions are applied before the first one began"
    )
    if !repeated.isEmpty {
      lines.append("run to its end more than once: \(repeated.map(\.text).listed)")
    }
    return lines + waits
  }
}

extension InstanceRecord {
  fileprivate var words: String {
    let done = completed.isEmpty ? "" : "ran \(completed.map(\.text).listed)"
    switch outcome {
    case .succeeded where completed.isEmpty: return "found nothing to do after \(duration.duration)"
    case .succeeded: return "\(done) in \(duration.duration)"
    case .failed(let failure):
      let place = stoppedAt.map { " in \($0)" } ?? ""
      return (done.isEmpty ? "" : "\(done), and ") + "failed\(place) after \(duration.duration): "
        + failure.words
    case .unjudged(let fault): return "could not be judged: \(fault.message)"
    case .blocked, .skipped: return "was not run"
    }
  }
}

extension StepFailure {
  /// What was said, in one line.
  var words: String { headline.isEmpty ? shortType : headline }
}

extension RowsDifference {
  /// By what the rows are not those that they should be, to follow a colon; nil where all that differs are
  /// columns, which the schema's difference tells of.
  var excessPhrase: String? {
    let phrases = tables.map(\.excessPhrases).filter { !$0.isEmpty }
    guard !phrases.isEmpty else { return nil }
    let more = phrases.count > 3 ? " and in \((phrases.count - 3).counted("more table"))" : ""
    return phrases.prefix(3).joined().map(\.self).listed + more
  }
}

extension RowsDifference.Table {
  fileprivate var excessPhrases: [String] {
    var phrases: [String] = []
    let more = rowsAfter - rowsBefore
    if more > 0 { phrases.append("\(more.counted("row")) too many in \(id)") }
    if more < 0 { phrases.append("\((-more).counted("row")) missing in \(id)") }
    if more == 0, rowsLost > 0 {
      phrases.append("\(atLeast)\(rowsLost.counted("other row")) in \(id)")
    }
    let others = columns.filter { $0.changed > 0 }
    if !others.isEmpty { phrases.append("other values: \(counted(others))") }
    return phrases
  }
}
