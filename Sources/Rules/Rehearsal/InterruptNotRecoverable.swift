import Databases
package import History
import Rows
import Schemas
package import Walks

/// An upgrade that was killed left what the next one does not bring to its end.
struct InterruptNotRecoverable: Rule {
  let name: RuleName = "interrupt-not-recoverable"
  let severity = Severity.error
  let summary =
    "with `rehearse --interrupt`, a killed upgrade left what the next one does not bring to its end"
  let explanation = """
    Deploys are killed: a platform's time limit, a container that is moved, memory that runs out, a \
    laptop that is closed. What the migration had not committed is undone by the database. What it had \
    committed stays, while the version table says that nothing was run; the next upgrade then fails on \
    what is there already, or does it a second time, and somebody has to clean up by hand.

    `--interrupt` kills the upgrade after each of its statements in turn, before anything that follows \
    (its commit, too), each time on the copy as it was, and asks for one of two things: that the copy is \
    what it was before, schema, rows and version table; or that the next upgrade succeeds and makes of \
    it what an undisturbed one does. What PostgreSQL does in several transactions (`CREATE INDEX \
    CONCURRENTLY`) is ended in its midst as well.

    On SQLite, Python's driver begins no transaction for DDL, so that each such statement stays; a \
    batch operation leaves its table `_alembic_tmp_…`. On PostgreSQL it takes an `autocommit_block()` \
    with several statements, or a `COMMIT`; an index whose building was ended stays behind as INVALID: \
    it is kept up to date by every write, and no query uses it.
    """
  let mend = """
    Keep a revision in one transaction. On SQLite, have `BEGIN` sent for DDL too: SQLAlchemy's \
    documentation of the SQLite dialect tells how, and `context.configure(transactional_ddl=True)` lets \
    Alembic count on it.

    What cannot be in a transaction belongs into a revision of its own, in a form that can be run \
    again: `DROP INDEX CONCURRENTLY IF EXISTS` before `CREATE INDEX CONCURRENTLY`, since `IF NOT \
    EXISTS` takes an INVALID index for one; batches that look for what is still to do (`WHERE new IS \
    NULL`) rather than count.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY ix_users_name ON users (name)")
    """,
    .tried(
      InterruptionTrial(
        number: 1,
        place: StatementPlace(
          revision: Revision.example.id,
          sql: "CREATE INDEX CONCURRENTLY ix_users_name ON users (name)"), isDuring: true,
        schema: .added(.index, "users", "ix_users_name"),
        again: .init(
          .failed(
            StepFailure(
              type: "sqlalchemy.exc.ProgrammingError",
              message: #"relation "ix_users_name" already exists"#, sqlState: "42P07",
              statement: "CREATE INDEX CONCURRENTLY ix_users_name ON users (name)")),
          stoppedAt: Revision.example.id,
          leftovers: [ObjectID(.index, schema: "public", ["users", "ix_users_name"])]))))
  let passing = RuleExample(
    """
    def upgrade():
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_users_name")
            op.execute("CREATE INDEX CONCURRENTLY ix_users_name ON users (name)")
    """,
    .tried(
      InterruptionTrial(
        number: 2,
        place: StatementPlace(
          revision: Revision.example.id,
          sql: "CREATE INDEX CONCURRENTLY ix_users_name ON users (name)"), isDuring: true,
        schema: .added(.index, "users", "ix_users_name"),
        again: .init(.succeeded, schema: SchemaDifference(), rows: RowsDifference()))))

  func findings(in run: JudgedRun) -> [Finding] {
    guard let rehearsal = run.record.rehearsal, let record = rehearsal.interruptions else {
      return []
    }
    let bad = record.trials.filter { $0.isBad(besides: rehearsal.versionsAfter) }
    return rehearsal.pending.compactMap { revision in
      let own = bad.filter { $0.place.revision == revision }
      // The statement's own, where there is one, tells more than the tool's entry in its table.
      guard let worst = own.first(where: { $0.place.line != nil }) ?? own.first else { return nil }
      let all = record.trials.count { $0.place.revision == revision }
      return finding(of: worst, own, of: all, in: rehearsal, by: run)
    }
  }

  private func finding(
    of worst: InterruptionTrial, _ bad: [InterruptionTrial], of all: Int,
    in rehearsal: RehearsalRecord, by run: JudgedRun
  ) -> Finding {
    let versions = rehearsal.versionsAfter
    let others = bad.count > 1 ? " (so at \(bad.count) of \(all) places)" : ""
    // Where revisions before it were committed, what they made is among what is left.
    let left =
      worst.versions == rehearsal.versionsBefore
      ? worst.schema.structural(besides: []) : worst.again?.schema ?? SchemaDifference()
    let cause = worst.cause
    // What the next upgrade died of tells more than an index that it did not come to.
    let objects = (worst.again?.leftovers ?? []).filter { $0.kind != .index || !cause.isRefusal }
    var evidence = Evidence(
      statement: worst.place.sql, difference: left.isEmpty ? nil : left,
      rows: bad.prefix(6).map { $0.sentence(from: rehearsal.versionsBefore, to: versions) })
    if bad.count > 6 { evidence.rows.append("and at \(bad.count - 6) more places") }
    if let failure = worst.again?.failure {
      evidence.error =
        failure.type.isEmpty ? failure.message : "\(failure.type): \(failure.message)"
      evidence.sqlState = failure.sqlState
    }
    return run.finding(
      self, engine: rehearsal.engine, revision: worst.place.revision, step: .upgrade,
      objects: objects.isEmpty ? left.structuralObjects : objects,
      message: "\(worst.moment), \(worst.consequence(versions))\(others)", evidence: evidence,
      statement: Statement(sql: worst.place.sql, duration: 0, line: worst.place.line),
      fix: fix(of: cause, on: rehearsal.engine))
  }

  private func fix(of cause: InterruptionTrial.Cause, on engine: Engine) -> String {
    switch engine {
    case .sqlite:
      return """
        have BEGIN sent for DDL too, so that a revision is one transaction, in env.py:
        @event.listens_for(connectable, "connect")
        def connected(connection, record):
            connection.isolation_level = None

        @event.listens_for(connectable, "begin")
        def begun(connection):
            connection.exec_driver_sql("BEGIN")

        context.configure(connection=connection, transactional_ddl=True, …)
        """
    case .postgresql:
      switch cause {
      case .invalidIndex(let index):
        return "drop what an interrupted building left before building it, in the same "
          + "autocommit_block():\n" + index.dropping
      case .refusal(let failure, let index?):
        let done = failure.statement.map { "`\($0.inOneLine)`" } ?? "what stands before it"
        return "put the autocommit_block() into a revision of its own that follows this one: "
          + "\(done) is committed when it begins, while the version table does not know of this "
          + "revision; and in that one drop what an interrupted building left first:\n"
          + index.dropping
      case .refusal, .otherResult:
        return
          "leave out of the transaction only what has to be, one statement in a revision of its own "
          + "that can be run again (IF NOT EXISTS), and let batches look for what is still to do"
      }
    }
  }
}

