import Glibc
import Testing

@testable import Platform

struct ChildProcessTests {
  private func run(_ script: String, seconds: Double = 60, limit: Int = 1 << 20) throws
    -> CapturedRun
  {
    try ChildProcess.run(
      Launch("sh", ["-c", script], environment: surroundings), seconds: seconds, limit: limit)
  }

  @Test func `output, errors and status are told apart`() throws {
    let run = try run("echo out; echo err >&2; exit 3")
    #expect(run.output == "out\n")
    #expect(run.errors == "err\n")
    #expect(run.status == .exited(3))
    #expect(!run.isSuccess)
  }

  @Test func `the environment is only what was given`() throws {
    let launch = Launch("env", environment: ["PATH": "/usr/bin:/bin", "GIVEN": "a b=c"])
    let lines = try ChildProcess.run(launch).output.split(separator: "\n").sorted()
    #expect(lines == ["GIVEN=a b=c", "PATH=/usr/bin:/bin"])
  }

  @Test func `arguments arrive as they are`() throws {
    let launch = Launch(
      "printf", ["%s|", "a b", "", "$HOME", "'\"", "é"], environment: surroundings)
    #expect(try ChildProcess.run(launch).output == "a b||$HOME|'\"|é|")
  }

  @Test func `the working directory is the child's own`() throws {
    let folder = try Folder()
    let launch = Launch("pwd", environment: surroundings, workingDirectory: folder.path)
    #expect(try ChildProcess.run(launch).output == folder.path.text + "\n")
  }

  @Test func `standard input is empty unless it is named`() throws {
    #expect(try run("cat; echo done").output == "done\n")
  }

  @Test func `descriptors change places without losing each other`() throws {
    let first = try Pipe()
    let second = try Pipe()
    // Each goes to the number of the other, which a plain sequence of dup2 would mix up.
    let child = try ChildProcess(
      Launch(
        "/bin/bash",
        ["-c", "echo first >&\(second.writing.number); echo second >&\(first.writing.number)"],
        environment: surroundings,
        descriptors: [
          second.writing.number: first.writing.number, first.writing.number: second.writing.number,
        ]))
    first.writing.close()
    second.writing.close()
    #expect(try LineReader(first.reading).next() == "first")
    #expect(try LineReader(second.reading).next() == "second")
    #expect(child.wait().isSuccess)
  }

  @Test func `descriptors that were not named do not reach the child`() throws {
    let pipe = try Pipe()
    let listed = try run("ls /proc/self/fd").output
    #expect(!listed.split(separator: "\n").contains("\(pipe.writing.number)"))
  }

  @Test func `more output than the limit is cut and said so, and the child still ends by itself`()
    throws
  {
    let run = try run("head -c 500000 /dev/zero; exit 4", limit: 1_000)
    #expect(run.output.utf8.count == 1_000)
    #expect(run.isTruncated)
    #expect(run.status == .exited(4))
  }

  @Test func `a program that takes too long is killed with its children`() throws {
    let run = try run("sleep 1000 & echo $!; sleep 1000", seconds: 0.2)
    #expect(run.status == nil)
    let grandchild = try #require(Int32(run.output.split(separator: "\n").first ?? ""))
    #expect(RunningProcess.waitForEnd(of: grandchild, seconds: 10))
  }

  @Test func `a grandchild that keeps the output open does not hold up the answer`() throws {
    let run = try run("sleep 1000 & echo here", seconds: 30)
    #expect(run.output == "here\n")
    #expect(run.status == .exited(0))
  }

  @Test func `one that does not listen to SIGTERM is killed`() throws {
    let pipe = try Pipe()
    let child = try ChildProcess(
      Launch(
        "sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 1; done"],
        environment: surroundings, descriptors: [1: pipe.writing.number]))
    #expect(try LineReader(pipe.reading).next() == "ready")
    #expect(child.terminate(within: 0.1) == .signalled(SIGKILL))
    #expect(!RunningProcess.exists(child.id))
  }

  @Test func `one that is asked to end may tidy up`() throws {
    let pipe = try Pipe()
    let child = try ChildProcess(
      Launch(
        "sh", ["-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done"],
        environment: surroundings, descriptors: [1: pipe.writing.number]))
    #expect(try LineReader(pipe.reading).next() == "ready")
    #expect(child.terminate(within: 30) == .exited(7))
  }

  @Test func `a child that is let go is ended`() throws {
    var child: ChildProcess? = try ChildProcess(
      Launch("sleep", ["1000"], environment: surroundings))
    let id = try #require(child?.id)
    child = nil
    #expect(!RunningProcess.exists(id))
  }

  @Test func `a missing program and a missing folder are told apart`() {
    let program = #expect(throws: PlatformError.self) {
      try ChildProcess(Launch("no-such-program", environment: surroundings))
    }
    #expect(program?.message == "cannot start no-such-program: no such program")
    let folder = #expect(throws: PlatformError.self) {
      try ChildProcess(
        Launch("ls", environment: surroundings, workingDirectory: "/no/such/folder"))
    }
    #expect(folder?.message == "cannot start ls in /no/such/folder: no such folder")
    #expect(folder?.code == .notFound)
  }

  @Test(.enabled(if: UserAccount.effectiveUID == 0))
  func `root can run a program as somebody else, in no group of its own`() throws {
    let nobody = try #require(UserAccount(named: "nobody"))
    let launch = Launch("id", ["-u"], environment: surroundings, user: nobody)
    #expect(try ChildProcess.run(launch).output == "\(nobody.uid)\n")
    let groups = Launch("id", ["-G"], environment: surroundings, user: nobody)
    #expect(try ChildProcess.run(groups).output == "\(nobody.gid)\n")
  }

  @Test func `a child starts with every signal as the system has it`() throws {
    Signals.ignoreBrokenPipes()
    // A writer that ignored SIGPIPE would complain instead of ending silently.
    let run = try run("(yes; echo $? >&2) | head -n 1")
    #expect(run.output == "y\n")
    #expect(run.errors == "141\n")
  }
}
