import FoundationEssentials
import Platform
import Testing

/// `stairway doctor`: what is there, from where, and what is missing, with the command that mends it.
@Suite struct DoctorTests {
  private func examine(
    _ project: SampleProject, _ arguments: [String]? = nil,
    environment: [String: String?] = [:]
  ) throws -> Stairway.Answer {
    let answer = try project.stairway(environment).run(
      ["doctor"] + (arguments ?? ["--python", Stairway.python().text]))
    #expect(answer.leftovers.isEmpty)
    return answer
  }

  private func lines(_ answer: Stairway.Answer, beginningWith name: String) -> [Substring] {
    answer.output.split(separator: "\n").filter { $0.hasPrefix(name) }
  }

  @Test
  func `a project that lacks nothing is told piece by piece, and none of its migrations is run`()
    throws
  {
    let project = try SampleProject()
    try project.addRevision("zz", after: nil, up: "raise RuntimeError('was run')", down: "pass")
    try project.folder.write(
      "fail-on: warning\nalembic: {environment: {SECRET: hunter2}}\n", to: "stairway.yml")
    let answer = try examine(project, environment: ["STAIRWAY_SEED": "7"])
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(lines(answer, beginningWith: "project ").first?.contains(project.path.text) == true)
    #expect(
      lines(answer, beginningWith: "history ").first?.contains("Alembic, by alembic.ini: ") == true)
    #expect(lines(answer, beginningWith: "settings ").first?.contains("stairway.yml") == true)
    #expect(answer.output.contains("fail-on: warning  (stairway.yml:1)"))
    #expect(answer.output.contains("seed: 7  (STAIRWAY_SEED)"))
    #expect(answer.output.contains("alembic.environment: SECRET  (stairway.yml:2)"))
    #expect(!answer.says("hunter2"))
    let python = try #require(lines(answer, beginningWith: "python ").first)
    #expect(python.contains("named by --python or the configuration"))
    #expect(answer.output.contains("alembic 1."))
    for (engine, driver) in [("sqlite", "pysqlite"), ("postgresql", "psycopg")] {
      let line = try #require(lines(answer, beginningWith: engine).first)
      #expect(line.contains("env.py is loaded with \(driver)"), "\(line)")
    }
    #expect(answer.output.contains("Target database is not up to date"))
    #expect(!answer.says("was run"))
  }

  @Test func `what is missing is told once, with its fix`() throws {
    let project = try SampleProject()
    try project.folder.write("import nowhere_to_be_found\n", to: "migrations/env.py")
    let answer = try examine(project)
    #expect(answer.status == 3)
    #expect(answer.output.contains("nowhere_to_be_found"))
    #expect(answer.output.split(separator: "\n").count { $0.hasPrefix("error[") } == 1)
    #expect(answer.output.contains("fix: "))
    #expect(
      lines(answer, beginningWith: "sqlite ").first?.contains("env.py cannot be loaded") == true)
  }

  @Test func `a folder without migrations and without a Python is told both`() throws {
    let folder = try TestFolder()
    let answer = try Stairway(folder: folder.path).run("doctor")
    #expect(answer.status == 3)
    #expect(answer.output.contains("error[no-migrations]"))
    #expect(answer.output.contains("no settings file; `stairway init` writes one"))
    #expect(lines(answer, beginningWith: "git ").first?.contains("repository") == true)
  }

  @Test func `a server that cannot be reached is told beside the engine that can`() throws {
    let project = try SampleProject()
    let answer = try examine(
      project,
      [
        "--python", Stairway.python().text, "--postgresql-server",
        "postgresql://me:hunter2@127.0.0.1:1/postgres",
      ])
    #expect(answer.status == 3)
    #expect(lines(answer, beginningWith: "sqlite ").first?.contains("is loaded with") == true)
    #expect(lines(answer, beginningWith: "postgresql ").first?.contains("cannot be had") == true)
    #expect(answer.output.contains("error[server-refused]"))
    #expect(!answer.says("hunter2"))
  }

  @Test func `another program reads it as JSON`() throws {
    let project = try SampleProject()
    let answer = try examine(
      project,
      ["--python", Stairway.python().text, "--engine", "sqlite", "--output-format", "json"])
    #expect(answer.status == 0, "\(answer.errors)")
    struct Document: Decodable {
      struct Engine: Decodable { let engine: String, version: String? }
      let schemaVersion: Int
      let engines: [Engine]
      let problems: [String]
    }
    let document = try JSONDecoder().decode(Document.self, from: Data(answer.output.utf8))
    #expect(document.schemaVersion == 1)
    #expect(document.engines.map(\.engine) == ["sqlite"])
    #expect(document.engines[0].version?.hasPrefix("3.") == true)
  }
}
