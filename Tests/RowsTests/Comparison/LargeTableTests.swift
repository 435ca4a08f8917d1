import Databases
import FoundationEssentials
import Platform
import Rows
import Schemas
import Testing

/// What `ci/bench` measures; no time is tested.
@Suite struct LargeTableTests {
  /// The database, whose tables are all large.
  private static let url = ProcessInfo.processInfo.environment["STAIRWAY_LARGE_TABLES"]

  @Test(.enabled(if: url != nil, "ci/bench names a database"))
  func `a large table is compared at about the cost of reading it`() throws {
    let address = try PostgresAddress(url: #require(Self.url))
    let connection = try PostgresConnection(address)
    let snapshot = try PostgresSchemaReader(address).snapshot()
    let table = try #require(snapshot.tables.first)
    let scan = try seconds {
      _ = try connection.rows("SELECT count(t::text) FROM \(table.name.quoted) t")
    }

    let memory = try peak()
    let reader = try RowReader(address: .postgresql(address))
    var difference = RowsDifference()
    let comparison = try seconds {
      let before = try reader.image(of: snapshot)
      // One value, so that everything has to be read again.
      let column = try #require(table.columns.first { $0.name == "amount" })
      try connection.execute(
        "UPDATE \(table.name.quoted) SET \(column.name.quoted) = -1 WHERE id = 1")
      difference = RowsDifference(from: before, to: try reader.image(of: snapshot))
    }
    #expect(difference.tables.first?.columns.first?.changed == 1)
    print("STAIRWAY scan=\(scan) comparison=\(comparison) memory=\(try peak() - memory)")
  }

  /// The most memory that this process has held, in MB.
  private func peak() throws -> Double {
    let status = try Files.text(of: "/proc/self/status")
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }.first)
      / 1024
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let taken = try ContinuousClock().measure(body)
    return Double(taken.components.seconds) + Double(taken.components.attoseconds) * 1e-18
  }
}
