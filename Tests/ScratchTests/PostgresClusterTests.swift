import Databases
import Platform
import Testing

@testable import Scratch

struct PostgresClusterTests {
  @Test func `a cluster is stopped and removed when it is shut down`() throws {
    let cluster = try PostgresCluster(surroundings)
    let database = try cluster.lend()
    #expect(try tables(database.address) == [])
    let folder = Path(cluster.address.host).parent
    let id = try #require(
      Int32(try Files.text(of: folder / "data/postmaster.pid").split(separator: "\n").first ?? ""))
    #expect(RunningProcess.exists(id))
    cluster.shutDown()
    #expect(!RunningProcess.exists(id))
    #expect(!Files.exists(folder))
    #expect(throws: ScratchError.self) { try cluster.lend() }
  }

  @Test func `applications find UTF-8, UTC, and nobody listens on the network`() throws {
    let address = try SharedCluster.address()
    let server = try PostgresServer(url: address.url)
    let sql = """
      SELECT current_setting('server_encoding'), current_setting('listen_addresses'),
        current_setting('log_timezone'), current_setting('default_text_search_config')
      """
    let row = try #require(try ask(server.lend().address, sql).first)
    #expect(row.values == [.text("UTF8"), .text(""), .text("UTC"), .text("pg_catalog.english")])
    server.shutDown()
  }

  @Test func `a server that does not start is told with its own words and leaves nothing`() throws {
    var settings = surroundings
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "scratch-test")
    defer { try? Files.removeTree(folder) }
    try Files.setMode(0o755, of: folder)
    settings.memory = folder
    settings.roomForCluster = 0
    settings.postgresBinaries = folder
    func write(_ name: String, _ script: String) throws {
      try Files.write("#!/bin/sh\n\(script)\n", to: folder / name, mode: 0o755)
    }
    try write("initdb", "echo 'initdb: not today' >&2; exit 1")
    try write("postgres", "echo 'postgres: not today' >&2; exit 1")
    let initialization = #expect(throws: ScratchError.self) { try PostgresCluster(settings) }
    #expect(initialization?.code == .clusterFailed)
    #expect(
      initialization?.message.contains("initdb ended with status 1: initdb: not today") == true)
    try write("initdb", "exit 0")
    let start = #expect(throws: ScratchError.self) { try PostgresCluster(settings) }
    #expect(start?.message.contains("postgres ended with status 1: postgres: not today") == true)
    try write("initdb", "echo 'could not write: No space left on device' >&2; exit 1")
    let full = #expect(throws: ScratchError.self) { try PostgresCluster(settings) }
    #expect(full?.code == .diskFull)
    #expect(full?.fix?.contains("TMPDIR") == true)
    #expect(try Files.names(in: folder) == ["initdb", "postgres"])
  }

  @Test func `a folder without the programs is named`() {
    var settings = surroundings
    settings.postgresBinaries = "/usr/bin/no"
    let error = #expect(throws: ScratchError.self) { try PostgresCluster(settings) }
    #expect(error?.code == .noServer)
    #expect(error?.message.contains("/usr/bin/no") == true)
    #expect(ScratchServers.absence(of: .postgresql, settings: settings) == error?.message)
  }

  @Test func `an interruption stops the start and leaves nothing`() {
    let interruption = Interruption()
    interruption.raise()
    let error = #expect(throws: ScratchError.self) {
      try PostgresCluster(surroundings, interruption: interruption)
    }
    #expect(error?.code == .interrupted)
  }

  @Test func `a socket path that is too long for the system is told`() throws {
    var settings = surroundings
    let long = Path("/tmp") / RandomName.make(prefix: String(repeating: "x", count: 90))
    try Files.makeFolder(long, mode: 0o755)
    defer { try? Files.removeTree(long) }
    settings.memory = long
    settings.roomForCluster = 0
    let error = #expect(throws: ScratchError.self) { try PostgresCluster(settings) }
    #expect(error?.message.contains("too long for a Unix socket") == true)
    #expect(try Files.names(in: long) == [])
  }
}
