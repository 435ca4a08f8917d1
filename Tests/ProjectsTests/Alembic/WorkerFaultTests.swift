import Databases
import History
import Projects
import Testing
import Walks

@Suite struct WorkerFaultTests {
  @Test
  func `a worker that is killed is a fault with its last output, and the next order has a new one`()
    throws
  {
    let project = try TemporaryProject(
      .table("a1"),
      Sample(
        "b2", after: "'a1'",
        up:
          "import os, signal\nprint('last words', flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
      ))
    let session = try project.session()
    #expect(session.step("a1", .up).isSuccess)
    let answer = session.step("b2", .up)
    #expect(answer.fault?.code == .workerExited)
    #expect(answer.fault?.message.contains("signal 9") == true)
    #expect(answer.fault?.output.contains("last words") == true)
    #expect(session.step("a1", .down).outcome == .succeeded)
  }

  @Test func `a worker that hangs is given up`() throws {
    let project = try TemporaryProject(
      Sample("a1", up: "import threading\nprint('waiting', flush=True)\nthreading.Event().wait()"),
      .table("b2"))
    let session = try project.session { $0.stepTimeout = 8 }
    let answer = session.step("a1", .up)
    #expect(answer.fault?.code == .workerHung)
    #expect(answer.fault?.message.contains("within 8 s") == true)
    #expect(answer.fault?.output.contains("waiting") == true)
    #expect(answer.fault?.file?.hasSuffix("a1_sample.py") == true)
    #expect(answer.fault?.line != nil)
    let place = "it was at:\n  migrations/versions/a1_sample.py:"
    #expect(answer.fault?.output.contains(place) == true)
    #expect(answer.fault?.output.contains("<stairway>") == false)
    #expect(session.step("b2", .up).isSuccess)
  }

  @Test func `a step that waits for its own lock is told apart`() throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: "op.execute('SELECT pg_advisory_xact_lock(1)')\n"
          + "other = sa.create_engine(op.get_bind().engine.url).connect()\n"
          + "other.execute(sa.text('SELECT 2, pg_advisory_xact_lock(1)'))"), on: .postgresql)
    let session = try project.session { $0.stepTimeout = 8 }
    let fault = session.step("a1", .up).fault
    #expect(fault?.code == .workerHung)
    #expect(fault?.message.contains("a lock that another connection of its own holds") == true)
    #expect(fault?.output.hasSuffix("it waits for: SELECT 2, pg_advisory_xact_lock(1)") == true)
    #expect(fault?.fix?.contains("op.get_bind()") == true)
    #expect(fault?.file?.hasSuffix("a1_sample.py") == true)
  }

  @Test func `a statement that takes too long is told`() throws {
    let project = try TemporaryProject(
      Sample("a1", up: "op.execute('SELECT pg_sleep(600)')"), on: .postgresql)
    let fault = try project.session { $0.stepTimeout = 8 }.step("a1", .up).fault
    #expect(fault?.code == .workerHung)
    #expect(fault?.message.hasSuffix("within 8 s") == true)
    #expect(
      fault?.output.hasSuffix("it runs: SELECT pg_sleep(600)") == true, "\(fault?.output ?? "")")
    #expect(fault?.fix?.contains("step-timeout") == true)
  }

  @Test func `an env.py that hangs is told with its line`() throws {
    let project = try TemporaryProject(
      environment: "import threading\nthreading.Event().wait()\n", .table("a1"))
    let error = #expect(throws: ProjectError.self) {
      try project.session {
        $0.stepTimeout = 4
        $0.shortestLoading = 4
      }
    }
    #expect(error?.code == .workerFailed)
    #expect(error?.place == "migrations/env.py:2", "\(error?.output ?? "")")
    #expect(error?.message.contains("within 4 s while it loaded") == true)
  }

  @Test func `a worker whose line is written to is given up`() throws {
    let project = try TemporaryProject(
      Sample(
        "a1",
        up: """
          import os, stat
          for number in range(3, 300):
              try:
                  if stat.S_ISFIFO(os.fstat(number).st_mode):
                      os.write(number, b'garbage\\n')
              except OSError:
                  pass
          """), .table("b2"))
    let session = try project.session()
    let answer = session.step("a1", .up)
    #expect(answer.fault?.code == .workerGarbled)
    #expect(answer.fault?.message.contains("garbage") == true)
    #expect(session.step("b2", .up).isSuccess)
  }

  @Test func `a run that loses its worker says so`() throws {
    let project = try TemporaryProject(Sample("a1", up: "import os\nos._exit(7)"))
    let answer = try project.session().run(["a1"], .up)
    #expect(answer.fault?.message.contains("status 7") == true)
    #expect(answer.stoppedAt == "a1")
  }

  @Test func `a project that ends the process while it is loaded is an error`() throws {
    let project = try TemporaryProject(environment: "import os\nos._exit(9)\n", .table("a1"))
    let error = #expect(throws: ProjectError.self) { try project.session() }
    #expect(error?.code == .workerFailed)
    #expect(error?.message.contains("status 9") == true)
  }
}
