import Platform
import Testing

/// `verify --watch`, with real edits of real files.
@Suite struct WatchTests {
  /// What is said when a run has ended and changes are waited for.
  private static let waiting = "watching "

  private func start(_ project: SampleProject, _ more: String...) throws -> Running {
    try project.stairway().start(
      ["verify", "--watch", "--engine", "sqlite", "--python", Stairway.python().text] + more)
  }

  /// Ends the watching, as Ctrl-C does.
  private func end(_ running: Running) throws -> Stairway.Answer {
    running.child.signal(2)
    let answer = try running.finish()
    #expect(answer.leftovers.isEmpty)
    return answer
  }

  @Test func `a changed migration is verified again with what follows it`() throws {
    let project = try SampleProject()
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    let versions = project.path / "migrations/versions"
    let good = try Files.text(of: versions / "2b.py")
    let running = try start(project)
    #expect(running.waitUntilErrorsSay(Self.waiting), "\(running.errors)")
    #expect(running.output.contains("3 revisions on SQLite"), "\(running.output)")
    // An unfinished file that an editor leaves beside it changes nothing.
    try project.folder.write("x", to: "migrations/versions/.2b.py.swp")
    try project.addRevision(
      "2b", after: "1a", up: "op.execute('CREATE TABLE two (id INTEGER)')", down: "pass")
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 2), "\(running.errors)")
    #expect(
      running.errors.contains("changed: migrations/versions/2b.py: 2 revisions are verified again"),
      "\(running.errors)")
    #expect(running.output.contains("error[downgrade-leaves-trace]"), "\(running.output)")
    #expect(running.output.contains("2 revisions on SQLite"), "\(running.output)")
    // Saved as editors do, beside the file and then in its place.
    try Files.write(good, to: versions / "2b.py~")
    try Files.move(versions / "2b.py~", to: versions / "2b.py")
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 3), "\(running.errors)")
    let answer = try end(running)
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(!answer.output.contains("\u{1B}"))
    #expect(answer.output.hasSuffix("reports in reports/\n"), "\(answer.output)")
  }

  @Test func `what was found stays found until it is mended, and is the exit status`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "1a", after: nil, up: "op.execute('CREATE TABLE one (id INTEGER)')", down: "pass")
    let running = try start(project)
    #expect(running.waitUntilErrorsSay(Self.waiting), "\(running.errors)")
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 2), "\(running.errors)")
    #expect(running.output.ranges(of: "error[downgrade-leaves-trace]").count == 2)
    let answer = try end(running)
    #expect(answer.status == 1, "\(answer.output)")
  }

  @Test func `a syntax error while typing is told, and ends nothing`() throws {
    let project = try SampleProject()
    let running = try start(project)
    #expect(running.waitUntilErrorsSay(Self.waiting), "\(running.errors)")
    let file = project.path / "migrations/versions/2b.py"
    let text = try Files.text(of: file)
    try Files.write(text + "\ndef (:\n", to: file)
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 2), "\(running.errors)")
    #expect(running.errors.contains("2b.py"), "\(running.errors)")
    try Files.write(text + "\n# mended\n", to: file)
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 3), "\(running.errors)")
    #expect(running.errors.contains("2b.py: 1 revision is verified again"), "\(running.errors)")
    #expect(try end(running).status == 0)
  }

  @Test func `a revision whose file was deleted is said to be gone`() throws {
    let project = try SampleProject()
    let running = try start(project)
    #expect(running.waitUntilErrorsSay(Self.waiting), "\(running.errors)")
    try Files.remove(project.path / "migrations/versions/2b.py")
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 2), "\(running.errors)")
    #expect(
      running.output.contains("1 revision gone since the run before, no other changed on SQLite"),
      "\(running.output)")
    #expect(try end(running).status == 0)
  }

  @Test func `fixtures, models and settings concern what they are about`() throws {
    let project = try SampleProject()
    try project.folder.write("x = 1\n", to: "models.py")
    let running = try start(project)
    #expect(running.waitUntilErrorsSay(Self.waiting), "\(running.errors)")
    try project.folder.write("rows: {two: [{id: 7}]}\n", to: "stairway/fixtures/2b.yml")
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 2), "\(running.errors)")
    #expect(
      running.errors.contains("changed: stairway/fixtures/2b.yml: 1 revision is verified again"),
      "\(running.errors)")
    try project.folder.write("x = 2\n", to: "models.py")
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 3), "\(running.errors)")
    #expect(
      running.errors.contains("changed: models.py: the heads are looked at again"),
      "\(running.errors)")
    #expect(running.output.contains("no revision changed since the run before"))
    try project.folder.write("rows: none\n", to: "stairway.yml")
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 4), "\(running.errors)")
    #expect(
      running.errors.contains("changed: stairway.yml: everything is verified again"),
      "\(running.errors)")
    try project.folder.write("rows: perhaps\n", to: "stairway.yml")
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 5), "\(running.errors)")
    #expect(try end(running).status == 4)
  }

  @Test func `a signal in the midst of a run ends it with 2 and nothing left`() throws {
    let project = try SampleProject()
    let running = try start(project)
    #expect(running.waitUntilErrorsSay(Self.waiting), "\(running.errors)")
    try project.addRevision(
      "3c", after: "2b", up: "open('waiting', 'w').close(); time.sleep(3600)", down: "pass")
    #expect(running.waitUntilErrorsSay("1 revision is verified again"), "\(running.errors)")
    let answer = try end(running)
    #expect(answer.status == 2, "\(answer.errors)")
  }

  /// The data folder of the private server that runs now; nil where none answers within a minute.
  private func waitForServer(of running: Running) -> Path? {
    let deadline = Clock.system.monotonic() + 60
    while Clock.system.monotonic() < deadline {
      for folder in running.leftovers().map({ Path($0) / "data" }) {
        let lines = (try? Files.text(of: folder / "postmaster.pid"))?.split(separator: "\n")
        if lines?.last?.contains("ready") == true { return folder }
      }
      if running.child.wait(seconds: 0.02) != nil { return nil }
    }
    return nil
  }

  @Test func `PostgreSQL waits for the next run, as new for each, and goes with the watching`()
    throws
  {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: """
        folder = op.get_bind().exec_driver_sql('SHOW data_directory').scalar()
            with open('used', 'a') as file:
                print(folder, file=file)
            op.execute('CREATE TABLE three (id INTEGER)')
        """, down: "op.execute('DROP TABLE three')")
    let file = project.path / "migrations/versions/3c.py"
    let text = try Files.text(of: file)
    let running = try project.stairway(["STAIRWAY_PARITY": "false"]).start([
      "verify", "--watch", "--engine", "postgresql", "--python", Stairway.python().text,
    ])
    #expect(running.waitUntilErrorsSay(Self.waiting), "\(running.errors)")
    let first = try Files.text(of: project.path / "used").split(separator: "\n")
    let waiting = try #require(waitForServer(of: running), "\(running.errors)")
    #expect(!first.contains { $0 == waiting.text })
    try Files.remove(project.path / "used")
    try Files.write(text + "\n# again\n", to: file)
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 2), "\(running.errors)")
    let second = try Files.text(of: project.path / "used").split(separator: "\n")
    #expect(Set(second.map(String.init)) == [waiting.text], "\(running.output)")
    // One that somebody else ended is no obstacle.
    let next = try #require(waitForServer(of: running), "\(running.errors)")
    let number = try Files.text(of: next / "postmaster.pid").prefix { $0 != "\n" }
    _ = try ChildProcess.run(
      Launch(
        "kill", ["-QUIT", String(number)], environment: ["PATH": "/usr/bin:/bin"],
        workingDirectory: "/"))
    let deadline = Clock.system.monotonic() + 20
    while Files.exists(Path("/proc/\(number)")), Clock.system.monotonic() < deadline {
      pause(seconds: 0.02)
    }
    try Files.write(text, to: file)
    #expect(running.waitUntilErrorsSay(Self.waiting, times: 3), "\(running.errors)")
    #expect(try end(running).status == 0, "\(running.output)\(running.errors)")
  }

  @Test func `it ends where nobody reads any more`() throws {
    let project = try SampleProject()
    let running = try project.stairway().start(
      [
        "sh", "-c", "\"$@\" | head -n 1", "sh", Stairway.binary.text, "verify", "--watch",
        "--engine",
        "sqlite", "--python", Stairway.python().text,
      ], isWhole: true)
    let answer = try running.finish()
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(answer.leftovers.isEmpty)
  }

  @Test(arguments: [
    (["--revisions", "1a.."], "'--revisions'"),
    (["--output-format", "json"], "another program reads"),
    (["--output-format", "github"], "another program reads"),
  ])
  func `what contradicts it is said`(_ more: [String], _ words: String) throws {
    let project = try SampleProject()
    let answer = try project.stairway().run(["verify", "--watch"] + more)
    #expect(answer.status == 4)
    #expect(answer.errors.contains(words), "\(answer.errors)")
  }
}
