import Platform
import Testing

/// A run that is ended from outside leaves nothing behind.
@Suite struct InterruptionTests {
  /// A run that is in the midst of its walk: its third revision waits for a file that never comes.
  private func startWaiting(_ project: SampleProject, engine: String) throws -> Running {
    try project.addRevision(
      "3c", after: "2b",
      up: """
        print('waiting')
            open('waiting', 'w').close()
            time.sleep(3600)
        """, down: "pass")
    let running = try project.stairway().start(
      ["verify", "--engine", engine, "--python", Stairway.python().text])
    try waitForMarker(of: running, in: project)
    return running
  }

  /// Waits until the code of the project has got to where it waits itself.
  private func waitForMarker(of running: Running, in project: SampleProject) throws {
    let marker = project.path / "waiting"
    let deadline = Clock.system.monotonic() + 60
    while !Files.exists(marker), Clock.system.monotonic() < deadline {
      if running.child.wait(seconds: 0.02) != nil { break }
    }
    try #require(Files.exists(marker), "\(running.errors)")
  }

  @Test(arguments: ["sqlite", "postgresql"], [Int32(2), 15])
  func `SIGINT and SIGTERM end it with status 2 and nothing left`(
    engine: String, signal: Int32
  ) throws {
    let project = try SampleProject()
    let running = try startWaiting(project, engine: engine)
    #expect(!running.leftovers().isEmpty)
    running.child.signal(signal)
    let answer = try running.finish()
    #expect(answer.status == 2, "\(answer.errors)")
    #expect(answer.errors.contains("interrupted"))
    #expect(answer.leftovers.isEmpty)
    #expect(!Files.exists(project.path / "reports/report.json"))
  }

  @Test(arguments: ["sqlite", "postgresql"])
  func `what a killed run leaves is gone a moment later, or after the next run`(
    engine: String
  ) throws {
    let project = try SampleProject()
    let running = try startWaiting(project, engine: engine)
    running.child.signal(9)
    _ = running.child.wait(seconds: 10)
    try Files.remove(project.path / "migrations/versions/3c.py")
    let next = try project.stairway().run(
      "verify", "--engine", engine, "--python", Stairway.python().text)
    #expect(next.status == 0, "\(next.output)\(next.errors)")
    // The guard of the killed run may still be at it.
    let deadline = Clock.system.monotonic() + 20
    while !running.leftovers().isEmpty, Clock.system.monotonic() < deadline {
      _ = running.child.wait(seconds: 0.05)
    }
    #expect(running.leftovers().isEmpty)
  }

  @Test func `also while the project is still being loaded`() throws {
    let project = try SampleProject()
    try project.folder.write(
      "import time\nopen('waiting', 'w').close()\ntime.sleep(3600)\n", to: "migrations/env.py")
    let running = try project.stairway().start(
      ["verify", "--engine", "sqlite", "--python", Stairway.python().text])
    try waitForMarker(of: running, in: project)
    running.child.signal(2)
    let answer = try running.finish()
    #expect(answer.status == 2, "\(answer.errors)")
    #expect(answer.leftovers.isEmpty)
  }
}
