import Testing
import Walks

@Suite struct `Lock modes` {
  /// The table "Conflicting Lock Modes" of PostgreSQL's documentation, an X for each conflict; rows are
  /// what is requested, columns what is held, both from ACCESS SHARE to ACCESS EXCLUSIVE.
  private static let documented = """
    .......X
    ......XX
    ....XXXX
    ...XXXXX
    ..XX.XXX
    ..XXXXXX
    .XXXXXXX
    XXXXXXXX
    """

  @Test func `conflict as PostgreSQL's documentation says`() {
    let modes = LockMode.allCases.filter { $0.strength < 8 }
    let conflicts = modes.map { requested in
      modes.map { requested.conflicts.contains($0) ? "X" : "." }.joined()
    }.joined(separator: "\n")
    #expect(conflicts == Self.documented)
  }

  @Test func `conflict in both directions, also in files`() {
    for mode in LockMode.allCases {
      for other in mode.conflicts { #expect(other.conflicts.contains(mode), "\(mode) \(other)") }
    }
  }

  @Test func `block readers only where they conflict with ACCESS SHARE`() {
    func blocking(_ blocks: Blocking) -> [LockMode] {
      LockMode.allCases.filter { $0.blocks == blocks }
    }
    #expect(blocking(.readsAndWrites) == [.accessExclusive, .fileExclusive])
    #expect(blocking(.writes) == [.share, .shareRowExclusive, .fileReserved])
  }

  @Test func `block who locks rows only where they conflict with ROW SHARE`() {
    #expect(LockMode.allCases.filter { $0.blocks == .writesAndRowLocks } == [.exclusive])
    #expect(LockMode.rowShare.conflicts.allSatisfy { $0.blocks >= .writesAndRowLocks })
  }

  @Test func `are read from the server's names`() {
    #expect(LockMode(serverName: "ShareUpdateExclusiveLock") == .shareUpdateExclusive)
    #expect(LockMode(serverName: "SIReadLock") == nil)
  }
}
