import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Rules

/// A run that went well and in which the models were compared.
private func run(
  _ difference: SchemaDifference, proposals: [ToolsOperation] = [],
  opinion: ToolsOpinion? = ToolsOpinion(comparesTypes: true, comparesDefaults: false),
  unregistered: [UnregisteredModel] = [], table: Identifier = "users"
) -> RunRecord {
  .example(.sqlite) { engine in
    engine.roundTrips = [
      RoundTripRecord(
        revision: Revision.example.id, steps: .roundTrip, trace: .init(),
        reupgradeDifference: .init())
    ]
    let model = ModelTable(
      name: "users", model: "User", module: "app", file: "app/models.py", line: 10,
      columns: [ModelColumn(name: "nickname", file: "app/models.py", line: 12)])
    let unit = ModelUnit(
      id: ObjectID(.table, [table]), difference: difference,
      model: table == "users" ? model : nil, proposals: proposals)
    engine.parity = ParityRecord(steps: [ParityStep(StepRecord(.models, outcome: .succeeded))])
    engine.parity?.models = ModelsRecord(
      place: SourcePlace(file: "migrations/env.py", line: 9),
      units: difference.isEmpty ? [] : [unit], toolsOpinion: opinion)
    engine.parity?.unregistered = UnregisteredRecord(models: unregistered)
  }
}

private let nickname = ObjectID(.column, ["users", "nickname"])

