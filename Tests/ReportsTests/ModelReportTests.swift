import Databases
import History
import Platform
import Rules
import Schemas
import Testing
import Walks

@testable import Reports

@Suite struct ModelReportTests {
  private static let record: RunRecord = {
    var record = SampleRecord.clean
    let operation = ToolsOperation(
      kind: "alter_column", table: "users", schema: "shop", name: "phone", changes: ["type"],
      code: "op.alter_column('users', 'phone')", imports: ["import app.types"], isPortable: true,
      type: ToolsType(code: "app.types.Phone()", imports: ["import app.types"]))
    let model = ModelTable(
      schema: "shop", name: "users", model: "User", module: "app", file: "app.py", line: 3,
      columns: [ModelColumn(name: "phone", file: "app.py", line: 5)])
    let reason = "not all models can be compared: create_all() raises"
    record.engines[0].parity = ParityRecord(
      steps: [
        ParityStep(
          StepRecord(.models, outcome: .skipped(reason)), difference: SampleRecord.difference,
          unprintable: [Unprintable(revision: "bbb2", failure: SampleRecord.failure)])
      ], application: "wsgi:app")
    record.engines[0].parity?.models = ModelsRecord(
      units: [
        ModelUnit(
          id: SampleRecord.users.id, difference: SampleRecord.difference, model: model,
          proposals: [operation])
      ],
      leftOut: [LeftOutObject(type: "table", name: "log")],
      toolsOpinion: ToolsOpinion(
        comparesTypes: true, comparesDefaults: false, failure: SampleRecord.failure,
        others: [operation]), defaultSchema: "shop")
    record.engines[0].parity?.unregistered = UnregisteredRecord(
      models: [
        UnregisteredModel(
          name: "bills", model: "Bill", module: "bills", file: "bills.py", line: 1,
          importer: .init(file: "env.py", code: "import bills"), columns: ["sum"], isMigrated: true)
      ],
      unread: [
        UnreadModule(
          module: "more", file: "more.py", line: 2, message: "the module more needs KEY",
          fix: "set it")
      ])
    return record
  }()

  private func report() throws -> Report {
    let finding = Finding(
      rule: "model-drift", severity: .error, engine: Self.record.engines[0].engine, step: .models,
      objects: [SampleRecord.phone.id], file: "app.py", line: 5, message: "they differ",
      evidence: Evidence(
        difference: SampleRecord.difference, opinions: ["autogenerate does not see it"]))
    return try SampleRecord.report(Self.record, findings: [finding])
  }

  @Test func `what models say is in the report, read back and as its schema has it`() throws {
    let json = try report().json
    let again = try Report(json: json, name: "report.json")
    #expect(again.record.engines[0].parity == Self.record.engines[0].parity)
    #expect(again.judgement.findings.first?.evidence.opinions == ["autogenerate does not see it"])
    let file = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-models")
    defer { try? Files.removeTree(file) }
    try Files.write(json, to: file / "report.json")
    let script = """
      import json, sys, jsonschema
      validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
      print([e.json_path + ": " + e.message[:200] for e in validator.iter_errors(json.load(open(sys.argv[2])))])
      """
    let schema = (PackageFiles.root / "docs/report.schema.json").text
    let answer = try PackageFiles.python(script, [schema, (file / "report.json").text])
    #expect(answer.hasPrefix("[]"), "\(answer)")
  }

  @Test func `a drift is a failure of the group of models, with autogenerate's opinion`() throws {
    let report = try report()
    let text = try report.junit()
    #expect(text.contains("stairway.sqlite.models") || text.contains("stairway.postgresql.models"))
    #expect(text.contains("name=\"the models\""))
    #expect(text.contains("autogenerate does not see it"))
  }

  private func remarks(
    _ opinion: ToolsOpinion? = nil, _ steps: ParityStep...
  ) throws -> [String] {
    var record = SampleRecord.clean
    record.engines[0].parity = ParityRecord(steps: steps)
    record.engines[0].parity?.models = ModelsRecord(toolsOpinion: opinion)
    return Remarks(report: try SampleRecord.report(record, findings: [])).all.map(\.text)
  }

  @Test func `where autogenerate alone objects, or raises, it is said`() throws {
    let operation = ToolsOperation(
      kind: "alter_column", table: "users", name: "phone", changes: ["type"],
      code: "op.alter_column('users',\n  'phone')")
    let idle = ToolsOpinion(comparesTypes: true, comparesDefaults: true, others: [operation])
    #expect(
      try remarks(idle).contains {
        $0.hasSuffix(
          "autogenerate proposes op.alter_column('users', 'phone'), though nothing that models can say "
            + "differs there; `alembic check` fails all the same")
      })
    let raising = ToolsOpinion(
      comparesTypes: true, comparesDefaults: true,
      failure: StepFailure(type: "KeyError", message: "'skip'"))
    #expect(
      try remarks(raising).contains {
        $0.hasSuffix("autogenerate raises, and `alembic check` with it: 'skip'")
      })
    let silent = ToolsOpinion(comparesTypes: true, comparesDefaults: true)
    #expect(try remarks(silent) == (try remarks()))
  }

  @Test func `why printed SQL was not compared is said, unless it is a finding or a setting`()
    throws
  {
    func step(
      _ name: StepName, _ reason: String, _ unprintable: [Unprintable] = []
    ) -> ParityStep {
      ParityStep(StepRecord(name, outcome: .skipped(reason)), unprintable: unprintable)
    }
    let other = step(.printedUpgrade, "env.py prints SQL of postgresql")
    #expect(
      try remarks(nil, other).contains {
        $0.hasSuffix("what `upgrade --sql` prints is not compared: env.py prints SQL of postgresql")
      })
    let off = step(.printedUpgrade, "switched off by the setting `offline: false`")
    let refused = step(
      .printedUpgrade, "not every revision can be printed",
      [Unprintable(revision: "bbb2", failure: SampleRecord.failure)])
    for quiet in [off, refused] { #expect(try remarks(nil, quiet) == (try remarks())) }
  }
}
