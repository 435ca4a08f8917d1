import Formats
import Platform
import Testing

/// What rows a run is made on, and what of them its reports may hold.
@Suite struct RowSettingsTests {
  private static func project() throws -> SampleProject {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: "op.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)')",
      down: "op.execute('DROP TABLE users')")
    try project.addRevision(
      "4d", after: "3c", up: "op.execute('UPDATE users SET name = name || 2')", down: "pass")
    return project
  }

  private struct Told: Decodable {
    struct Record: Decodable {
      let rows: String
      let seed: UInt64?
    }
    struct Finding: Decodable {
      struct Evidence: Decodable { let rows: [String] }
      let rule: String
      let evidence: Evidence
    }
    let record: Record
    let findings: [Finding]
  }

  private static func told(_ project: SampleProject, _ arguments: String...) throws -> Told {
    let answer = try project.stairway(["STAIRWAY_ROWS": "edge"]).run(
      ["verify", "--engine", "sqlite", "--python", try Stairway.python().text] + arguments)
    #expect(answer.status == 0 || answer.status == 1, "\(answer.output)\(answer.errors)")
    let report = project.path / "reports/report.json"
    return try JSONText.decode(Told.self, from: Files.text(of: report), name: report.text)
  }

  @Test func `--rows and --seed decide the rows, and the report says them`() throws {
    let project = try Self.project()
    let none = try Self.told(project, "--rows", "none", "--seed", "7")
    #expect(none.record.rows == "none")
    #expect(none.record.seed == nil)
    #expect(none.findings.isEmpty)
    func changed(_ told: Told) throws -> [String] {
      try #require(told.findings.first { $0.rule == "values-changed" }).evidence.rows
    }
    let first = try Self.told(project, "--rows", "typical")
    #expect(first.record.rows == "typical")
    #expect(first.record.seed == 0)
    let other = try Self.told(project, "--rows=typical", "--seed=7")
    #expect(other.record.seed == 7)
    #expect(try changed(first) != changed(other))
    #expect(try changed(other) == changed(Self.told(project, "--rows", "typical", "--seed", "7")))
    #expect(try Self.told(project).record.rows == "edge")
  }

  /// A migration that puts a value of a row into everything that it can.
  private static let telling = """
    connection = op.get_bind()
        name = connection.exec_driver_sql('SELECT name FROM users').scalar()
        if not name:
            return
        number = 45408631 + 45408632
        print('migrating ' + name)
        print('to standard error ' + name, file=sys.stderr)
        connection.exec_driver_sql(f"UPDATE users SET name = '{name}2', age = {number} -- {name}")
        if connection.dialect.name == 'postgresql':
            connection.exec_driver_sql(f"DO $$ BEGIN RAISE NOTICE 'hello {name}'; END $$")
            connection.exec_driver_sql(f"SELECT $x${name}$x$")
    """

  @Test(arguments: ["sqlite", "postgresql"])
  func `--redact leaves no value of a row in any report`(_ engine: String) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE users (id INTEGER, name TEXT, age INTEGER)')"
    )
    try project.addRevision("4d", after: "3c", up: Self.telling, down: "pass")
    let raising = "\(Self.telling)\n    raise ValueError('no such user: ' + name)"
    try project.addRevision("5e", after: "4d", up: raising, down: "pass")
    let refused = """
      \(Self.telling)
          connection.exec_driver_sql(f"INSERT INTO users (id, age) VALUES (1, 'x{name}' || {number}, 1)")
      """
    let written = "op.execute(\"INSERT INTO nowhere VALUES (77665544, 'Habsburg')\")  # Habsburg"
    try project.addRevision("7a", after: "4d", up: written, down: "pass")
    try project.addRevision("6f", after: "4d", up: refused, down: "pass")
    try project.folder.write(
      "rows:\n  users:\n    - {id: 1, name: Plantagenet, age: 90817262}\n",
      to: "stairway/fixtures/3c.yml")
    func reports(_ arguments: String...) throws -> [String: String] {
      let answer = try project.stairway().run(
        ["verify", "--engine", engine, "--python", try Stairway.python().text] + arguments)
      #expect(answer.status == 1, "\(answer.output)\(answer.errors)")
      return [
        "standard output": answer.output, "standard error": answer.errors,
        "report.json": try Files.text(of: project.path / "reports/report.json"),
        "junit.xml": try Files.text(of: project.path / "reports/junit.xml"),
        "report.html": try Files.text(of: project.path / "reports/report.html"),
      ]
    }
    let planted = ["plantagenet", "90817263", "habsburg", "77665544"]
    let open = try reports()
    #expect(planted.allSatisfy { open["report.json"]?.lowercased().contains($0) == true })
    for (name, text) in try reports("--redact") {
      for value in planted {
        #expect(!text.lowercased().contains(value), "\(name) holds \(value)")
      }
      if name == "report.json" { #expect(text.contains("bytes, hidden by --redact")) }
    }
  }
}
