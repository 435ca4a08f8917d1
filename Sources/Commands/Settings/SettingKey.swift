import Reports
import Walks

/// One setting: what a file may say, what stands above the file, and what the documentation tells.
///
/// The table of all keys is what files are checked by, variables are read by and
/// `docs/configuration.md` is held against.
struct SettingKey: Sendable, Hashable {
  /// What a value has to look like.
  enum Kind: Sendable, Hashable {
    case text
    case choice([String])
    /// A list of these names; a single one may stand without brackets.
    case choices([String])
    /// Names with a text each.
    case texts
    /// Names of rules with a severity each.
    case severities
    case allowances
    /// Revisions with a reason each.
    case reasons
    /// A number of seconds above nought.
    case seconds
    /// A length of time with its unit.
    case duration
    /// From nought to 2^64 - 1.
    case wholeNumber
    /// True or false.
    case flag

    /// What a sentence about a wrong type says was expected.
    var expectation: String {
      switch self {
      case .text: "text"
      case .choice(let names): "one of " + names.joined(separator: ", ")
      case .choices(let names): "a list out of " + names.joined(separator: ", ")
      case .texts: "a mapping of names to texts"
      case .seconds: "a number of seconds"
      case .duration: DurationText.expectation
      case .wholeNumber: "a whole number"
      case .flag: "true or false"
      case .reasons: "a mapping of revisions to reasons"
      case .severities: "a mapping of rules to note, warning or error"
      case .allowances: "a list of allowances, each with a rule and a reason (because)"
      }
    }
  }

  /// Its place in the file, sections before it: `alembic.config`.
  let path: String
  let kind: Kind
  /// The flag that stands above everything, as `verify` takes it.
  let flag: String?
  /// The environment variable that stands above the file.
  let variable: String?
  /// A variable of the project's own tool, which holds where nobody says anything.
  let borrowed: String?
  /// What holds where nobody says anything, in words.
  let standard: String
  /// One sentence for the documentation.
  let meaning: String

  init(
    _ path: String, _ kind: Kind, flag: String? = nil, variable: String? = nil,
    borrowed: String? = nil, standard: String, _ meaning: String
  ) {
    self.path = path
    self.kind = kind
    self.flag = flag
    self.variable = variable
    self.borrowed = borrowed
    self.standard = standard
    self.meaning = meaning
  }

  /// The section that it stands in; empty at the top.
  var section: String { path.contains(".") ? String(path.prefix { $0 != "." }) : "" }

  /// Its name within the section.
  var name: String { path.split(separator: ".").last.map(String.init) ?? path }
}

extension SettingKey {
  static func find(_ path: String) -> SettingKey? { all.first { $0.path == path } }

  /// Whether its value is a database's address, which may hold a password.
  var isAddress: Bool { path == "postgresql.server" }

