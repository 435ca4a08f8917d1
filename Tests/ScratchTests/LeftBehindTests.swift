import Databases
import Glibc
import Platform
import Testing

@testable import Scratch

/// Waits, by a deadline far beyond what it takes, until something holds.
private func eventually(_ holds: () -> Bool) -> Bool {
  let deadline = Clock.system.monotonic() + 60
  while !holds() {
    guard Clock.system.monotonic() < deadline else { return false }
    usleep(5_000)
  }
  return true
}

struct LeftBehindTests {
  /// The folder and the postmaster's number, as the killed process printed them.
  private func told(_ result: ExitTest.Result?) throws -> (folder: Path, postmaster: Int32) {
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("cluster ") })
    let words = line.split(separator: " ")
    return (Path(String(words[1])), try #require(Int32(words[2])))
  }

  @Test func `after a kill the guard stops the cluster and removes its folder`() async throws {
    let result = await #expect(
      processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]
    ) {
      try holdClusterAndDie(killingGuard: false)
    }
    let (folder, postmaster) = try told(result)
    #expect(eventually { !RunningProcess.exists(postmaster) })
    #expect(eventually { !Files.exists(folder) })
  }

  @Test func `after a kill of the guard too, the next run sweeps what is left`() async throws {
    let result = await #expect(
      processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]
    ) {
      try holdClusterAndDie(killingGuard: true)
    }
    let (folder, postmaster) = try told(result)
    // Another test's run may sweep first: either way nothing may be left.
    ScratchFolder.sweep(surroundings)
    #expect(eventually { !RunningProcess.exists(postmaster) })
    #expect(eventually { !Files.exists(folder) })
  }

  @Test func `a first signal asks, a second one ends at once`() async {
    await #expect(processExitsWith: .exitCode(2)) {
      let interruption = Interruption.bySignals()
      raise(SIGTERM)
      guard interruption.signal == SIGTERM else { exit(7) }
      raise(SIGINT)
      exit(8)
    }
  }

  @Test func `a folder whose run lives is not swept`() throws {
    let server = try SQLiteScratch(surroundings)
    let database = try server.lend()
    ScratchFolder.sweep(surroundings)
    #expect(try tables(database.address) == [])
    server.shutDown()
  }

  @Test func `only folders of our own name are swept`() throws {
    var settings = surroundings
    let place = try Files.makeTemporaryFolder(in: "/tmp", prefix: "scratch-test")
    defer { try? Files.removeTree(place) }
    settings.memory = place
    settings.temporary = place
    let ours = "stairway-1-0123456789abcdef"
    let link = "stairway-2-0123456789abcdef"
    let others = ["stairway", "stairway-1", "stairway-x-0123456789abcdef", "stairway-data-2024"]
    for name in others + [ours] { try Files.makeFolder(place / name / "inside") }
    #expect(symlink((place / "stairway").text, (place / link).text) == 0)
    // A number in postmaster.pid that belongs by now to a process which is no server at all.
    let child = try ChildProcess(Launch("sleep", ["1000"], environment: settings.environment))
    try Files.makeFolder(place / ours / "data")
    try Files.write("\(child.id)\n", to: place / ours / "data/postmaster.pid")
    ScratchFolder.sweep(settings)
    #expect(child.status == nil)
    #expect(try Files.names(in: place) == (others + [link]).sorted())
    #expect(Files.isFolder(place / "stairway/inside"))
  }

  @Test(arguments: [
    (DatabaseError(.statementFailed, message: "x", state: "53100"), ScratchError.Code.diskFull),
    (DatabaseError(.statementFailed, message: "x", state: "13"), .diskFull),
    (DatabaseError(.statementFailed, message: "x", state: "42501"), .serverRefused),
    (DatabaseError(.cannotConnect, message: "x"), .serverRefused),
  ])
  func `a full disk is told apart from other refusals`(
    _ error: DatabaseError, _ code: ScratchError.Code
  ) {
    let told = ScratchError(error, .serverRefused, "cannot copy")
    #expect(told.code == code)
    #expect(told.message == "cannot copy: x")
  }
}

/// For a process that is about to be killed: starts a cluster, says where it is, and dies.
private func holdClusterAndDie(killingGuard: Bool) throws {
  let cluster = try PostgresCluster(surroundings)
  let folder = Path(cluster.address.host).parent
  let id = try Files.text(of: folder / "data/postmaster.pid").split(separator: "\n").first ?? ""
  print("cluster \(folder) \(id)")
  fflush(nil)
  if killingGuard { cluster.killGuard() }
  kill(getpid(), SIGKILL)
}
