package import History
package import Platform

/// What a project says about its migrations, where they cannot be found by looking.
package struct AlembicSettings: Sendable, Hashable {
  /// The project's folder, absolute; relative paths below are taken from here.
  package var folder: Path
  /// The ini file, or a `pyproject.toml` with a `[tool.alembic]` table; nil to look for it.
  package var config: Path?
  /// The ini's section, as `alembic --name` takes it.
  package var section: String
  /// The Flask application, as `FLASK_APP` names it: `wsgi:app`, `app:create_app('testing')`.
  package var app: String?
  /// The application that is started beside the walk, as `package.module:attribute`; nil for the
  /// Flask application, or to look for it.
  package var application: String?
  /// The Python that runs the migrations; nil to look for it.
  package var python: Path?
  /// Variables that the migration process gets besides those of Stairway's own process.
  package var environment: [String: String]
  /// `package.module:function`, which takes nothing and returns the project's Alembic `Config`.
  package var configure: String?
  /// Where the history starts, unless with an empty database.
  package var start: Start?
  /// What `env.py` sees as `-x` arguments, each `name=value`.
  package var xArguments: [String]
  /// Revisions whose steps are recorded and not run.
  package var skipped: Set<RevisionID>
  /// Seconds that one order may take before the worker is given up.
  package var stepTimeout: Double
  /// Seconds that loading the project and starting its application may take at least: these are no
  /// steps, and a limit that is short for steps does not shorten them.
  package var shortestLoading = 60.0

  /// What is in the database before the first revision.
  package enum Start: Sendable, Hashable {
    /// The tables of the project's models.
    case createAll
    /// What this file of SQL makes.
    case sqlFile(Path)
    /// What this shell command makes, run with `DATABASE_URL` naming the scratch database.
    case command(String)
  }

  package init(
    folder: Path, config: Path? = nil, section: String = "alembic", app: String? = nil,
    application: String? = nil, python: Path? = nil, environment: [String: String] = [:],
    configure: String? = nil,
    start: Start? = nil, xArguments: [String] = [], skipped: Set<RevisionID> = [],
    stepTimeout: Double = 300
  ) {
    self.folder = folder
    self.config = config
    self.section = section
    self.app = app
    self.application = application
    self.python = python
    self.environment = environment
    self.configure = configure
    self.start = start
    self.xArguments = xArguments
    self.skipped = skipped
    self.stepTimeout = stepTimeout
  }

  var loadTimeout: Double { max(stepTimeout, shortestLoading) }
}
