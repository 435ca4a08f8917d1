package import Platform

/// The Python that runs a project's migrations.
package struct PythonInterpreter: Sendable, Hashable {
  /// How it was come by.
  package enum Origin: Sendable, Hashable, CustomStringConvertible {
    case settings
    case virtualEnvironmentVariable
    case folder(String)
    case searchPath

    package var description: String {
      switch self {
      case .settings: "named by --python or the configuration"
      case .virtualEnvironmentVariable: "from $VIRTUAL_ENV"
      case .folder(let name): "found in \(name)"
      case .searchPath: "found on PATH"
      }
    }
  }

  package let path: Path
  package let origin: Origin
  /// Like `3.11.7`.
  package let version: String

  /// Finds it: named, active, in the project's `.venv` or `venv`, else `python3`.
  /// - Parameter folders: where virtual environments are looked for, in this order.
  /// - Throws: `ProjectError` `no-python`, also where it is too old.
  package init(
    named: Path?, folders: [Path], environment: [String: String]
  ) throws {
    let (path, origin) = try Self.find(named: named, folders: folders, environment: environment)
    self.path = path
    self.origin = origin
    let answer = try? ChildProcess.run(
      Launch(path.text, ["-V"], environment: environment), seconds: 60)
    let words = ((answer?.output ?? "") + (answer?.errors ?? "")).split(
      whereSeparator: \.isWhitespace)
    guard let answer, answer.isSuccess, words.first == "Python", words.count > 1 else {
      throw ProjectError(
        .noPython, "\(path), \(origin), cannot be run as a Python",
        fix: "name the project's Python with --python", output: answer?.errors)
    }
    version = String(words[1])
    let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
    guard numbers.count == 2, (numbers[0], numbers[1]) >= (3, 8) else {
      throw ProjectError(
        .noPython, "\(path), \(origin), is Python \(version); Python 3.8 or later is needed",
        fix: "name another with --python")
    }
  }

  private static func find(
    named: Path?, folders: [Path], environment: [String: String]
  ) throws -> (Path, Origin) {
    if let named {
      let paths = [named, named / "bin/python", named / "bin/python3"]
      for path in paths {
        if let found = Files.executable(named: path.text, searchPath: environment["PATH"] ?? "") {
          return (found, .settings)
        }
      }
      if let link = paths.first(where: { Files.target(ofLink: $0) != nil }) {
        throw ProjectError(
          .noPython,
          "\(link) leads to \(Files.target(ofLink: link) ?? ""), which is not there or may not be run",
          fix: "make the virtual environment anew with `python3 -m venv --clear`, or name another")
      }
      throw ProjectError(
        .noPython, "there is no Python at \(named)",
        fix: "correct --python or `alembic: {python: …}` in stairway.yml")
    }
    if let active = environment["VIRTUAL_ENV"], !active.isEmpty,
      let found = python(in: Path(active))
    {
      return (found, .virtualEnvironmentVariable)
    }
    for folder in folders {
      for name in [".venv", "venv"] {
        if let found = python(in: folder / name) { return (found, .folder(name)) }
      }
    }
    for name in ["python3", "python"] {
      if let found = Files.executable(named: name, searchPath: environment["PATH"] ?? "") {
        return (found, .searchPath)
      }
    }
    throw ProjectError(
      .noPython,
      "no Python was found: no active virtual environment, no .venv or venv in the "
        + "project, no python3 on PATH",
      fix: "make one with `python3 -m venv .venv` and install the project's requirements in it, "
        + "or name it with --python")
  }

  private static func python(in virtualEnvironment: Path) -> Path? {
    ["bin/python", "bin/python3"].lazy.map { virtualEnvironment / $0 }
      .first { Files.executable(named: $0.text, searchPath: "") != nil }
  }
}
