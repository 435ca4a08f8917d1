import Databases
import History
import Schemas
import Walks

/// The same history made another schema on the one engine than on the other.
struct EngineDivergence: Rule {
  let name: RuleName = "engine-divergence"
  let severity = Severity.warning
  let summary = "the same history makes one thing on SQLite and another on PostgreSQL"
  let explanation = """
    Both engines were taken to the same revisions, and what one schema has the other has not, or has \
    otherwise: a table, a column, a view, a unique, a foreign key and its actions, a NOT NULL, a check, a \
    length, a default, a type, an index. What works in development then fails in production, or the \
    other way round. The usual causes are a branch on the dialect with one side missing, an \
    `ALTER` that SQLite does not have and whose error somebody caught, an index with \
    `postgresql_where` and no `sqlite_where`, a key of a type that SQLite does not fill by itself, and a \
    default such as `now()` or `gen_random_uuid()`, which SQLite takes and then cannot compute: each row \
    that goes without a value is refused.

    What each engine merely spells in its own way is no difference: the types that SQLAlchemy keeps \
    under other names (`Boolean`, `Enum`, `JSON`, `Uuid`, `Interval`), the names that a server chose, \
    PostgreSQL's `now()` and `CURRENT_TIMESTAMP`, casts and parentheses. What SQLite cannot have is none either: \
    extensions, functions, triggers, sequences, comments, GIN indexes, exclusion constraints.
    """
  let mend = """
    Give the engine that lacks it what it lacks, in a further revision; on SQLite through \
    `op.batch_alter_table`. Where the two are meant to differ, say so beside the code: \
    `# stairway: allow engine-divergence users.email because …`.
    """

  let triggering = RuleExample(
    """
    def upgrade():
        if op.get_bind().dialect.name == "postgresql":
            op.create_unique_constraint("uq_day_mood", "day", ["mood"])
    """, .divergent([.example]))
  let passing = RuleExample(
    """
    def upgrade():
        with op.batch_alter_table("day") as batch_op:
            batch_op.create_unique_constraint("uq_day_mood", ["mood"])
    """, .divergent([]))

  func findings(in run: JudgedRun) -> [Finding] {
    (run.record.engineComparison?.divergences ?? []).compactMap { divergence in
      let origin = DivergenceOrigin(of: divergence, in: run)
      // Made so from the beginning, it is how the project keeps what SQLite has no type for.
      if divergence.aspect == .typeVariant, !origin.isOneSided { return nil }
      let refused = origin.refusedStatement
      return run.finding(
        self, engine: nil, revision: origin.revision, step: origin.revision.map { _ in .upgrade },
        objects: [divergence.object],
        message: divergence.sentence + origin.remark,
        evidence: Evidence(statement: refused?.sql, error: refused?.error),
        fix: fix(divergence, origin, run.mendWriter))
    }
  }

  private func fix(
    _ divergence: Divergence, _ origin: DivergenceOrigin, _ writer: any MendWriter
  ) -> String {
    var lines: [String] = []
    let engine = origin.otherEngine ?? divergence.lacking
    if let engine, let code = writer.aligning(divergence, on: engine) {
      lines += ["in a further revision, make it the same on \(engine.title):", code]
    } else {
      lines.append(
        "in a further revision, make "
          + (engine.map { "it the same on \($0.title)" } ?? "the two the same"))
    }
    let object = divergence.object.qualifiedName
    lines.append(
      "or, where they are meant to differ: # stairway: allow engine-divergence \(object) because …")
    return lines.joined(separator: "\n")
  }
}

extension RunRecord {
  /// A run on both engines over one revision.
  fileprivate static func divergent(_ divergences: [Divergence]) -> RunRecord {
    var record = example(.sqlite) { _ in }
    let unique = SchemaObject(
      ObjectID(.constraint, schema: "public", ["day", "uq_day_mood"]), [.columns: .list(["mood"])])
    let change = SchemaDifference([ObjectChange(before: nil, after: unique)])
    record.engines = Engine.allCases.map { engine in
      var engineRecord = EngineRecord(engine: engine)
      let made = engine == .postgresql && !divergences.isEmpty ? change : SchemaDifference()
      engineRecord.roundTrips = [
        RoundTripRecord(
          revision: Revision.example.id,
          steps: [StepRecord(.upgrade, outcome: .succeeded, change: made)])
      ]
      return engineRecord
    }
    record.engineComparison = EngineComparison(divergences)
    return record
  }
}

extension Divergence {
  fileprivate static let example = Divergence(
    ObjectID(.column, ["day", "mood"]), .unique, sqlite: nil, postgresql: "UNIQUE (mood)",
    columns: ["mood"],
    onPostgreSQL: SchemaObject(ObjectID(.constraint, schema: "public", ["day", "uq_day_mood"])))
}
