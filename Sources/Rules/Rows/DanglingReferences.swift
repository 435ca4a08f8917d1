import Databases
import History
import Rows
import Schemas
import Walks

/// Rows break a foreign key that the engine did not enforce.
struct DanglingReferences: Rule {
  let name: RuleName = "dangling-references"
  let severity = Severity.error
  let summary = "rows break a foreign key that the engine did not enforce"
  let explanation = """
    After the step there is a foreign key, and rows that point to nothing: it was added with enforcement \
    off (SQLite's `PRAGMA foreign_keys`, which is off unless the application turns it on), as NOT VALID, \
    or with triggers disabled. The application will meet references that cannot be, and a later \
    migration that rebuilds the table with enforcement on fails.

    It is a warning where the project provides no rows: references that were made up before there was a key \
    to say where they lead prove nothing. It is an error all the same where every row holds the default of a \
    column that the step added, and this points into a table that the step made.
    """
  let mend = """
    Remove or mend such rows before the key is added: \
    `DELETE FROM k WHERE p_id NOT IN (SELECT id FROM p)`; on PostgreSQL follow `NOT VALID` with \
    `ALTER TABLE … VALIDATE CONSTRAINT …`.
    """

  let triggering = RuleExample(
    """
    def upgrade():  # PRAGMA foreign_keys is off
        with op.batch_alter_table("day") as batch:
            batch.create_foreign_key("fk_day_user", "users", ["user_id"], ["id"])
    """,
    .example(
      .sqlite,
      steps: [
        StepRecord(
          .upgrade, outcome: .succeeded,
          observations: [
            Observation(
              .danglingReferences,
              objects: [
                ObjectID(.column, ["day", "user_id"]), ObjectID(.table, ["users"]),
              ], detail: "1 row, such as 7")
          ])
      ], filling: .example()))
  let passing = RuleExample(
    """
    def upgrade():
        op.execute("UPDATE day SET user_id = NULL WHERE user_id NOT IN (SELECT id FROM users)")
        with op.batch_alter_table("day") as batch:
            batch.create_foreign_key("fk_day_user", "users", ["user_id"], ["id"])
    """, .example(.sqlite, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.sightings(of: .danglingReferences).map { seen in
      let columns = seen.observation.objects.filter { $0.kind == .column }.map(\.description)
      let parent = seen.observation.objects.last?.description ?? "another table"
      var finding = run.finding(
        self, engine: seen.engine, revision: seen.revision, step: seen.step.name,
        objects: seen.observation.objects,
        message: "\(columns.listed) points to rows of \(parent) that do not exist "
          + "(\(seen.observation.detail))",
        statement: seen.statement, fix: seen.fix(in: run))
      // References that were made up before there was a key to say where they lead.
      if !run.hasProvidedRows(on: seen.engine), !seen.isCertain { finding.severity = .warning }
      return finding
    }
  }
}

extension JudgedRun.Sighting {
  private var columns: [ObjectID] { observation.objects.filter { $0.kind == .column } }
  private var parent: ObjectID? { observation.objects.last { $0.kind == .table } }

  /// Whether every row points to nothing, whoever wrote it: by a new column's default.
  fileprivate var isCertain: Bool {
    guard let table = columns.first?.table, let parent = parent?.table else { return false }
    let sent = step.statements.filter { $0.error == nil }.map(\.sql)
    return UnwrittenColumns.pointNowhere(
      columns.map { $0.name.raw.lowercased() }, of: table.name.raw.lowercased(),
      to: parent.name.raw.lowercased(), after: sent)
  }

  /// What left the references behind that lead nowhere.
  fileprivate var statement: Statement? {
    guard let table = columns.first?.table, let parent = parent?.table else { return nil }
    let isNewKey = step.change.changes.contains { change in
      change.before == nil && change.id.kind == .constraint && change.id.table == table
    }
    return StatementTrail(step).dangling(from: table, to: parent, isNewKey: isNewKey)
  }

  fileprivate func fix(in run: JudgedRun) -> String {
    let sentence = "mend the rows that point nowhere, or remove them"
    guard let parent, let others = observation.parentColumns, others.count == columns.count else {
      return sentence
    }
    return run.mend(sentence, .deleteDangling(columns, in: parent, to: others), on: engine)
  }
}
