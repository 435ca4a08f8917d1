import Platform
import Testing

@Suite struct SettingsFileTests {
  @Test(arguments: [
    ("engine: [sqlite]", "stairway.yml:1: unknown key 'engine'; did you mean 'engines'?"),
    (
      "engines: {a: b}",
      "stairway.yml:1: 'engines' expects a list out of sqlite, postgresql, not a mapping"
    ),
    (
      "fail-on: sometimes",
      "stairway.yml:1: 'fail-on' expects one of warning, error, not 'sometimes'"
    ),
    (
      "alembic:\n  confg: x",
      "stairway.yml:2: unknown key in 'alembic': 'confg'; did you mean 'config'?"
    ),
    (
      "allow:\n- rule: missing-downgrade",
      "stairway.yml:2: the allowance of missing-downgrade needs a reason"
    ),
    ("engines: [sqlite", "stairway.yml:"),
  ])
  func `a mistake in the settings is named with its line, and nothing is started`(
    yaml: String, sentence: String
  ) throws {
    let project = try SampleProject()
    try project.folder.write(yaml, to: "stairway.yml")
    let answer = try project.stairway().run("verify", "--python", "/nowhere/python")
    #expect(answer.status == 4)
    #expect(answer.errors.contains(sentence), "\(answer.errors)")
    #expect(!Files.exists(project.path / "reports"))
  }

  @Test func `a folder in the place of the settings is no missing file`() throws {
    let project = try SampleProject()
    try Files.makeFolder(project.path / "stairway.yml")
    let answer = try project.stairway().run("verify", "--python", "/nowhere/python")
    #expect(answer.status == 4)
    #expect(
      answer.errors.contains(
        "error[unreadable-settings]: stairway.yml: the settings file cannot be read"),
      "\(answer.errors)")
    #expect(answer.errors.contains("fix: make it a file that you may read"), "\(answer.errors)")
  }

  @Test func `fixtures that the settings name and that are not there are no fixtures left out`()
    throws
  {
    let project = try SampleProject()
    try project.folder.write("engines: [sqlite]\nfixtures: rows/here\n", to: "stairway.yml")
    let python = try Stairway.python().text
    let answer = try project.stairway().run("verify", "--python", python)
    #expect(answer.status == 4)
    #expect(
      answer.errors.contains(
        "error[no-fixtures]: stairway.yml:2: there is no folder rows/here with fixtures"),
      "\(answer.errors)")
    #expect(try project.stairway().run("verify", "--python", python, "--rows=none").status == 0)
  }

  @Test func `settings in pyproject.toml are read, and their mistakes have a line`() throws {
    let project = try SampleProject()
    try project.folder.write(
      "[project]\nname = \"x\"\n\n[tool.stairway]\nengins = [\"sqlite\"]\n", to: "pyproject.toml")
    let answer = try project.stairway().run("verify", "--python", Stairway.python().text)
    #expect(answer.status == 4)
    #expect(
      answer.errors.contains("pyproject.toml:5: unknown key 'engins'; did you mean 'engines'?"),
      "\(answer.errors)")
  }

  @Test func `a mistake that holds an address is told without the password`() throws {
    let project = try SampleProject()
    let address = "postgresql://ann:s3cret@db/shop"
    try project.folder.write("postgresql: \"\(address)\"\n", to: "stairway.yml")
    for arguments in [[], ["--engine", address], ["--since", address]] {
      let answer = try project.stairway().run(
        ["verify", "--python", Stairway.python().text] + arguments)
      #expect(answer.status == 4)
      #expect(!(answer.output + answer.errors).contains("s3cret"), "\(answer.errors)")
      try? Files.remove(project.path / "stairway.yml")
    }
  }

  @Test func `stairway.yml stands above pyproject.toml`() throws {
    let project = try SampleProject()
    try project.folder.write("[tool.stairway]\nnonsense = 1\n", to: "pyproject.toml")
    try project.folder.write("engines: [sqlite]\n", to: "stairway.yml")
    let answer = try project.stairway().run("verify", "--python", Stairway.python().text)
    #expect(answer.status == 0, "\(answer.errors)")
  }

  @Test func `an allowance beside the code declares its finding`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')",
      down: "raise NotImplementedError()  # stairway: allow missing-downgrade because it is meant")
    let answer = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.says("because it is meant"))
  }

  @Test func `an allowance without a reason is a mistake at its line`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "pass  # stairway: allow missing-downgrade", down: "pass")
    let answer = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text)
    #expect(answer.status == 4)
    #expect(
      answer.errors.contains("migrations/versions/3c.py:10: an allowance needs a reason"),
      "\(answer.errors)")
  }
}
