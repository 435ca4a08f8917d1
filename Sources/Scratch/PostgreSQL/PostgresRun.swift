import Databases
import Platform

/// This run's name on a server, alive as long as its connection holds the lock of that name.
final class PostgresRun {
  /// What the names of this run's databases begin with.
  let prefix: String
  private var connection: PostgresConnection?

  /// Draws a name and locks it on the server.
  init(on server: PostgresAddress) throws {
    let number = UInt64.random(in: .min ... .max)
    prefix = "stairway_\(RandomName.ownProcess)_\(RandomName.hexadecimal(number))_"
    let connection = try PostgresConnection(server)
    let locked = try connection.rows(
      "SELECT pg_try_advisory_lock($1::bigint)", [String(Int64(bitPattern: number))])
    guard locked.first?[0].boolean == true else {
      throw ScratchError(.serverRefused, "the lock of this run's name is taken")
    }
    self.connection = consume connection
  }

  /// Gives the name up: whatever still has it may be swept.
  func end() { connection = nil }

  /// Drops every database of this run's. What cannot be dropped now, a later run sweeps.
  func dropAll(_ administration: PostgresAdministration) {
    let sql = "SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname"
    for row in (try? administration.rows(sql, [prefix])) ?? [] {
      try? administration.drop(row.text(0))
    }
  }

  /// Drops the databases of runs that are no more: of our name, this role's to drop, whose lock no
  /// connection to the server holds, in whatever database it would. Other runs may sweep at the same
  /// time.
  static func sweep(_ administration: PostgresAdministration) {
    for row in (try? administration.rows(leftBehind)) ?? [] {
      try? administration.drop(row.text(0))
    }
  }

  /// A lock of one 64-bit number shows as its halves in `classid` and `objid`, with `objsubid` 1
  /// (<https://www.postgresql.org/docs/current/view-pg-locks.html>).
  private static let leftBehind = """
    SELECT d.datname
    FROM pg_database d,
      LATERAL (SELECT substring(d.datname FROM '^stairway_[0-9]+_([0-9a-f]{16})_[0-9]+(?:_c[0-9]+)?$')
        AS run) name
    WHERE name.run IS NOT NULL AND pg_has_role(d.datdba, 'USAGE') AND NOT EXISTS (
      SELECT FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND lpad(to_hex(l.classid::bigint), 8, '0') || lpad(to_hex(l.objid::bigint), 8, '0')
          = name.run)
    ORDER BY d.datname
    """
}
