import Databases
import Schemas
import Walks

/// The schema after the downgrade is not the one before the upgrade.
struct DowngradeLeavesTrace: Rule {
  let name: RuleName = "downgrade-leaves-trace"
  let severity = Severity.error
  let summary = "the schema after the downgrade is not the schema before the upgrade"
  let explanation = """
    The downgrade succeeded, and yet the schema is another one than before: something was left \
    behind (an enum type, a sequence, an index), something is gone (an index, a default, a \
    privilege), or something was rebuilt differently (a foreign key without its ON DELETE, an index \
    without its predicate).

    After a rollback the old code runs on a schema that it was never tested with, and the history \
    no longer says what is in the database. Differences that no statement can notice, such as a \
    constraint's automatic name, are not reported.
    """
  let mend = """
    Add the operations that the finding proposes to the downgrade. Where the upgrade itself lost \
    something on the way (SQLite's batch mode copies tables and forgets what it does not know), \
    name it there: `op.batch_alter_table(…, table_args=(…))`.

    A trace that is meant, such as an extension that stays, can be declared: \
    `# stairway: allow downgrade-leaves-trace pgcrypto because other databases share it`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        op.create_table("day", sa.Column("mood", sa.Enum("good", "bad", name="mood")))

    def downgrade():
        op.drop_table("day")
    """, .example(.postgresql, trace: .added(.type, "mood")))
  let passing = RuleExample(
    """
    def upgrade():
        op.create_table("day", sa.Column("mood", sa.Enum("good", "bad", name="mood")))

    def downgrade():
        op.drop_table("day")
        sa.Enum(name="mood").drop(op.get_bind())
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.roundTrips.compactMap { engine, roundTrip in
      // What env.py makes by itself is told of the whole way down.
      guard let seen = roundTrip.trace,
        case let trace = seen.structural(besides: engine.environmentsObjects(in: seen)),
        !trace.isEmpty
      else { return nil }
      return run.finding(
        self, engine: engine.engine, revision: roundTrip.revision, step: .downgrade,
        objects: trace.structuralObjects, message: message(trace),
        evidence: Evidence(difference: trace),
        fix: run.undoing(trace, on: engine.engine, in: roundTrip))
    }
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    let rest = finding.evidence.difference?.about(Set(objects)) ?? SchemaDifference()
    return finding.about(
      objects, difference: rest, message: message(rest),
      fix: run.undoing(rest, on: finding.engine, in: run.roundTrip(of: finding)))
  }

  private func message(_ trace: SchemaDifference) -> String {
    "the downgrade leaves \(trace.phrase(added: "behind"))"
  }
}
