import Databases
import Scratch
import Testing

@Suite struct `The log of a private cluster` {
  @Test(arguments: [(false, "minimal"), (true, "replica")])
  func `is kept small, unless it is measured`(logsAsProduction: Bool, level: String) throws {
    var settings = ScratchSettings(
      environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"], roomForCluster: 256 << 20)
    settings.logsAsProduction = logsAsProduction
    let cluster = try PostgresCluster(settings)
    defer { cluster.shutDown() }
    let rows = try PostgresConnection(cluster.address).rows("SHOW wal_level")
    #expect(rows.first?.text(0) == level)
  }
}
