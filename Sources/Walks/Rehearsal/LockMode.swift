/// How a lock is held: PostgreSQL's eight modes for relations, and SQLite's two for the whole file.
///
/// The raw value stands in reports.
package enum LockMode: String, Sendable, Codable, CaseIterable {
  case accessShare = "AccessShare"
  case rowShare = "RowShare"
  case rowExclusive = "RowExclusive"
  case shareUpdateExclusive = "ShareUpdateExclusive"
  case share = "Share"
  case shareRowExclusive = "ShareRowExclusive"
  case exclusive = "Exclusive"
  case accessExclusive = "AccessExclusive"
  /// SQLite's RESERVED: somebody writes, and others may read until it is committed.
  case fileReserved = "Reserved"
  /// SQLite's PENDING and EXCLUSIVE: what was written is put into the file.
  case fileExclusive = "FileExclusive"

  /// PostgreSQL's name for it in `pg_locks`, or the raw value; nil for another.
  package init?(serverName: String) {
    let suffix = "Lock"
    self.init(
      rawValue: serverName.hasSuffix(suffix)
        ? String(serverName.dropLast(suffix.count)) : serverName)
  }

  /// As the engines' documentation spells it.
  package var title: String {
    switch self {
    case .accessShare: "ACCESS SHARE"
    case .rowShare: "ROW SHARE"
    case .rowExclusive: "ROW EXCLUSIVE"
    case .shareUpdateExclusive: "SHARE UPDATE EXCLUSIVE"
    case .share: "SHARE"
    case .shareRowExclusive: "SHARE ROW EXCLUSIVE"
    case .exclusive, .fileExclusive: "EXCLUSIVE"
    case .accessExclusive: "ACCESS EXCLUSIVE"
    case .fileReserved: "RESERVED"
    }
  }

  /// The modes that others cannot have as long as this one is held: PostgreSQL's table
  /// "Conflicting Lock Modes"
  /// (<https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY>), and
  /// SQLite's states (<https://www.sqlite.org/lockingv3.html>).
  package var conflicts: Set<LockMode> {
    switch self {
    case .accessShare: [.accessExclusive]
    case .rowShare: [.exclusive, .accessExclusive]
    case .rowExclusive: [.share, .shareRowExclusive, .exclusive, .accessExclusive]
    case .shareUpdateExclusive:
      [.shareUpdateExclusive, .share, .shareRowExclusive, .exclusive, .accessExclusive]
    case .share:
      [.rowExclusive, .shareUpdateExclusive, .shareRowExclusive, .exclusive, .accessExclusive]
    case .shareRowExclusive:
      [
        .rowExclusive, .shareUpdateExclusive, .share, .shareRowExclusive, .exclusive,
        .accessExclusive,
      ]
    case .exclusive:
      [
        .rowShare, .rowExclusive, .shareUpdateExclusive, .share, .shareRowExclusive, .exclusive,
        .accessExclusive,
      ]
    case .accessExclusive:
      [
        .accessShare, .rowShare, .rowExclusive, .shareUpdateExclusive, .share, .shareRowExclusive,
        .exclusive, .accessExclusive,
      ]
    case .fileReserved: [.fileReserved, .fileExclusive]
    case .fileExclusive: [.fileReserved, .fileExclusive]
    }
  }

  /// What of an application waits as long as this is held: a `SELECT` takes ACCESS SHARE, one that locks
  /// rows, `FOR UPDATE` or `FOR SHARE`, ROW SHARE, what changes rows ROW EXCLUSIVE.
  package var blocks: Blocking {
    switch self {
    case .fileReserved: .writes
    case .fileExclusive: .readsAndWrites
    case _ where conflicts.contains(.accessShare): .readsAndWrites
    case _ where conflicts.contains(.rowShare): .writesAndRowLocks
    default: conflicts.contains(.rowExclusive) ? .writes : .nothing
    }
  }

  /// Where it stands among the modes of its engine, the weakest first.
  package var strength: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Which of an application's statements wait.
package enum Blocking: String, Sendable, Codable, Comparable {
  case nothing
  case writes
  /// And `SELECT … FOR UPDATE` or `FOR SHARE`.
  case writesAndRowLocks = "writes-and-row-locks"
  case readsAndWrites = "reads-and-writes"

  private var rank: Int {
    switch self {
    case .nothing: 0
    case .writes: 1
    case .writesAndRowLocks: 2
    case .readsAndWrites: 3
    }
  }

  package static func < (left: Blocking, right: Blocking) -> Bool { left.rank < right.rank }

  /// `reads and writes`, as sentences say what waits.
  package var title: String {
    switch self {
    case .nothing: "nothing"
    case .writes: "writes"
    case .writesAndRowLocks: "writes and SELECT … FOR UPDATE"
    case .readsAndWrites: "reads and writes"
    }
  }
}