extension InterruptionTrial {
  /// Why the next upgrade does not bring to its end what the interrupted one left.
  enum Cause {
    /// It fails on an index that was not built to its end, or succeeds and leaves it so.
    case invalidIndex(ObjectID)
    /// It fails on something else, whatever became of an index.
    case refusal(StepFailure, besides: ObjectID?)
    /// It succeeds and makes something else.
    case otherResult

    var isRefusal: Bool { if case .refusal = self { true } else { false } }
  }

  var cause: Cause {
    guard let failure = again?.failure else {
      return invalidIndex.map(Cause.invalidIndex) ?? .otherResult
    }
    let said = "\(failure.message) \(failure.statement ?? "")"
    let words = said.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    if let invalidIndex, words.contains(invalidIndex.name.raw[...]) {
      return .invalidIndex(invalidIndex)
    }
    return .refusal(failure, besides: invalidIndex)
  }
}

extension InterruptionTrial {
  /// Whether neither the state of before is there nor the next upgrade reaches what an undisturbed one
  /// does.
  package func isBad(besides versions: [RevisionID]) -> Bool {
    guard let again else { return false }
    switch again.outcome {
    case .failed: return true
    case .succeeded:
      return again.schema?.isStructural == true || again.rows?.isEmpty == false
        || again.versions != versions
    case .unjudged, .blocked, .skipped: return false
    }
  }

  /// `killed after "CREATE TABLE two"`.
  var moment: String {
    "killed \(isDuring ? "during" : "after") `\(place.sql.inOneLine)`"
  }

  /// What comes of the next upgrade.
  func consequence(_ versions: [RevisionID]) -> String {
    guard let again else { return "nothing is left" }
    if let failure = again.failure {
      let place = again.stoppedAt.map { $0 == self.place.revision ? "" : " in \($0)" } ?? ""
      return "the next upgrade fails\(place): \(failure.words)"
    }
    var phrases: [String] = []
    if let schema = again.schema, schema.isStructural {
      phrases.append(
        invalidIndex.map { "\($0.title) stays INVALID" } ?? schema.phrase(added: "left behind"))
    }
    if let phrase = again.rows?.excessPhrase { phrases.append(phrase) }
    if again.versions != versions {
      let held = again.versions.map(\.text)
      phrases.append("the version table holds \(held.isEmpty ? "nothing" : held.listed)")
    }
    return phrases.isEmpty
      ? "the next upgrade completes it"
      : "the next upgrade succeeds, but not as an undisturbed one: \(phrases.joined(separator: "; "))"
  }

  /// One trial as evidence.
  ///
  /// - Parameters:
  ///   - before: what the version table held before the upgrade.
  ///   - versions: what it holds after one that nobody disturbs.
  func sentence(from before: [RevisionID], to versions: [RevisionID]) -> String {
    let left = schema.structural(besides: [])
    var parts = left.isEmpty ? [] : [left.phrase(added: "behind")]
    if let phrase = rows.excessPhrase { parts.append(phrase) }
    var what = parts.isEmpty ? "" : " leaves \(parts.joined(separator: "; "));"
    if self.versions != before {
      what = " what is committed up to \(self.versions.map(\.text).listed) stays;"
    }
    return "\(moment)\(place.line.map { " in line \($0)" } ?? ""):\(what) \(consequence(versions))"
  }

  /// An index that was not built to its end, and is there still.
  fileprivate var invalidIndex: ObjectID? { again?.leftovers.first { $0.kind == .index } }
}

extension InterruptionTrial.SecondRun {
  fileprivate var failure: StepFailure? {
    if case .failed(let failure) = outcome { failure } else { nil }
  }
}

extension String {
  /// The beginning of a statement.
  fileprivate var inOneLine: String {
    let sql = split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return "\(sql.prefix(60))\(sql.count > 60 ? "…" : "")"
  }
}

extension ObjectID {
  /// The line that drops an index, with its schema where that is not `public`.
  fileprivate var dropping: String {
    let place = schema.map { $0 == "public" ? "" : "\($0.raw)." } ?? ""
    return "op.execute('DROP INDEX CONCURRENTLY IF EXISTS \(place)\(name.raw)')"
  }
}
