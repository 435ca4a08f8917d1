import Databases
import Glibc
import History
import Platform
import Projects
import Testing

@Suite struct PythonInterpreterTests {
  /// What says where the Python is, from the strongest down, and what is expected of it.
  @Test(
    arguments: [
      ("named", "active", [".venv", "venv"], PythonInterpreter.Origin.settings, "named"),
      (nil, "active", [".venv", "venv"], .virtualEnvironmentVariable, "active"),
      (nil, nil, [".venv", "venv"], .folder(".venv"), ".venv"),
      (nil, nil, ["venv"], .folder("venv"), "venv"), (nil, nil, [], .searchPath, "path"),
      (nil, "gone", ["venv"], .folder("venv"), "venv"),
    ] as [(String?, String?, [String], PythonInterpreter.Origin, String)])
  func `the nearest Python is taken`(
    _ named: String?, _ active: String?, _ folders: [String], _ origin: PythonInterpreter.Origin,
    _ expected: String
  ) throws {
    let project = try TemporaryProject([:])
    for place in ["named", "active", "path"] + folders {
      try write(in: project.folder / "\(place)/bin", "3.11.4")
    }
    var environment = ["PATH": (project.folder / "path/bin").text + ":/usr/bin:/bin"]
    environment["VIRTUAL_ENV"] = active.map { (project.folder / $0).text }
    let python = try PythonInterpreter(
      named: named.map { project.folder / $0 / "bin/python" }, folders: [project.folder],
      environment: environment)
    #expect(python.origin == origin)
    #expect(python.path.parent.parent == project.folder / expected)
    #expect(python.version == "3.11.4")
  }

  private func write(in folder: Path, _ version: String) throws {
    try Files.makeFolder(folder)
    for name in ["python", "python3"] {
      try Files.write("#!/bin/sh\necho Python \(version)\n", to: folder / name, mode: 0o755)
    }
  }

  @Test func `where there is none, the error says how to get one`() throws {
    let error = #expect(throws: ProjectError.self) {
      try PythonInterpreter(named: nil, folders: [], environment: ["PATH": "/nonexistent"])
    }
    #expect(error?.code == .noPython)
    #expect(error?.fix?.contains("python3 -m venv .venv") == true)
  }

  @Test func `a named Python that is not there is an error`() throws {
    let error = #expect(throws: ProjectError.self) {
      try PythonInterpreter(named: "/nonexistent/python", folders: [], environment: [:])
    }
    #expect(error?.code == .noPython)
    #expect(error?.message.contains("/nonexistent/python") == true)
  }

  @Test func `a virtual environment whose Python is gone is told apart from none`() throws {
    let project = try TemporaryProject([:])
    try Files.makeFolder(project.folder / "bin")
    let link = project.folder / "bin/python"
    #expect(symlink("/nonexistent/python3.8", link.text) == 0)
    for named in [project.folder, link] {
      let error = #expect(throws: ProjectError.self) {
        try PythonInterpreter(named: named, folders: [], environment: [:])
      }
      #expect(error?.code == .noPython)
      #expect(error?.message.hasPrefix("\(link) leads to /nonexistent/python3.8, which") == true)
      #expect(error?.fix?.contains("venv --clear") == true)
    }
  }

  @Test func `a Python that is too old, or none at all, is refused`() throws {
    let project = try TemporaryProject([:])
    try write(in: project.folder / "bin", "3.6.9")
    let old = #expect(throws: ProjectError.self) {
      try PythonInterpreter(named: project.folder, folders: [], environment: [:])
    }
    #expect(old?.message.contains("Python 3.6.9; Python 3.8 or later is needed") == true)
    try Files.write("#!/bin/sh\nexit 1\n", to: project.folder / "bin/python", mode: 0o755)
    let broken = #expect(throws: ProjectError.self) {
      try PythonInterpreter(named: project.folder, folders: [], environment: [:])
    }
    #expect(broken?.code == .noPython)
  }

  @Test func `a Python without Alembic is an error with the command that mends it`() throws {
    let project = try TemporaryProject(.table("a1"))
    let bare = project.folder / "bare/bin/python"
    try Files.makeFolder(bare.parent)
    try Files.write(
      "#!/bin/sh\nexec \(try TestPython.path()) -S -I \"$@\"\n", to: bare, mode: 0o755)
    let error = #expect(throws: ProjectError.self) {
      try project.project({ $0.python = bare }).history()
    }
    #expect(error?.code == .missingPackage)
    #expect(error?.message.contains("alembic is not installed") == true)
    #expect(error?.fix?.hasSuffix("-m pip install alembic") == true)
  }

  @Test(.enabled(if: systemIsManaged, "the system's Python is none that keeps pip out"))
  func `where the system keeps pip out of its Python, the project's own is asked for`() throws {
    let project = try TemporaryProject(.table("a1"))
    let bare = project.folder / "bare/bin/python"
    try Files.makeFolder(bare.parent)
    try Files.write("#!/bin/sh\nexec /usr/bin/python3 -S -I \"$@\"\n", to: bare, mode: 0o755)
    let error = #expect(throws: ProjectError.self) {
      try project.project({ $0.python = bare }).history()
    }
    #expect(error?.code == .missingPackage)
    #expect(error?.fix?.hasPrefix("activate the project's virtual environment, or") == true)
    #expect(error?.fix?.contains("STAIRWAY_PYTHON") == true)
    #expect(error?.fix?.contains("pip") == false)
  }

  /// As on Debian 12 and Ubuntu 24.04 (PEP 668).
  private static var systemIsManaged: Bool {
    let folders = ((try? Files.names(in: "/usr/lib")) ?? []).filter { $0.hasPrefix("python3.") }
    return Files.exists("/usr/bin/python3")
      && folders.contains { Files.exists(Path("/usr/lib") / "\($0)/EXTERNALLY-MANAGED") }
  }

  @Test(arguments: [
    ("postgresql://user@host/app", [:], ProjectError.Code.missingDriver),
    ("sqlite:///app.db", ["DATABASE_URL": "postgres://user@host/app"], .missingDriver),
    ("sqlite:///app.db", [:], .otherEngine),
    ("driver://user:pass@localhost/dbname", [:], .otherEngine),
  ]) func `a Python without a driver is an error with the command that mends it`(
    url: String, variables: [String: String], code: ProjectError.Code
  ) throws {
    let project = try TemporaryProject(
      ini: Sample.ini(url: url),
      environment: """
        import importlib.util
        find = importlib.util.find_spec
        drivers = ('psycopg2', 'psycopg', 'pg8000', 'asyncpg')
        importlib.util.find_spec = lambda name, *rest: None if name in drivers else find(name, *rest)

        """ + Sample.environment, .table("a1"), on: .postgresql)
    let error = #expect(throws: ProjectError.self) { try project.session(variables: variables) }
    #expect(error?.code == code)
    #expect(error?.message.contains("no driver for PostgreSQL is installed") == true)
    #expect(error?.fix?.hasSuffix("-m pip install psycopg2-binary") == true)
  }
}
