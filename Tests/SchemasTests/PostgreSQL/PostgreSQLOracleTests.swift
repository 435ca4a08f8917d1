import Databases
import TestSupport
import Testing

@testable import Schemas
@testable import Scratch

struct PostgreSQLOracleTests {
  @Test(arguments: try DDLCase.all())
  func `a snapshot changes exactly when pg_dump's schema does, or the case says why`(
    _ ddl: DDLCase
  ) throws {
    let server = try SharedCluster.server()
    defer { server.shutDown() }
    let address = try server.lend().postgresAddress()
    let session = try PostgresConnection(address)
    try session.execute("SET search_path = public")
    let major = session.serverVersion / 10_000
    let reader = try PostgresSchemaReader(address)
    let seldom = try PostgresSchemaReader(address)
    _ = try seldom.snapshot()
    let dump = PgDump(majorVersion: major)
    var snapshot = try reader.snapshot()
    var dumped = try dump.schema(of: address)
    for (number, statement) in ddl.statements.enumerated() where statement.needs <= major {
      let place = "\(ddl.name):\(statement.line): \(statement.sql)"
      do {
        try session.execute(statement.sql)
        if statement.fails { Issue.record("\(place)\nshould fail") }
      } catch let error as DatabaseError {
        if !statement.fails { Issue.record("\(place)\n\(error.message)") }
      }
      // Only then the reader can tell which catalogs nobody has written to.
      if number % 3 > 0 { try session.countWrites() }
      let (next, nextDumped) = (try reader.snapshot(), try dump.schema(of: address))
      let full = try reader.fullSnapshot()
      if next != full {
        Issue.record("\(place)\nthe snapshot is not the full one\n\(differences(next, full))")
      }
      if number % 5 == 0 {
        let distant = try seldom.snapshot()
        if distant != full {
          Issue.record("\(place)\nafter several statements\n\(differences(distant, full))")
        }
      }
      let effect: DDLCase.Effect =
        switch (next.fingerprint != snapshot.fingerprint, nextDumped != dumped) {
        case (true, true): .both
        case (true, false): .onlyStairway
        case (false, true): .onlyPgDump
        case (false, false): .neither
        }
      if effect != statement.effect {
        Issue.record(
          """
          \(place)
          changed \(effect), not \(statement.effect)
          \(differences(snapshot, next))
          \(lines(dumped, nextDumped))
          """)
      }
      (snapshot, dumped) = (next, nextDumped)
    }
  }

  private func differences(_ before: Snapshot, _ after: Snapshot) -> String {
    let (old, new) = (before.units, after.units)
    return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.flatMap { id in
      let (was, now) = (old[id]?.objects ?? [], new[id]?.objects ?? [])
      return was.filter { !now.contains($0) }.map { "  < \($0)" }
        + now.filter { !was.contains($0) }.map { "  > \($0)" }
    }.joined(separator: "\n")
  }

  private func lines(_ before: String, _ after: String) -> String {
    let (old, new) = (before.split(separator: "\n"), after.split(separator: "\n"))
    return new.difference(from: old).map { change in
      switch change {
      case .remove(_, let line, _): "  - \(line)"
      case .insert(_, let line, _): "  + \(line)"
      }
    }.joined(separator: "\n")
  }
}
