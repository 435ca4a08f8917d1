import History
import Testing

@testable import Runner

@Suite struct `Pending revisions` {
  /// a – b – c, and d beside c.
  private let fork = RevisionGraph([
    Revision(id: "a"), Revision(id: "b", parents: ["a"]), Revision(id: "c", parents: ["b"]),
    Revision(id: "d", parents: ["b"]),
  ])
  private let line = RevisionGraph([
    Revision(id: "a"), Revision(id: "b", parents: ["a"]), Revision(id: "c", parents: ["b"]),
  ])

  private func pending(
    _ versions: [RevisionID]?, besides tables: Int = 3, to target: RehearsalTarget = .head,
    in graph: RevisionGraph? = nil
  ) throws(RehearsalError) -> [RevisionID] {
    try PendingRevisions(
      versions: versions, in: "alembic_version", besides: tables, to: target, in: graph ?? line
    ).revisions
  }

  @Test func `are those between what is applied and the head`() throws {
    #expect(try pending(["a"]) == ["b", "c"])
    #expect(try pending(["a"], to: .revision("b")) == ["b"])
    #expect(try pending(nil, besides: 0) == ["a", "b", "c"])
    #expect(try pending([], besides: 0) == ["a", "b", "c"])
  }

  @Test func `are those of every branch where all heads are wanted`() throws {
    #expect(try pending(["b"], to: .heads, in: fork) == ["c", "d"])
    #expect(try pending(["c"], to: .heads, in: fork) == ["d"])
    #expect(try pending(["c"], to: .revision("d"), in: fork) == ["d"])
  }

  @Test func `are not known where the database was migrated by another branch`() {
    #expect(throws: RehearsalError.unknownVersions(["f00"], table: "alembic_version")) {
      try pending(["a", "f00"])
    }
  }

  @Test func `are not known where a version stands beside one that follows it`() throws {
    #expect(
      throws: RehearsalError.overlappingVersions("a", "b", table: "alembic_version")
    ) { try pending(["a", "b"]) }
    // What another merely depends on may stand beside it.
    let branches = RevisionGraph([
      Revision(id: "a"), Revision(id: "x", dependencies: ["a"]), Revision(id: "y", parents: ["x"]),
    ])
    #expect(try pending(["a", "x"], to: .heads, in: branches) == ["y"])
  }

  @Test func `are not known where nothing says what was applied`() {
    #expect(throws: RehearsalError.noVersionTable(named: "alembic_version", tables: 3)) {
      try pending(nil)
    }
    #expect(throws: RehearsalError.emptyVersionTable(named: "alembic_version", tables: 3)) {
      try pending([])
    }
  }

  @Test func `are not known where one command cannot go to all heads`() {
    #expect(throws: RehearsalError.severalHeads(["c", "d"])) { try pending(["b"], in: fork) }
  }

  @Test func `are none where the target is applied, or lies below what is`() {
    #expect(throws: RehearsalError.nothingPending(at: ["c"])) { try pending(["c"]) }
    #expect(throws: RehearsalError.nothingPending(at: ["c"])) {
      try pending(["c"], to: .revision("a"))
    }
  }
}
