import Platform
import Testing

/// Migration processes that end, hang or print what nobody can read: the revision is not judged, and
/// the rest goes on.
@Suite struct BadWorkerTests {
  private func verify(up: String) throws -> (SampleProject, Stairway.Answer) {
    let project = try SampleProject()
    try project.addRevision("3c", after: "2b", up: up, down: "pass")
    let answer = try project.stairway().run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text)
    return (project, answer)
  }

  @Test func `a worker that is killed`() throws {
    let (_, answer) = try verify(up: "os.kill(os.getpid(), 9)")
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("worker-exited"))
    #expect(answer.says("3c"))
    #expect(answer.says("fix:"))
    #expect(answer.leftovers.isEmpty)
  }

  @Test func `a worker that prints garbage into its own channel`() throws {
    let (_, answer) = try verify(
      up: """
        for n in os.listdir('/proc/self/fd'):
                try:
                    if int(n) > 2 and 'pipe' in os.readlink('/proc/self/fd/' + n):
                        os.write(int(n), b'garbage\\n')
                except OSError:
                    pass
        """)
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("worker-garbled"))
    #expect(answer.leftovers.isEmpty)
  }

  @Test func `what a migration prints is no garbage`() throws {
    let (_, answer) = try verify(up: "print('}{ not json')\n    os.write(1, b'raw\\n')")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
  }

  @Test func `a worker that hangs`() throws {
    let project = try SampleProject()
    try project.addRevision("3c", after: "2b", up: "time.sleep(3600)", down: "pass")
    let answer = try project.stairway(["STAIRWAY_STEP_TIMEOUT": "2"]).run(
      "verify", "--engine", "sqlite", "--python", Stairway.python().text)
    #expect(answer.status == 3, "\(answer.output)\(answer.errors)")
    #expect(answer.says("worker-hung"))
    #expect(answer.says("migrations/versions/3c.py:"))
    #expect(answer.leftovers.isEmpty)
  }
}
