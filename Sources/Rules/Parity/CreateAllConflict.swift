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
    recorded, or it went on and left another schema than the migrations make. The same is told of an \
    `env.py` that makes tables before the revisions do.
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
    ofEnvironment(in: run) + ofApplication(in: run)
  }

  /// env.py makes a table before the revision that is to make it.
  private func ofEnvironment(in run: JudgedRun) -> [Finding] {
    run.failures(.approach, .upgrade, .ascent).compactMap { failed in
      guard let maker = run.environmentStatement(behind: failed), let sender = maker.sender,
        let name = StatementWords(maker).madeTable
      else { return nil }
      var evidence = failed.failure.evidence
      evidence.frames = [sender]
      return run.finding(
        self, engine: failed.engine, revision: failed.revision, step: failed.step.name,
        objects: [ObjectID(.table, [Identifier(name)])],
        message: "\(sender.file) makes table \(name) by itself whenever it is run, and "
          + "\(failed.step.name.subject) then fails: \(failed.failure.message)",
        evidence: evidence, fix: fix(takingOut: sender.tableMaker, of: sender.file))
    }
  }

  private func fix(takingOut maker: String, of place: String) -> String {
    "take \(maker) out of \(place), so that the migrations alone make the schema; a database that has "
      + "the heads' schema already is recorded as migrated by `alembic stamp head` (`flask db stamp "
      + "head`)"
  }

  private func ofApplication(in run: JudgedRun) -> [Finding] {
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
        fix: fix(takingOut: maker?.tableMaker ?? "create_all()", of: "the application's start"))
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

extension JudgedRun {
  /// The statement by which env.py made the table that an upgrade then met; nil where that is not why the
  /// upgrade failed.
  func environmentStatement(behind failed: FailedStep) -> Statement? {
    guard failed.failure.message.contains("already exists"), let sql = failed.failure.statement,
      let table = StatementWords(Statement(sql: sql, duration: 0)).madeTable
    else { return nil }
    let engine = record.engines.first { $0.engine == failed.engine }
    return engine?.environmentStatements.first {
      $0.sender != nil && $0.error == nil && StatementWords($0).madeTable == table
    }
  }
}

extension Frame {
  /// The call that makes tables there, as it is written, where it is no `create_all()`.
  fileprivate var tableMaker: String {
    code.isEmpty || code.contains("create_all(") ? "create_all()" : "`\(code)`"
  }
}
