package import Platform

/// Which files of a project say where its migrations are.
package struct AlembicLayout: Sendable, Hashable {
  /// The ini file; nil where the project has none.
  package let ini: Path?
  /// A `pyproject.toml` with a `[tool.alembic]` table, which Alembic 1.16 and later reads.
  package let toml: Path?

  /// The folder of the file that was found; nil where a function of the project makes the `Config`.
  package var folder: Path? { (ini ?? toml)?.parent }

  /// Whether the history is Flask-Migrate's: its `env.py` lies beside the ini and asks for the
  /// current application.
  package var usesFlask: Bool {
    guard let beside = ini?.parent, let text = try? Files.text(of: beside / "env.py") else {
      return false
    }
    return text.contains("current_app")
  }

  /// Finds them.
  /// - Throws: `ProjectError` where there are none, or so many that the user has to choose.
  package init(_ settings: AlembicSettings) throws {
    if let config = settings.config.map({ settings.folder / $0.text }) {
      guard Files.isFile(config) else {
        throw ProjectError(
          .brokenConfiguration, "the configuration names \(config) but there is no such file",
          fix: "correct `alembic: {config: …}` in stairway.yml")
      }
      self.init(config)
      return
    }
    let found = Self.candidates(in: settings.folder)
    if let only = found.first, found.count == 1 {
      self.init(only)
    } else if found.isEmpty {
      guard settings.configure != nil || settings.app != nil else {
        throw ProjectError(
          .noMigrations,
          "no migrations were found in \(settings.folder): there is no alembic.ini, "
            + "migrations/alembic.ini or pyproject.toml with [tool.alembic]",
          fix: "name the project's folder, or `alembic: {config: …}` in stairway.yml; "
            + "`alembic init migrations` or `flask db init` starts a history")
      }
      self.init(ini: nil, toml: nil)
    } else {
      let names = found.map { $0.relative(to: settings.folder).text }
      let more = names.count > 10 ? " and \(names.count - 10) more" : ""
      throw ProjectError(
        .brokenConfiguration,
        "several histories were found in \(settings.folder): "
          + names.prefix(10).joined(separator: ", ") + more,
        fix: "name the one to verify: `alembic: {config: \(names[0])}` in stairway.yml")
    }
  }

  private init(ini: Path?, toml: Path?) {
    self.ini = ini
    self.toml = toml
  }

  private init(_ file: Path) {
    if file.name.hasSuffix(".toml") {
      self.init(ini: nil, toml: file)
    } else {
      let beside = file.parent / "pyproject.toml"
      self.init(ini: file, toml: Self.speaksOfAlembic(beside) ? beside : nil)
    }
  }

  /// Whether the folder looks like a project of this adapter.
  static func isPresent(in folder: Path) -> Bool { !candidates(in: folder).isEmpty }

  /// The files found in the folder itself, else in the folders below it, the nearest: Flask-Migrate may
  /// have been given any folder.
  private static func candidates(in folder: Path) -> [Path] {
    var folders = [folder]
    for _ in 0...depth {
      let found = folders.flatMap(histories)
      if !found.isEmpty { return found }
      folders = folders.flatMap(foldersBelow)
    }
    return []
  }

  /// How far below the project's folder a history is looked for.
  private static let depth = 3

  private static func foldersBelow(_ folder: Path) -> [Path] {
    let names = (try? Files.names(in: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") && !foreign.contains($0) }
      .map { folder / $0 }.filter {
        Files.isFolder($0) && Files.target(ofLink: $0) == nil && !Files.exists($0 / "pyvenv.cfg")
      }
  }

  /// Folders that hold other people's code.
  private static let foreign: Set<String> = [
    "venv", "env", "node_modules", "site-packages", "build", "dist", "__pycache__",
  ]

  private static func histories(in folder: Path) -> [Path] {
    let inis = ["alembic.ini", "migrations/alembic.ini", "alembic/alembic.ini"]
      .map { folder / $0 }.filter(Files.isFile)
    if !inis.isEmpty { return inis }
    let toml = folder / "pyproject.toml"
    return speaksOfAlembic(toml) ? [toml] : []
  }

  private static func speaksOfAlembic(_ toml: Path) -> Bool {
    guard Files.isFile(toml), let text = try? Files.text(of: toml) else { return false }
    return text.split(separator: "\n").contains { $0.hasPrefix("[tool.alembic]") }
  }
}
