import Databases
import History
import Testing

@testable import Walks

@Suite struct `Walk planner` {
  /// a → b → d, a → c → d, d → e
  private let graph = RevisionGraph([
    Revision(id: "a"),
    Revision(id: "b", parents: ["a"]),
    Revision(id: "c", parents: ["a"]),
    Revision(id: "d", parents: ["b", "c"]),
    Revision(id: "e", parents: ["d"]),
  ])

  @Test func `takes every revision up, down and up, parents first`() {
    let walk = WalkPlanner(graph: graph).walk(on: .sqlite)
    #expect(walk.roundTrips.map(\.revision.id) == ["a", "b", "c", "d", "e"])
    #expect(walk.roundTrips.allSatisfy { $0.steps == [.upgrade, .downgrade, .reupgrade] })
    #expect(walk.approach.isEmpty)
    #expect(walk.descent == ["e", "d", "c", "b", "a"])
    #expect(walk.ascent == ["a", "b", "c", "d", "e"])
    #expect(walk.descentReason == nil)
  }

  @Test func `a range is reached in one go and leaves out what lies outside it`() {
    let walk = WalkPlanner(graph: graph, scope: .range(.init(after: "b", upTo: "d"))).walk(
      on: .sqlite)
    #expect(walk.roundTrips.map(\.revision.id) == ["c", "d"])
    #expect(walk.approach == ["a", "b"])
    #expect(walk.descent == ["d", "c"])
  }

  @Test func `revisions older than the floor are not taken down, and the descent ends there`() {
    let walk = WalkPlanner(graph: graph, downgradeFloor: "c").walk(on: .postgresql)
    #expect(walk.roundTrips.map(\.steps.count) == [1, 3, 3, 3, 3])
    #expect(walk.roundTrips.first?.reason == "older than the downgrade-floor c")
    #expect(walk.descent == ["e", "d", "c", "b"])
    #expect(walk.descentReason == "ends at the downgrade-floor c")
  }

  @Test func `a revision that is skipped takes no step, and the way down and up leads through it`()
  {
    let planner = WalkPlanner(
      graph: graph, downgradeFloor: "b", skipped: ["d": "it needs a dump", "z": "no such"])
    let walk = planner.walk(on: .sqlite)
    #expect(walk.roundTrips.map(\.steps.count) == [1, 3, 3, 0, 3])
    #expect(walk.roundTrips.map(\.isPassedOver) == [false, false, false, true, false])
    #expect(walk.roundTrips[3].reason == "d is not run: it needs a dump")
    #expect(walk.descent == ["e", "d", "c", "b"])
    #expect(walk.ascent == ["a", "b", "c", "d", "e"])
    #expect(planner.unknownRevisions == ["z"])
    #expect(walk.approachReasons.isEmpty)
  }

  @Test func `a revision that is skipped below what is verified is told with its reason`() {
    let planner = WalkPlanner(
      graph: graph, scope: .changed(["e"], since: "main"), skipped: ["b": "it needs a dump"])
    let walk = planner.walk(on: .sqlite)
    #expect(walk.approach == ["a", "b", "c", "d"])
    #expect(walk.approachReasons == ["b, below what is verified, is not run: it needs a dump"])
  }

  @Test func `what changed is verified on top of all the rest, which is taken up in one go`() {
    let walk = WalkPlanner(graph: graph, scope: .changed(["e"], since: "main")).walk(on: .sqlite)
    #expect(walk.approach == ["a", "b", "c", "d"])
    #expect(walk.roundTrips.map(\.revision.id) == ["e"])
    #expect(walk.descent == ["e"])
    #expect(walk.descentReason == nil)
    #expect(walk.reachesHeads)
  }

  @Test func `what follows a changed revision and is unchanged is taken up after it, and no more`()
  {
    let planner = WalkPlanner(
      graph: graph, scope: .changed(["b", "e"], since: "main"), rows: .typical)
    let walk = planner.walk(on: .sqlite)
    #expect(walk.approach == ["a", "c"])
    #expect(walk.roundTrips.map(\.revision.id) == ["b", "d", "e"])
    #expect(walk.roundTrips.map(\.steps.count) == [5, 1, 5])
    #expect(walk.roundTrips[1].reason == "unchanged since main")
    #expect(walk.descent == ["e"])
    #expect(walk.descentReason == "ends at revisions that are unchanged since main")
    #expect(walk.ascent == ["b", "d", "e"])
    #expect(walk.reachesHeads)
  }

  @Test func `where nothing changed all of the history is taken up for what is held against it`() {
    let walk = WalkPlanner(graph: graph, scope: .changed([], since: "main")).walk(on: .sqlite)
    #expect(walk.approach == ["a", "b", "c", "d", "e"])
    #expect(walk.roundTrips.isEmpty)
    #expect(walk.reachesHeads)
  }

  @Test func `names that the history does not know are told`() {
    let planner = WalkPlanner(graph: graph, scope: .range(.init(after: "x")), downgradeFloor: "y")
    #expect(planner.unknownRevisions == ["x", "y"])
  }
}
