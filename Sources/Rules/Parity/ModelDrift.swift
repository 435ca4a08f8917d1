import Databases
import Rows
import Schemas
import Walks

/// The models would make another schema than the migrations made.
struct ModelDrift: Rule {
  let name: RuleName = "model-drift"
  let severity = Severity.error
  let summary = "the models make another schema than the migrations"
  let explanation = """
    Beside the walk, the tables of the project's models were made in an empty database by \
    `create_all()`, and the schema that came of it was compared with the one at the heads, object by \
    object. The code that is deployed believes what the models say; the database is what the \
    migrations made. Where they differ, queries fail, values are cut or refused, and tests that run \
    on `create_all()` test another schema than production has.

    Everything that models can say counts: columns, types with their lengths, nullability, defaults, \
    checks, unique constraints, foreign keys with their actions, indexes with their options, \
    enumerations' labels, comments, computed columns and identities. What they cannot say (views, \
    functions, triggers, extensions, grants, partitions, storage options) is no difference, nor are \
    names that nobody chose, the order of columns, or two spellings of one thing. What `env.py` \
    leaves out (`include_object`, `include_name`, `include_schemas`) is left out here too.

    What the tool's own comparison (autogenerate) says of the same table stands beside it, with the \
    reason where it says less or more: it never compares checks, enumerations' labels or primary \
    keys, and defaults only where `compare_server_default` is set.
    """
  let mend = """
    Where the model is right, write a revision with the operations that the finding names. Where the \
    migrations are right, correct the model. Where the difference is meant, declare it: `allow` with \
    the rule, the object and the reason, or leave the object out in `env.py`, as autogenerate needs \
    too.
    """

  let triggering = RuleExample(
    """
    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        nickname = db.Column(db.String(30))  # no revision adds it
    """, .drift(.addedNickname))
  let passing = RuleExample(
    """
    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        nickname = db.Column(db.String(30))

    def upgrade():  # of a new revision
        op.add_column("users", sa.Column("nickname", sa.String(30)))
    """, .drift(nil))

  func findings(in run: JudgedRun) -> [Finding] {
    run.drifts.map { finding($0.unit, $0.models, on: $0.engine, in: run) }
  }

  private func finding(
    _ unit: ModelUnit, _ models: ModelsRecord, on engine: Engine, in run: JudgedRun
  ) -> Finding {
    let words = DriftWords(unit, models)
    let place = words.place
    return Finding(
      rule: name, severity: severity, engine: engine, step: .models,
      objects: unit.difference.structuralObjects, file: place?.file, line: place?.line,
      message: words.message,
      evidence: Evidence(difference: unit.difference, opinions: words.opinions),
      fix: words.fix(
        on: engine, by: run.mendWriter, besides: run.written(for: unit, besides: engine)))
  }

  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding {
    let own = run.drifts.first {
      $0.engine == finding.engine && $0.unit.difference == finding.evidence.difference
    }
    guard let (engine, unit, models) = own else { return finding }
    let rest = unit.difference.about(Set(objects))
    let kept = Set(rest.changes.map(\.id))
    let others = unit.difference.changes.filter { !kept.contains($0.id) }
    // What the tool's own comparison says of the others is no word about these.
    let proposals = unit.proposals.filter { proposal in
      rest.changes.contains(where: proposal.isAbout) || !others.contains(where: proposal.isAbout)
    }
    return self.finding(unit.with(rest, proposals: proposals), models, on: engine, in: run)
  }
}

extension ModelUnit {
  /// The same of a part of what differs.
  fileprivate func with(
    _ difference: SchemaDifference, proposals: [ToolsOperation]? = nil
  ) -> ModelUnit {
    ModelUnit(
      id: id, difference: difference, model: model, proposals: proposals ?? self.proposals,
      migrated: migrated)
  }
}

extension JudgedRun {
  /// What is written from the schemas of the other engines for the same table.
  fileprivate func written(for unit: ModelUnit, besides engine: Engine) -> [[String]?] {
    let drifts = drifts
    return record.engines.map(\.engine).filter { $0 != engine }.map { other in
      drifts.first { $0.engine == other && $0.unit.id.path == unit.id.path }.map {
        DriftWords($0.unit, $0.models).written(on: other, by: mendWriter, isPortable: true)
      }
    }
  }

  /// Each table that differs, on each engine.
  fileprivate var drifts: [(engine: Engine, unit: ModelUnit, models: ModelsRecord)] {
    record.engines.flatMap { engine in
      let models = engine.parity?.models ?? ModelsRecord()
      let own = DefaultSchema(models.defaultSchema, on: engine.engine)
      return models.units.compactMap { unit in
        registered(unit, own).map { (engine: engine.engine, unit: $0, models: models) }
      }
    }
  }

  /// What differs in a table, but for what is only in the database because its model is imported by
  /// nobody, which is a finding of its own; nil where that is all.
  fileprivate func registered(_ unit: ModelUnit, _ own: DefaultSchema) -> ModelUnit? {
    let models = record.engines.flatMap { $0.parity?.unregistered?.models ?? [] }.filter {
      unit.id == own.table($0.name, in: $0.schema)
    }
    guard !models.isEmpty else { return unit }
    let isWhole = models.contains { $0.columns.isEmpty }
    let columns = Set(models.flatMap(\.columns))
    let rest = unit.difference.changes.filter { change in
      guard change.after == nil else { return true }
      if change.id == unit.id { return !isWhole }
      return change.id.kind != .column || !columns.contains(change.id.name.raw)
    }
    guard rest.count < unit.difference.changes.count else { return unit }
    let isGone = unit.difference.changes.contains { $0.id == unit.id && $0.after == nil } && isWhole
    guard !rest.isEmpty, !isGone else { return nil }
    return unit.with(
      SchemaDifference(rest),
      proposals: unit.proposals.filter { proposal in
        !(proposal.kind == "drop_column" && proposal.name.map(columns.contains) == true)
      })
  }
}

extension RunRecord {
  /// A run whose models differ so from the migrated schema.
  fileprivate static func drift(_ difference: SchemaDifference?) -> RunRecord {
    .example(.sqlite) { engine in
      engine.parity = ParityRecord(steps: [ParityStep(StepRecord(.models, outcome: .succeeded))])
      let columns = [ModelColumn(name: "nickname", file: "app/models.py", line: 12)]
      let unit = difference.map {
        ModelUnit(
          id: ObjectID(.table, ["users"]), difference: $0,
          model: ModelTable(
            name: "users", model: "User", module: "app.models", file: "app/models.py", line: 10,
            columns: columns))
      }
      engine.parity?.models = ModelsRecord(
        units: unit.map { [$0] } ?? [],
        toolsOpinion: ToolsOpinion(comparesTypes: true, comparesDefaults: false))
    }
  }
}

extension SchemaDifference {
  fileprivate static var addedNickname: SchemaDifference { .added(.column, "users", "nickname") }
}
