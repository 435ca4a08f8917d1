import Databases
import Schemas
import Walks

/// The application makes tables by itself, and the migrations then meet them.
struct CreateAllConflict: Rule {
  let name: RuleName = "create-all-conflict"
  let severity = Severity.error
  let summary = "tables that the application makes stand in the way of the migrations"
  let explanation = """
    The application was started on an empty database, as a deployment does that starts it before it \
    migrates (or a container whose entrypoint does both), and made tables by itself: \
    `create_all()`, be it in what Flask calls before a request. The upgrade after it failed, since the tables are there and no version is \
    recorded, or it went on and left another schema than the migrations make.
    """
  let mend = """
    Let the migrations alone make the schema: take `create_all()` out of the application's start, or \
    keep it for tests. A database that was already made so is told to be migrated with \
    `alembic stamp head` (`flask db stamp head`), once its schema is the one of the heads.
    """

  let triggering = RuleExample(
    """
    def create_app():
        app = Flask(__name__)
        db.init_app(app)
        with app.app_context():
            db.create_all()
        return app
    """,
    .example(
      .postgresql, beside: .example(.earlyStart, change: .added(.table, "mood")),
      .example(
        .lateUpgrade,
        .failed(
          StepFailure(
            type: "sqlalchemy.exc.ProgrammingError", message: #"relation "mood" already exists"#,
            sqlState: "42P07", statement: "CREATE TABLE mood (id SERIAL PRIMARY KEY)")))))
  let passing = RuleExample(
    """
    def create_app():
        app = Flask(__name__)
        db.init_app(app)
        return app
    """, .example(.postgresql, beside: .example(.earlyStart)))

  func findings(in run: JudgedRun) -> [Finding] {
    run.besides(.lateUpgrade).compactMap { late in
      guard let early = late.engine.parity?.step(.earlyStart)?.record,
        let what = consequence(of: late.step)
      else { return nil }
      let tables = early.change.changes.filter { $0.before == nil && $0.id.kind == .table }
      let application = late.engine.parity?.application ?? "the application"
      var evidence = Evidence(difference: late.step.difference)
      if case .failed(let failure) = late.step.record.outcome { evidence = failure.evidence }
      // The application's own line is the place to mend; the revision only meets what is there.
      let maker = early.statements.lazy.filter { $0.error == nil }.compactMap(\.sender).first
      if let maker { evidence.frames = [maker] }
      return run.finding(
        self, engine: late.engine.engine, revision: late.step.record.stoppedAt, step: .lateUpgrade,
        objects: tables.map(\.id),
        message: "\(application) makes \(words(tables.map(\.id))) on an empty database, and "
          + what,
        evidence: evidence,
        fix:
          "take \(maker?.tableMaker ?? "create_all()") out of the application's start, so that the "
          + "migrations alone make the schema; a database that has the heads' schema already is recorded as migrated by "
          + "`alembic stamp head` (`flask db stamp head`)")
    }
  }

  /// What comes of the tables when the migrations are run; nil where all is well.
  private func consequence(of late: ParityStep) -> String? {
    switch late.record.outcome {
    case .failed(let failure): return "the upgrade after it fails: \(failure.message)"
    case .succeeded:
      guard let difference = late.difference?.structural(besides: []), !difference.isEmpty else {
        return nil
      }
      return "the upgrade after it leaves another schema than the migrations make: "
        + difference.phrase(added: "added")
    default: return nil
    }
  }

  private func words(_ tables: [ObjectID]) -> String {
    guard tables.count != 1 else { return tables[0].title }
    let names = tables.prefix(3).map(\.qualifiedName)
    return tables.isEmpty
      ? "objects of its own"
      : "\(tables.count) tables (\(names.joined(separator: ", "))\(tables.count > 3 ? ", …" : ""))"
  }
}

extension Frame {
  /// The call that makes tables there, as it is written, where it is no `create_all()`.
  fileprivate var tableMaker: String {
    code.isEmpty || code.contains("create_all(") ? "create_all()" : "`\(code)`"
  }
}
