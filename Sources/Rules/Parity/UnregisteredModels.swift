import Databases
import Rows
import Schemas
import Walks

/// A model that is not in what the project hands over to the tool.
struct UnregisteredModels: Rule {
  let name: RuleName = "unregistered-model"
  let severity = Severity.error
  let summary = "a model is not in what env.py hands over, so that autogenerate does not see it"
  let explanation = """
    Autogenerate compares the database with the metadata that `env.py` hands over, and in that are \
    only the models whose modules have been imported by then. A module of models that nobody imports \
    is not there: a revision made by autogenerate never makes its tables, and drops them where they \
    are. The same goes for the columns of a class that shares its parent's table, and for models on \
    another base than the one whose metadata is handed over.

    In a process of its own, after `env.py` was loaded as usual, the project's files were read for \
    models, and those that define some and were not loaded were imported. Tests, scripts, \
    documentation and migrations are not looked at. A module that cannot be imported is no finding; \
    the report says so.
    """
  let mend = """
    Import the module in `env.py`, or in the `__init__.py` of the package of models, which `env.py` \
    imports. With several bases, hand all of them over: `target_metadata = [Base.metadata, \
    Other.metadata]`. A model that is used no more goes, or is declared with `allow` and its reason.
    """

  let triggering = RuleExample(
    """
    # app/billing.py, which nobody imports
    class Invoice(Base):
        __tablename__ = "invoices"
        id = mapped_column(sa.Integer, primary_key=True)
    """, .unregistered([invoice]))
  let passing = RuleExample(
    """
    # migrations/env.py
    import app.billing  # noqa: F401
    from app.models import Base

    target_metadata = Base.metadata
    """, .unregistered([]))

  private static let invoice = UnregisteredModel(
    name: "invoices", model: "Invoice", module: "app.billing", file: "app/billing.py", line: 5,
    importer: .init(file: "migrations/env.py", code: "import app.billing  # noqa: F401"),
    isMigrated: true)

  /// The models are the same on every engine: told of the first that they were looked for on.
  func findings(in run: JudgedRun) -> [Finding] {
    guard let engine = run.record.engines.first(where: { $0.parity?.unregistered != nil }),
      let parity = engine.parity, let unregistered = parity.unregistered
    else { return [] }
    return unregistered.models.map { model in
      Finding(
        rule: name, severity: severity, engine: engine.engine, step: .models,
        objects: objects(
          model, DefaultSchema(parity.models?.defaultSchema, on: engine.engine)), file: model.file,
        line: model.line,
        message: message(model), fix: fix(model, parity.models?.place))
    }
  }

  /// Its table, or the columns that it adds to one that is another model's too.
  private func objects(_ model: UnregisteredModel, _ own: DefaultSchema) -> [ObjectID] {
    let table = own.table(model.name, in: model.schema)
    guard !model.columns.isEmpty else { return [table] }
    return model.columns.map {
      ObjectID(.column, schema: table.schema, table.path + [Identifier($0)])
    }
  }

  private func message(_ model: UnregisteredModel) -> String {
    let title = model.model.map { "model \($0)" } ?? "table \(model.name)"
    let columns = model.columns.map { "\(model.name).\($0)" }
    let what =
      columns.isEmpty
      ? "table \(model.name)" : "column\(columns.count > 1 ? "s" : "") \(columns.listed)"
    let effect =
      switch model.isMigrated {
      case true?: "would drop \(what)"
      case false?: "never makes \(what)"
      case nil: "does not see \(what)"
      }
    let module = model.module.map { "module \($0)" } ?? "its module"
    if model.isImported {
      return "\(title) hangs on a metadata that is not handed over, so that autogenerate \(effect)"
    }
    return
      "\(title) is not registered, for nobody imports \(module), so that autogenerate \(effect)"
  }

  private func fix(_ model: UnregisteredModel, _ place: SourcePlace?) -> String? {
    var steps: [String] = []
    if !model.isImported, let importer = model.importer {
      steps.append("add `\(importer.code)` to \(importer.file ?? "env.py")")
    }
    if !model.isHandedOver {
      let name = model.model ?? "Other"
      steps.append(
        "hand both over in \(place.map { "\($0.file):\($0.line)" } ?? "env.py"): "
          + "`target_metadata = […, \(name).metadata]`, with what stands there now for the dots")
    }
    return steps.isEmpty ? nil : steps.joined(separator: ", and ")
  }
}

extension RunRecord {
  fileprivate static func unregistered(_ models: [UnregisteredModel]) -> RunRecord {
    .example(.sqlite) { engine in
      engine.parity = ParityRecord(steps: [ParityStep(StepRecord(.models, outcome: .succeeded))])
      engine.parity?.models = ModelsRecord(place: SourcePlace(file: "migrations/env.py", line: 9))
      engine.parity?.unregistered = UnregisteredRecord(models: models)
    }
  }
}
