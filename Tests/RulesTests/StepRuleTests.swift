import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct StepRuleTests {
  @Test func `a refused statement is named, at the last line of the user's own`() throws {
    let failure = StepFailure(
      type: "sqlalchemy.exc.ProgrammingError", message: "no such table: users\nLINE 1",
      statement: "UPDATE users SET a = 1",
      frames: [
        Frame(file: "versions/a.py", line: 20, function: "upgrade"),
        Frame(file: "versions/shared.py", line: 7, function: "fill"),
      ])
    let judgement = RuleBook.judge(.example(.sqlite, steps: [.failed(.upgrade, failure)]))
    let finding = try #require(judgement.findings.first)
    #expect(finding.rule == "upgrade-fails")
    #expect(finding.message == "the upgrade fails: no such table: users")
    #expect(finding.file == "versions/shared.py")
    #expect(finding.line == 7)
    #expect(finding.evidence.statement == "UPDATE users SET a = 1")
  }

  @Test func `without a frame the place is the revision's function for the direction`() throws {
    let failure = StepFailure(type: "KeyError", message: "'x'")
    let judgement = RuleBook.judge(
      .example(.sqlite, steps: [.succeeded(.upgrade), .failed(.downgrade, failure)]))
    let finding = try #require(judgement.findings.first)
    #expect(finding.file == Revision.example.file)
    #expect(finding.line == Revision.example.downgradeLine)
    #expect(finding.message == "the downgrade raises KeyError: 'x'")
  }

  @Test func `a downgrade that raises on purpose is said to refuse`() throws {
    let failure = StepFailure(
      type: "RuntimeError", message: "irreversible",
      frames: [
        Frame(
          file: "a.py", line: 3, function: "downgrade", code: #"raise RuntimeError("irreversible")"#
        )
      ])
    let judgement = RuleBook.judge(
      .example(.sqlite, steps: [.succeeded(.upgrade), .failed(.downgrade, failure)]))
    let finding = try #require(judgement.findings.first)
    #expect(finding.rule == "downgrade-fails")
    #expect(finding.message == "the downgrade refuses: RuntimeError: irreversible")
    #expect(finding.fix?.contains("stairway: allow downgrade-fails") == true)
  }

  @Test(arguments: [StepFailure.Kind.notImplemented, .noSuchDirection])
  func `no way down proposes the operations that undo the upgrade`(_ kind: StepFailure.Kind) throws
  {
    let failure = StepFailure(kind: kind, type: "NotImplementedError", message: "")
    var upgrade = StepRecord.succeeded(.upgrade)
    upgrade.change = .added(.table, "day")
    let judgement = RuleBook.judge(
      .example(.sqlite, steps: [upgrade, .failed(.downgrade, failure)]))
    #expect(judgement.rules == ["missing-downgrade"])
    #expect(judgement.findings.first?.fix == "undo table day")
  }

  @Test(arguments: [StepFailure.Kind.notImplemented, .unsupportedByEngine])
  func `what an engine cannot do is no missing downgrade`(_ kind: StepFailure.Kind) {
    let failure = StepFailure(
      kind: kind, type: "NotImplementedError",
      message: "No support for ALTER of constraints in SQLite dialect. Please refer to …",
      frames: [Frame(file: "a.py", line: 3, code: "op.drop_constraint('a', 't')")])
    let judgement = RuleBook.judge(
      .example(.sqlite, steps: [.succeeded(.upgrade), .failed(.downgrade, failure)]))
    #expect(judgement.rules == ["downgrade-fails"])
  }

  @Test func `a second upgrade that fails is traced to what the downgrade left`() throws {
    let judgement = RuleBook.judge(
      .example(
        .postgresql,
        steps: [.succeeded(.upgrade), .succeeded(.downgrade), .failed(.reupgrade, exists)],
        trace: .added(.type, "mood")))
    #expect(judgement.rules == ["downgrade-leaves-trace", "reupgrade-fails"])
    #expect(
      judgement.findings.last?.message == """
        the second upgrade fails: type "mood" already exists, after the downgrade left type mood \
        behind
        """)
    #expect(judgement.findings.last?.fix == "in downgrade():\nundo type mood")
  }

  @Test func `a failed step that leaves something is two findings`() {
    let judgement = RuleBook.judge(
      .example(
        .sqlite, steps: [.failed(.upgrade, exists, change: .added(.table, "_alembic_tmp_day"))]))
    #expect(judgement.rules == ["partial-migration", "upgrade-fails"])
    #expect(
      judgement.findings.first?.message == """
        the upgrade failed and leaves table _alembic_tmp_day behind: each DDL statement was \
        committed as it ran
        """)
  }

  @Test(arguments: [
    StepOutcome.blocked(by: "a1"), .skipped("below the downgrade floor"),
    .unjudged(Fault(.workerHung, message: "the worker did not answer")),
  ])
  func `what was not taken is no finding`(_ outcome: StepOutcome) {
    let steps = StepName.allCases.map { StepRecord($0, outcome: outcome) }
    #expect(RuleBook.judge(.example(.sqlite, steps: steps)).findings.isEmpty)
  }

  @Test func `recorded versions are compared as sets`() {
    var step = StepRecord.succeeded(.upgrade)
    step.recordedVersions = ["b2", "c3"]
    step.expectedVersions = ["c3", "b2"]
    #expect(RuleBook.judge(.example(.sqlite, steps: [step])).findings.isEmpty)
    step.recordedVersions = ["b2"]
    let finding = RuleBook.judge(.example(.sqlite, steps: [step])).findings.first
    #expect(
      finding?.message == "after the upgrade the version table holds b2 instead of b2 and c3")
    step.recordedVersions = nil
    #expect(
      RuleBook.judge(.example(.sqlite, steps: [step])).findings.first?.message
        == "after the upgrade there is no version table, which should hold b2 and c3")
    step.expectedVersions = []
    #expect(RuleBook.judge(.example(.sqlite, steps: [step])).findings.isEmpty)
  }

  private func unrecorded(_ name: StepName, _ flaw: RecordingFlaw? = nil) -> StepRecord {
    StepRecord(
      name, outcome: .succeeded, recordedVersions: [], expectedVersions: ["b2"], flaw: flaw)
  }

  @Test func `what was not recorded is told once for a revision, and not again of the whole way`() {
    let record = RunRecord.example(.sqlite) {
      $0.roundTrips = [
        RoundTripRecord(
          revision: Revision.example.id, steps: [unrecorded(.upgrade), unrecorded(.downgrade)])
      ]
      $0.descent = unrecorded(.descent)
      $0.parity = ParityRecord(steps: [ParityStep(unrecorded(.stamp))])
    }
    #expect(RuleBook.judge(record).findings.map(\.step) == [.upgrade])
    let whole = RunRecord.example(.sqlite) {
      $0.descent = unrecorded(.descent)
      $0.ascent = unrecorded(.ascent)
    }
    #expect(RuleBook.judge(whole).findings.map(\.step) == [.descent])
  }

  @Test(arguments: [
    (
      RecordingFlaw.Kind.outerTransaction, "a transaction was open already when env.py called",
      "connection.commit()"
    ),
    (.noTransaction, "outside of context.begin_transaction()", "with context.begin_transaction()"),
    (.written, "env.py writes to the version table itself", "alembic stamp"),
    (.committed, "the migration commits by itself", "autocommit_block()"),
    (.rolledBack, "the migration rolls back by itself", "autocommit_block()"),
  ])
  func `what was seen to keep a step from being recorded is its place, reason and mend`(
    _ kind: RecordingFlaw.Kind, _ reason: String, _ mend: String
  ) throws {
    let flaw = RecordingFlaw(kind, statement: "COMMIT", frames: [Frame(file: "env.py", line: 7)])
    let finding = try #require(
      RuleBook.judge(.example(.sqlite, steps: [unrecorded(.upgrade, flaw)])).findings.first)
    #expect(finding.message.contains(reason))
    #expect(finding.fix?.contains(mend) == true)
    #expect((finding.file, finding.line) == ("env.py", 7))
    #expect(finding.evidence.statement == "COMMIT")
  }

  @Test func `the way down in one go repeats no failure that a round trip showed`() {
    let failure = StepFailure(kind: .notImplemented, type: "NotImplementedError", message: "")
    func record(stoppedAt: RevisionID) -> RunRecord {
      .example(.sqlite) {
        $0.roundTrips = [
          RoundTripRecord(
            revision: Revision.example.id,
            steps: [.succeeded(.upgrade), .failed(.downgrade, failure)])
        ]
        $0.descent = .failed(.descent, exists, stoppedAt: stoppedAt)
      }
    }
    #expect(RuleBook.judge(record(stoppedAt: Revision.example.id)).rules == ["missing-downgrade"])
    let other = RuleBook.judge(record(stoppedAt: "b2"))
    #expect(other.rules == ["missing-downgrade", "downgrade-fails"])
    #expect(other.findings.last?.step == .descent)
    #expect(other.findings.last?.revision == "b2")
  }

  @Test func `what a downgrade above left behind is what stopped the way down in one go`() throws {
    let failure = StepFailure(
      type: "sqlalchemy.exc.OperationalError",
      message: "error in index ix_city after drop column: no such column: city",
      statement: "ALTER TABLE users DROP COLUMN city")
    func judgement(leaving index: Identifier) -> Judgement {
      var record = RunRecord.example(.sqlite) {
        $0.roundTrips = [
          RoundTripRecord(
            revision: Revision.example.id, steps: [.succeeded(.upgrade), .succeeded(.downgrade)]),
          RoundTripRecord(
            revision: "b2", steps: [.succeeded(.upgrade), .succeeded(.downgrade)],
            trace: .added(.index, "users", index)),
        ]
        $0.descent = .failed(.descent, failure, stoppedAt: Revision.example.id)
      }
      record.revisions.append(Revision(id: "b2", parents: [Revision.example.id]))
      return RuleBook.judge(record)
    }
    let finding = try #require(
      judgement(leaving: "ix_city").findings.first { $0.rule == "downgrade-fails" })
    #expect(finding.revision == "b2")
    #expect(finding.objects == [ObjectID(.index, ["users", "ix_city"])])
    #expect(
      finding.message.hasPrefix(
        "after this downgrade left index ix_city on users behind, the way down to base in one go "
          + "fails: error in index ix_city"))
    #expect(finding.message.hasSuffix("(in \(Revision.example.id))"))
    let other = judgement(leaving: "ix_name").findings.first { $0.rule == "downgrade-fails" }
    #expect(other?.revision == Revision.example.id)
  }
}
