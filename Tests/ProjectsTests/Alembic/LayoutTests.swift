import History
import Platform
import Projects
import Testing
import Walks

@Suite struct LayoutTests {
  @Test(arguments: [
    (["alembic.ini"], "alembic.ini"), (["migrations/alembic.ini"], "migrations/alembic.ini"),
    (
      ["backend/migrations/alembic.ini", "frontend/package.json"], "backend/migrations/alembic.ini"
    ),
    (["api/alembic.ini"], "api/alembic.ini"),
    (["alembic.ini", "tools/alembic.ini"], "alembic.ini"),
    (["db/steps/alembic.ini", "db/steps/env.py", "a/b/c/d/alembic.ini"], "db/steps/alembic.ini"),
    (
      ["one/two/migrations/alembic.ini", "one/py311/pyvenv.cfg", "one/py311/alembic.ini"],
      "one/two/migrations/alembic.ini"
    ),
    (["alembic.ini", ".venv/alembic.ini", "venv/x/alembic.ini"], "alembic.ini"),
  ]) func `the ini is found, the nearest first`(_ files: [String], _ expected: String) throws {
    let project = try TemporaryProject(Dictionary(uniqueKeysWithValues: files.map { ($0, "") }))
    let layout = try AlembicLayout(AlembicSettings(folder: project.folder))
    #expect(layout.ini == project.folder / expected)
    #expect(AlembicProject.isPresent(in: project.folder))
  }

  @Test func `a pyproject with a table for Alembic is enough`() throws {
    let project = try TemporaryProject([
      "pyproject.toml":
        "[project]\nname = 'x'\n\n[tool.alembic]\nscript_location = '%(here)s/migrations'\n"
        + "prepend_sys_path = ['.']\n",
      "migrations/env.py": Sample.environment(engine: "create_engine('sqlite:///x.db')"),
      "migrations/versions/a1.py": Sample.table("a1").text,
    ])
    #expect(try AlembicLayout(AlembicSettings(folder: project.folder)).ini == nil)
    #expect(try project.project().history().revisions.map(\.id) == ["a1"])
    #expect(try project.session().step("a1", .up).isSuccess)
  }

  @Test func `several histories are named with the setting that chooses`() throws {
    let project = try TemporaryProject(["a/alembic.ini": "", "b/migrations/alembic.ini": ""])
    let error = #expect(throws: ProjectError.self) {
      try AlembicLayout(AlembicSettings(folder: project.folder))
    }
    #expect(error?.code == .brokenConfiguration)
    #expect(error?.message.contains("a/alembic.ini, b/migrations/alembic.ini") == true)
    #expect(error?.fix?.contains("alembic: {config: a/alembic.ini}") == true)
    let chosen = try AlembicLayout(
      AlembicSettings(folder: project.folder, config: "b/migrations/alembic.ini"))
    #expect(chosen.ini == project.folder / "b/migrations/alembic.ini")
  }

  @Test func `a folder without a history is an error with the next step`() throws {
    let project = try TemporaryProject(["README": ""])
    let error = #expect(throws: ProjectError.self) { try project.project() }
    #expect(error?.code == .noMigrations)
    #expect(error?.fix != nil)
    #expect(!AlembicProject.isPresent(in: project.folder))
  }

  @Test(arguments: [
    ("[alembic\nscript_location = migrations\n", "`[alembic` is neither", "alembic.ini:1"),
    ("[alembic]\nx = 1\nnonsense\n", "`nonsense` is neither", "alembic.ini:3"),
    ("[other]\nx = 1\n", "there is no section [alembic]", "alembic.ini:1"),
    (
      "[one]\nscript_location = a\n[two]\nscript_location = b\n",
      "there is no section [alembic], but [one], [two]", "alembic.ini:1"
    ),
    ("[alembic]\nscript_location = nowhere\n", "nowhere", "alembic.ini:2"),
    ("# ours\n[alembic]\nx = 1\n", "has no script_location", "alembic.ini:2"),
  ]) func `a broken alembic.ini is an error with its place`(
    _ ini: String, _ message: String, _ place: String
  ) throws {
    let project = try TemporaryProject(ini: ini, .table("a1"))
    let error = #expect(throws: ProjectError.self) { try project.project().history() }
    #expect(error?.code == .brokenConfiguration)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.place == place)
  }

  @Test(arguments: [
    ("pyproject.toml", "-m pip install -e "),
    ("README", "alembic: {environment: {PYTHONPATH: src}}"),
  ])
  func `a package of the project's own is not to be had from others`(
    _ file: String, _ fix: String
  ) throws {
    let project = try TemporaryProject(environment: "import shop_of_ours\n", .table("a1"))
    try Files.makeFolder(project.folder / "src/shop_of_ours")
    try Files.write("", to: project.folder / "src/shop_of_ours/__init__.py")
    try Files.write("", to: project.folder / file)
    let error = #expect(throws: ProjectError.self) { try project.session() }
    #expect(error?.message.contains("shop_of_ours, which lies in src and is not installed") == true)
    #expect(error?.fix?.contains(fix) == true, "\(error?.fix ?? "")")
  }

  @Test(arguments: [
    ("raise RuntimeError('broken')\n", "env.py raised RuntimeError: broken", "migrations/env.py:1"),
    ("def f(:\n", "env.py raised SyntaxError", "migrations/env.py:1"),
    ("x = 1\n", "without running the migrations", "migrations/env.py"),
    (
      "import os\nos.environ['SECRET_KEY']\n", "the environment variable SECRET_KEY",
      "migrations/env.py:2"
    ),
    ("import nothing_like_this\n", "which is not installed", "migrations/env.py:1"),
    (
      "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    secret_key: str\nS()\n",
      "needs settings that are not set: SECRET_KEY", "migrations/env.py:4"
    ),
  ]) func `an env.py that fails is an error with its place`(
    _ text: String, _ message: String, _ place: String
  ) throws {
    let project = try TemporaryProject(environment: text, .table("a1"))
    let error = #expect(throws: ProjectError.self) { try project.session() }
    #expect(error?.code == .environmentFails)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.place == place)
  }
}