@Suite struct ModelRuleTests {
  @Test func `a drift names the model, the line and what both sides say`() throws {
    let drift = SchemaDifference.changed(
      nickname, "type", from: .text("VARCHAR(20)"), to: .text("VARCHAR(50)"))
    let finding = try #require(RuleBook.judge(run(drift)).findings.first)
    #expect(
      finding.message == """
        model User and the migrations differ in table users: column users.nickname has type \
        VARCHAR(50) in the models and VARCHAR(20) in the database
        """)
    #expect(finding.file == "app/models.py" && finding.line == 12)
    #expect(finding.objects == [nickname])
    #expect(finding.fix?.contains("undo column users.nickname") == true)
  }

  @Test func `without a model's place the finding stands where the models are handed over`() throws
  {
    let finding = try #require(
      RuleBook.judge(run(.removed(.table, "logs"), table: "logs")).findings.first)
    #expect(finding.message == "table logs is made by the migrations and in no model")
    #expect(finding.file == "migrations/env.py" && finding.line == 9)
  }

  @Test func `what autogenerate sees, misses and makes up is told apart`() throws {
    let drift = SchemaDifference(
      [
        SchemaDifference.added(.column, "users", "age"),
        .changed(nickname, "default", from: nil, to: .text("'x'")),
        .added(.constraint, "users", "positive"),
      ].flatMap(\.changes))
    let proposals = [
      ToolsOperation(kind: "add_column", table: "users", name: "age"),
      ToolsOperation(
        kind: "alter_column", table: "users", name: "email", changes: ["type"],
        code: "op.alter_column('users', 'email')"),
    ]
    let finding = try #require(
      RuleBook.judge(run(drift, proposals: proposals)).findings.first)
    let opinions = finding.evidence.opinions ?? []
    #expect(opinions.count == 3)
    #expect(
      opinions.contains {
        $0.hasPrefix("autogenerate does not see the default of column users.nickname: env.py does")
      })
    #expect(
      opinions.contains { $0.hasPrefix("autogenerate does not see constraint users.positive") })
    #expect(
      opinions.contains {
        $0.hasPrefix("autogenerate proposes op.alter_column('users', 'email'), though create_all()")
      })
  }

  @Test func `of what is known nothing is said beside what is new`() throws {
    let drift = SchemaDifference(
      ["age", "mail"].flatMap { SchemaDifference.added(.column, "users", $0).changes })
    let proposals = ["age", "mail"].map {
      ToolsOperation(kind: "add_column", table: "users", name: $0)
    }
    let record = run(drift, proposals: proposals)
    let mail = ObjectID(.column, ["users", "mail"])
    let known = KnownFinding(
      rule: "model-drift", engine: .sqlite, revision: nil, object: mail.description,
      change: "added")
    let finding = try #require(
      RuleBook.judge(record, baseline: Baseline([.init(known)])).findings.first)
    #expect(finding.objects.map(\.name) == ["age"])
    #expect(finding.evidence.opinions == ["autogenerate sees all of it"])
  }

  @Test func `what is proposed for a table on one side only is no false difference`() throws {
    let proposals = [
      ToolsOperation(kind: "drop_index", table: "users", name: "ix_users_age"),
      ToolsOperation(kind: "drop_table", table: "users"),
    ]
    let finding = try #require(
      RuleBook.judge(run(.removed(.table, "users"), proposals: proposals)).findings.first)
    #expect(finding.evidence.opinions == ["autogenerate sees all of it"])
  }

  @Test func `what has no operation is not said to be written by autogenerate`() throws {
    struct Writer: MendWriter {
      let lines: [String]
      var comparing: String? { "alembic revision --autogenerate" }
      func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] { lines }
    }
    let proposal = ToolsOperation(
      kind: "alter_column", table: "users", name: "nickname", changes: ["type"])
    let drift = SchemaDifference.changed(
      nickname, "type", from: .text("VARCHAR(20)"), to: .text("VARCHAR(50)"))
    let models = try #require(run(drift, proposals: [proposal]).engines[0].parity?.models)
    let words = DriftWords(models.units[0], models)
    let certain = words.fix(on: .sqlite, by: Writer(lines: ["op.alter_column(…)"]))
    #expect(certain?.contains("(`alembic revision --autogenerate` writes this)") == true)
    let none = words.fix(on: .sqlite, by: Writer(lines: ["# no operation for column: none"]))
    #expect(none?.contains("autogenerate") == false)
  }

  /// Pasted into a revision that runs on both, one engine's code breaks the other.
  @Test func `what is written from one engine's schema runs on that alone`() throws {
    struct Writer: MendWriter {
      func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] { ["op.x()"] }
      func limiting(_ lines: [String], to engine: Engine) -> [String] { ["on \(engine):"] + lines }
    }
    let models = try #require(run(.added(.index, "users", "ix")).engines[0].parity?.models)
    let words = DriftWords(models.units[0], models)
    func fix(_ others: [String]?...) -> String? {
      words.fix(on: .sqlite, by: Writer(), besides: others)
    }
    #expect(fix()?.hasSuffix("right:\nop.x()") == true)
    #expect(fix(["op.x()"])?.hasSuffix("right:\nop.x()") == true)
    #expect(fix(["op.y()"])?.hasSuffix("right:\non sqlite:\nop.x()") == true)
    #expect(fix(nil)?.hasSuffix("right:\non sqlite:\nop.x()") == true)
  }

  @Test func `what a package adds to autogenerate is its opinion too`() throws {
    let labels = SchemaDifference.changed(
      ObjectID(.type, ["mood"]), "labels", from: .list(["a"]), to: .list(["a", "b"]))
    let proposal = ToolsOperation(kind: "sync_enum_values", table: nil, name: "mood")
    let finding = try #require(
      RuleBook.judge(run(labels, proposals: [proposal])).findings.first)
    #expect(finding.evidence.opinions == ["autogenerate sees all of it"])
    let other = ToolsOperation(kind: "sync_enum_values", table: nil, name: "tone")
    let unseen = try #require(RuleBook.judge(run(labels, proposals: [other])).findings.first)
    #expect(
      unseen.evidence.opinions?.first
        == "autogenerate does not see type mood: it never compares types")
  }

  @Test(arguments: [("CHECK", false), ("UNIQUE", false), ("FOREIGN KEY", true)])
  func `a key that goes without a name is no other constraint's end`(
    _ type: String, _ isSeen: Bool
  ) throws {
    let gone = SchemaObject(
      ObjectID(.constraint, ["users", "users_age"]), [.constraintType: .text(type)])
    let proposal = ToolsOperation(
      kind: "drop_constraint", table: "users",
      code: "op.drop_constraint(None, 'users', type_='foreignkey')")
    let drift = SchemaDifference([ObjectChange(before: gone, after: nil)])
    let finding = try #require(
      RuleBook.judge(run(drift, proposals: [proposal])).findings.first)
    #expect((finding.evidence.opinions == ["autogenerate sees all of it"]) == isSeen)
  }

  @Test func `a type is written as the model has it, where autogenerate says how`() throws {
    struct Writer: MendWriter {
      func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] { [] }
      func undoing(
        _ difference: SchemaDifference, on engine: Engine, keeping present: [SchemaObject],
        types: [ObjectID: ToolsType]
      ) -> [String] { types.map { "\($0.key): \($0.value.code)" } }
    }
    let proposals = ["nickname", "other"].map { name in
      ToolsOperation(
        kind: "alter_column", table: "users", name: name, changes: ["type"],
        type: ToolsType(code: "sa.Enum('a')"))
    }
    let drift = SchemaDifference.changed(
      nickname, "type", from: .text("VARCHAR(20)"), to: .text("VARCHAR(1)"))
    let models = try #require(run(drift, proposals: proposals).engines[0].parity?.models)
    let fix = try #require(DriftWords(models.units[0], models).fix(on: .sqlite, by: Writer()))
    #expect(fix.hasSuffix("where the model is right:\ncolumn users.nickname: sa.Enum('a')"))
  }

  @Test func `what refers to a table that another finding makes comes after it`() throws {
    struct Writer: MendWriter {
      func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] { ["op.x()"] }
    }
    let key = SchemaObject(
      ObjectID(.constraint, ["users", "fk"]),
      [.constraintType: .text("FOREIGN KEY"), .referencedTable: .text("places")])
    let drift = SchemaDifference([ObjectChange(before: nil, after: key)])
    let unit = try #require(run(drift).engines[0].parity?.models?.units.first)
    func fix(_ others: ModelUnit...) -> String? {
      DriftWords(unit, ModelsRecord(units: [unit] + others)).fix(on: .sqlite, by: Writer())
    }
    let places = ModelUnit(
      id: ObjectID(.table, ["places"]), difference: .added(.table, "places"))
    #expect(fix(places)?.contains("\n# after the operations for table places\nop.x()") == true)
    #expect(fix()?.contains("# after") == false)
  }

  @Test func `a comparison that came to no end is told as such`() throws {
    let opinion = ToolsOpinion(
      comparesTypes: true, comparesDefaults: false,
      failure: StepFailure(type: "KeyError", message: "no such thing"))
    let finding = try #require(
      RuleBook.judge(run(.added(.column, "users", "age"), opinion: opinion)).findings.first)
    #expect(finding.evidence.opinions == ["autogenerate raises KeyError: no such thing"])
  }

  @Test(arguments: [nil, Revision.example.id])
  func `an object can be declared, in the settings and beside the code`(
    _ revision: RevisionID?
  ) throws {
    let drift = SchemaDifference(
      [SchemaDifference.added(.column, "users", "nickname"), .added(.column, "users", "age")]
        .flatMap(\.changes))
    let allowance = Allowance(
      rule: "model-drift", revision: revision, object: "users.nickname", reason: "later",
      place: "x.py:1")
    let judgement = RuleBook.judge(run(drift), allowances: [allowance])
    #expect(judgement.findings.map(\.objects) == [[ObjectID(.column, ["users", "age"])]])
    #expect(judgement.findings.first?.message.contains("nickname") == false)
    #expect(judgement.declared.map(\.finding.objects) == [[nickname]])
  }

  @Test func `an allowance of a drift that is none is reported`() {
    let allowance = Allowance(
      rule: "model-drift", object: "users.nickname", reason: "later", place: "x.py:1")
    #expect(RuleBook.judge(run(.init()), allowances: [allowance]).rules == ["unused-allow"])
  }

  @Test func `a table whose model nobody imports is one finding`() throws {
    let model = UnregisteredModel(
      name: "logs", model: "Log", module: "app.log", file: "app/log.py", line: 4,
      importer: .init(file: "migrations/env.py", code: "import app.log"), isMigrated: true)
    let judgement = RuleBook.judge(
      run(.removed(.table, "logs"), unregistered: [model], table: "logs"))
    #expect(judgement.rules == ["unregistered-model"])
    let finding = try #require(judgement.findings.first)
    #expect(
      finding.message == """
        model Log is not registered, for nobody imports module app.log, so that autogenerate would \
        drop table logs
        """)
    #expect(finding.fix == "add `import app.log` to migrations/env.py")
    #expect(finding.file == "app/log.py" && finding.line == 4)
  }

  @Test func `columns of a class that nobody imports are one finding, and no drift`() throws {
    let drift = SchemaDifference(
      [SchemaDifference.removed(.column, "users", "extra"), .added(.column, "users", "age")]
        .flatMap(\.changes))
    let model = UnregisteredModel(
      name: "users", model: "Customer", module: "app.sub", file: "app/sub.py", line: 4,
      importer: .init(file: "migrations/env.py", code: "import app.sub"), columns: ["extra"],
      isMigrated: true)
    let findings = RuleBook.judge(run(drift, unregistered: [model])).findings
    #expect(findings.map(\.rule) == ["model-drift", "unregistered-model"])
    #expect(findings.first?.objects == [ObjectID(.column, ["users", "age"])])
    #expect(findings.last?.objects == [ObjectID(.column, ["users", "extra"])])
    #expect(
      findings.last?.message == """
        model Customer is not registered, for nobody imports module app.sub, so that autogenerate \
        would drop column users.extra
        """)
    let alone = RuleBook.judge(
      run(.removed(.column, "users", "extra"), unregistered: [model]))
    #expect(alone.rules == ["unregistered-model"])
  }

  @Test func `a table of the connection's own schema is its model's`() throws {
    let model = UnregisteredModel(
      name: "logs", model: "Log", module: "app.log", file: "app/log.py", line: 4, isMigrated: true)
    let table = ObjectID(.table, schema: "tenant", ["logs"])
    let unit = ModelUnit(
      id: table,
      difference: SchemaDifference([ObjectChange(before: SchemaObject(table), after: nil)]))
    let record = RunRecord.example(.postgresql) { engine in
      engine.parity = ParityRecord(steps: [ParityStep(StepRecord(.models, outcome: .succeeded))])
      engine.parity?.models = ModelsRecord(units: [unit], defaultSchema: "tenant")
      engine.parity?.unregistered = UnregisteredRecord(models: [model])
    }
    let judgement = RuleBook.judge(record)
    #expect(judgement.rules == ["unregistered-model"])
    #expect(judgement.findings.first?.objects == [table])
  }

  @Test func `a second base is to be handed over too`() throws {
    let model = UnregisteredModel(
      name: "audit", model: "Audit", module: "app.audit", file: "app/audit.py", line: 4,
      isImported: true, isHandedOver: false, isMigrated: false)
    let finding = try #require(
      RuleBook.judge(run(.init(), unregistered: [model])).findings.first)
    #expect(
      finding.message == """
        model Audit hangs on a metadata that is not handed over, so that autogenerate never makes \
        table audit
        """)
    #expect(
      finding.fix == """
        hand both over in migrations/env.py:9: `target_metadata = […, Audit.metadata]`, with what \
        stands there now for the dots
        """)
  }
}