  /// Every key there is, in the order of the documentation.
  static let all: [SettingKey] = [
    SettingKey(
      "engines", .choices(["sqlite", "postgresql"]), flag: "--engine",
      variable: "STAIRWAY_ENGINES",
      standard: "SQLite, and PostgreSQL where a server or its binaries can be found",
      "The engines to verify on."),
    SettingKey(
      "alembic.config", .text, variable: "STAIRWAY_ALEMBIC_CONFIG",
      standard: "alembic.ini, migrations/alembic.ini or pyproject.toml, whichever is found",
      "The configuration file of Alembic."),
    SettingKey(
      "alembic.section", .text, variable: "STAIRWAY_ALEMBIC_SECTION", standard: "alembic",
      "The section of that file, as `alembic --name`."),
    SettingKey(
      "alembic.configure", .text, variable: "STAIRWAY_ALEMBIC_CONFIGURE", standard: "none",
      "A function that returns Alembic's `Config`, as `package.module:function`, for projects without an ini."
    ),
    SettingKey(
      "alembic.app", .text, variable: "STAIRWAY_APP", borrowed: "FLASK_APP",
      standard: "$FLASK_APP, else as Flask finds it",
      "The Flask application, as `FLASK_APP` takes it."),
    SettingKey(
      "alembic.python", .text, flag: "--python", variable: "STAIRWAY_PYTHON",
      standard: "$VIRTUAL_ENV, .venv, venv, then python3 on PATH",
      "The Python that runs the migrations."),
    SettingKey(
      "alembic.environment", .texts, standard: "none",
      "Variables that the migrations see beside Stairway's own environment."),
    SettingKey(
      "alembic.x", .texts, standard: "none", "Arguments for `env.py`, as `alembic -x name=value`."),
    SettingKey(
      "alembic.start", .text, variable: "STAIRWAY_ALEMBIC_START", standard: "an empty database",
      "What the history starts from where that is no empty database: `create_all`, an SQL file, or a command."
    ),
    SettingKey(
      "alembic.step-timeout", .seconds, variable: "STAIRWAY_STEP_TIMEOUT", standard: "300",
      "How many seconds one revision may take in one direction before its process is given up. Loading the project, and starting its application, may take as long, and never less than 60."
    ),
    SettingKey(
      "postgresql.server", .text, flag: "--postgresql-server", variable: "STAIRWAY_POSTGRES_URL",
      standard: "a private cluster from the installed binaries",
      "A PostgreSQL server on which scratch databases may be created, as a URL. They are dropped at the end; roles that the migrations make are the server's own, and stay."
    ),
    SettingKey(
      "postgresql.binaries", .text, variable: "STAIRWAY_POSTGRES_BINARIES",
      standard: "the newest that is found in /usr/lib/postgresql, by pg_config or on PATH",
      "The folder of the PostgreSQL programs that a private cluster is made with."),
    SettingKey(
      "downgrade-floor", .text, variable: "STAIRWAY_DOWNGRADE_FLOOR", standard: "none",
      "A revision; older ones are not taken down."),
    SettingKey(
      "skip", .reasons, standard: "none",
      "Revisions that are recorded as applied and not run, each with the reason; those after them are tried without what they would have done."
    ),
    SettingKey(
      "since", .text, flag: "--since", variable: "STAIRWAY_SINCE", standard: "the whole history",
      "The branch that this one is to be merged into, or another commit: only revisions that are new or changed since then are verified, see docs/since.md. `--revisions` stands above it."
    ),
    SettingKey(
      "fail-on", .choice(["warning", "error"]), flag: "--fail-on", variable: "STAIRWAY_FAIL_ON",
      standard: "error", "The least severity of a finding that makes the exit status 1."),
    SettingKey(
      "severity", .severities, standard: "each rule's own", "A team's own weights, by rule."),
    SettingKey(
      "allow", .allowances, standard: "none",
      "Findings that are meant: each with `rule`, perhaps `revision` and `object`, and the reason as `because`."
    ),
    SettingKey(
      "report-dir", .text, flag: "--report-dir", variable: "STAIRWAY_REPORT_DIR",
      standard: "reports", "The folder that reports are written to."),
    SettingKey(
      "output-format", .choice(OutputFormat.allCases.map(\.rawValue)), flag: "--output-format",
      variable: "STAIRWAY_OUTPUT_FORMAT", standard: "full", "How findings are written."),
    SettingKey(
      "junit-dialect", .choice(JUnitDialect.allCases.map(\.rawValue)), flag: "--junit-dialect",
      variable: "STAIRWAY_JUNIT_DIALECT", standard: "default",
      "Whose JUnit XML is written: `strict` leaves out what the schema of Jenkins' xUnit plugin does not know."
    ),
    SettingKey(
      "fixtures", .text, variable: "STAIRWAY_FIXTURES", standard: "stairway/fixtures",
      "The folder of rows that the project provides; see docs/fixtures.md."),
    SettingKey(
      "rows", .choice(RowSupply.allCases.map(\.rawValue)), flag: "--rows",
      variable: "STAIRWAY_ROWS", standard: "typical",
      "What sort of rows are made up for tables that have none; `none`: the walk is made on empty tables."
    ),
    SettingKey(
      "seed", .wholeNumber, flag: "--seed", variable: "STAIRWAY_SEED", standard: "0",
      "What made-up rows are drawn from: the same seed makes up the same rows. It stands in report.json."
    ),
    SettingKey(
      "parity", .flag, variable: "STAIRWAY_PARITY", standard: "true",
      "Whether models, application, printed SQL and the tool's own commands are held against the schema at the heads; `false` for the walk alone, e.g. at each save."
    ),
    SettingKey(
      "offline", .flag, variable: "STAIRWAY_OFFLINE", standard: "true",
      "Whether the SQL that `upgrade --sql` and `downgrade --sql` print is run and compared; `false` for projects that never use it."
    ),
    SettingKey(
      "application", .text, variable: "STAIRWAY_APPLICATION",
      standard:
        "the Flask application, or a module that builds a FastAPI, Starlette, Litestar, Quart or Sanic one",
      "The application that is started on the scratch database before and after the migrations, as `package.module:attribute`; `none` for not at all. Of several databases that it has, only the migrated one is the scratch database (docs/decisions/0031-which-database-is-the-migrated-one.md)."
    ),
    SettingKey(
      "baseline", .text, flag: "--baseline", variable: "STAIRWAY_BASELINE",
      standard: "stairway-baseline.json in the project's folder, where there is one",
      "The file of findings that were there when the team began, as `stairway baseline` writes it; `none` for not at all. See docs/adoption.md."
    ),
    SettingKey(
      "rehearse.max-lock", .duration, flag: "--max-lock", variable: "STAIRWAY_MAX_LOCK",
      standard: "500ms",
      "How long a lock may keep others from a table in a rehearsal before it is a finding; see docs/rehearsal.md."
    ),
    SettingKey(
      "rehearse.max-step", .duration, flag: "--max-step", variable: "STAIRWAY_MAX_STEP",
      standard: "30s",
      "How long a revision may take in a rehearsal before it is a finding."),
    SettingKey(
      "rehearse.lock-timeout", .duration, flag: "--lock-timeout",
      variable: "STAIRWAY_LOCK_TIMEOUT", standard: "none",
      "The `lock_timeout` that the deploy sets, for the sessions of a rehearsal."),
    SettingKey(
      "rehearse.statement-timeout", .duration, flag: "--statement-timeout",
      variable: "STAIRWAY_STATEMENT_TIMEOUT", standard: "none",
      "The `statement_timeout` that the deploy sets, for the sessions of a rehearsal."),
    SettingKey(
      "rehearse.instances", .wholeNumber, flag: "--instances", variable: "STAIRWAY_INSTANCES",
      standard: "none",
      "How many upgrades a rehearsal starts at the same moment, 2 to 16."),
    SettingKey(
      "rehearse.interrupt", .flag, variable: "STAIRWAY_INTERRUPT", standard: "false",
      "Whether a rehearsal kills the upgrade after each of its statements, as `--interrupt` does."),
    SettingKey(
      "rehearse.max-interruptions", .wholeNumber, flag: "--max-interruptions",
      variable: "STAIRWAY_MAX_INTERRUPTIONS", standard: "100",
      "At how many places it is killed at most; of more they are taken evenly, and the report says how many."
    ),
  ]
}
