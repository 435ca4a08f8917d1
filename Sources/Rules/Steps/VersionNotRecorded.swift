import Databases
import History
import Walks

/// The version table says something else than what was run.
struct VersionNotRecorded: Rule {
  let name: RuleName = "version-not-recorded"
  let severity = Severity.error
  let summary = "the version table does not say what was run"
  let explanation = """
    The step succeeded, but the tool's own version table does not hold the revision that was \
    reached. The next deployment would apply it again, or leave one out. It happens where a \
    migration commits or rolls back by itself or writes to the version table, and where `env.py` \
    leaves a transaction uncommitted, writes to the table after the migrations, or swallows errors. \
    After every step of the walk the table is read, after `stamp`, which records the heads and runs \
    nothing, and after the application was started. Nothing is built on a step that was not \
    recorded: what needs it is not judged.
    """
  let mend = """
    Leave transactions to the tool: no `connection.commit()`, `rollback()` or `COMMIT` in \
    migrations, and no `try: … except: pass` around `context.run_migrations()`. In `env.py`, run them \
    within `context.begin_transaction()`, on a connection on which nothing was executed before \
    without `connection.commit()` after it.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_table("mood", sa.Column("id", sa.Integer(), primary_key=True))
        op.get_bind().commit()
    """, .example(.sqlite, steps: [upgrade(recording: [])]))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_table("mood", sa.Column("id", sa.Integer(), primary_key=True))
    """, .example(.sqlite, steps: [upgrade(recording: [Revision.example.id])]))

  private static func upgrade(recording versions: [RevisionID]) -> StepRecord {
    StepRecord(
      .upgrade, outcome: .succeeded, recordedVersions: versions,
      expectedVersions: [Revision.example.id])
  }

  func findings(in run: JudgedRun) -> [Finding] {
    run.record.engines.flatMap { engine in
      // Nothing was built on a step that was not recorded, so each revision shows a fault of its own;
      // what the whole way shows beside it is the same again.
      func first(_ steps: [StepRecord], of revision: RevisionID?) -> Finding? {
        steps.lazy.compactMap { finding($0, of: revision, on: engine.engine, in: run) }.first
      }
      let single = engine.roundTrips.compactMap { first($0.steps, of: $0.revision) }
      guard single.isEmpty else { return single }
      let several =
        [engine.approach, engine.descent, engine.ascent].compactMap { $0 }
        + (engine.parity?.steps ?? []).map(\.record)
      return [first(several, of: nil)].compactMap(\.self)
    }
  }

  private func finding(
    _ step: StepRecord, of revision: RevisionID?, on engine: Engine, in run: JudgedRun
  ) -> Finding? {
    if step.name == .stamp, case .failed(let failure) = step.outcome {
      return run.finding(
        self, engine: engine, revision: nil, step: .stamp,
        message: "`stamp` cannot record the heads: \(failure.message)",
        evidence: failure.evidence)
    }
    guard case .succeeded = step.outcome, let expected = step.expectedVersions, !step.isRecorded
    else { return nil }
    let held =
      step.recordedVersions.map {
        "the version table holds \(words($0)) instead of \(words(expected))"
      } ?? "there is no version table, which should hold \(words(expected))"
    if step.name == .start {
      return run.finding(
        self, engine: engine, revision: nil, step: .start,
        message: "after \(step.name.subject) \(held)",
        evidence: Evidence(statement: step.flaw?.statement, frames: step.flaw?.frames ?? []),
        fix: "let the application leave the version table alone: it is the migration tool's")
    }
    return run.finding(
      self, engine: engine, revision: revision, step: step.name,
      message: "after \(step.name.subject) \(held)" + (step.flaw?.remark ?? ""),
      evidence: Evidence(statement: step.flaw?.statement, frames: step.flaw?.frames ?? []),
      fix: step.flaw?.fix ?? "leave transactions and the version table to the migration tool")
  }

  private func words(_ versions: [RevisionID]) -> String {
    versions.isEmpty ? "nothing" : versions.map(\.text).sorted().listed
  }
}

extension RecordingFlaw {
  /// What was seen, to follow a sentence.
  fileprivate var remark: String {
    switch kind {
    case .written: "; \(file ?? "the migration") writes to the version table itself"
    case .outerTransaction:
      "; a transaction was open already when \(file ?? "env.py") called context.configure(), and "
        + "nobody commits it"
    case .noTransaction:
      "; \(file ?? "env.py") calls context.run_migrations() outside of "
        + "context.begin_transaction(), and nobody commits what it does"
    case .committed: "; the migration commits by itself, and what comes after it is not committed"
    case .rolledBack: "; the migration rolls back by itself, and takes back what came before"
    }
  }

  fileprivate var fix: String {
    switch kind {
    case .written:
      "take the statement out; a database whose entry is wrong is mended once, by `alembic stamp` "
        + "(`flask db stamp`)"
    case .outerTransaction:
      "end what was done before it, by `connection.commit()` above context.configure(…), or take "
        + "the connection from `connectable.begin()`, which commits at its end"
    case .noTransaction:
      "run them within it:\nwith context.begin_transaction():\n    context.run_migrations()"
    case .committed, .rolledBack:
      "leave the transaction to the migration tool: part the revision in two at this line, or, for "
        + "what cannot be in a transaction, use `with op.get_context().autocommit_block():`"
    }
  }

  private var file: String? { frames.last?.file }
}
