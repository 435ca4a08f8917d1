import FoundationEssentials
import Platform

/// The packages that a project's migrations need, as its Python has them installed.
package struct PythonPackages: Sendable, Hashable {
  /// Versions by the package's name, of those that are installed.
  package let versions: [String: String]

  /// The tools, the frameworks that come with them, and the drivers of both engines.
  package static let asked = [
    "alembic", "sqlalchemy", "flask", "flask-sqlalchemy", "flask-migrate", "sqlmodel", "psycopg2",
    "psycopg2-binary", "psycopg", "asyncpg", "pg8000", "aiosqlite",
  ]

  /// Asks the Python for what it has installed; nothing of it is imported.
  /// - Throws: `ProjectError` `worker-failed` where it cannot tell.
  package init(of python: PythonInterpreter, environment: [String: String]) throws {
    let launch = Launch(
      python.path.text, ["-c", Self.question] + Self.asked, environment: environment)
    let answer = try? ChildProcess.run(launch, seconds: 60)
    guard let answer, answer.isSuccess,
      let found = try? JSONDecoder().decode([String: String].self, from: Data(answer.output.utf8))
    else {
      throw ProjectError(
        .workerFailed, "\(python.path) does not tell which packages it has", output: answer?.errors)
    }
    versions = found
  }

  private static let question = """
    import importlib.metadata as metadata, json, sys
    found = {}
    for name in sys.argv[1:]:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    json.dump(found, sys.stdout)
    """
}
