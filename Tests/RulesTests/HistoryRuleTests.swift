import History
import Testing
import Walks

@testable import Rules

@Suite struct HistoryRuleTests {
  @Test func `heads are named with the command that joins them`() throws {
    let judgement = RuleBook.judge(
      .history([
        Revision(id: "a1"), Revision(id: "b2", parents: ["a1"], file: "versions/b2.py"),
        Revision(id: "c3", parents: ["a1"]),
      ]))
    let finding = try #require(judgement.findings.first)
    #expect(finding.rule == "multiple-heads")
    #expect(finding.message == "the history has 2 heads: b2 (b2.py) and c3")
    #expect(finding.fix == "merge b2 c3")
    #expect(finding.file == "versions/b2.py")
    #expect(finding.engine == nil)
  }

  @Test func `a parent that is an empty name is told as that`() throws {
    let finding = try #require(
      RuleBook.judge(.history([Revision(id: "a1"), Revision(id: "b2", parents: [""])])).findings
        .first)
    #expect(finding.rule == "missing-parent")
    #expect(finding.message == "revision b2 follows an empty name, which is no revision's")
    #expect(finding.fix?.hasPrefix("write None there where it is the first one") == true)
  }

  @Test(arguments: [
    // Branches with labels of their own, beside one that has none.
    (
      [
        Revision(id: "a1"), Revision(id: "b2", parents: ["a1"]),
        Revision(id: "c3", parents: ["a1"], labels: ["billing"]),
        Revision(id: "d4", parents: ["c3"]),
      ], []
    ),
    // Two heads of one labelled branch, beside another branch.
    (
      [
        Revision(id: "a1", labels: ["shop"]), Revision(id: "b2", labels: ["billing"]),
        Revision(id: "c3", parents: ["b2"]), Revision(id: "d4", parents: ["b2"]),
      ], ["the branch billing has 2 heads: c3 and d4"]
    ),
    // Histories of their own: in one folder by accident, in two on purpose.
    (
      [Revision(id: "a1", file: "shop/a1.py"), Revision(id: "b2", file: "shop/b2.py")],
      ["the history has 2 heads: a1 (a1.py) and b2 (b2.py)"]
    ),
    ([Revision(id: "a1", file: "shop/a1.py"), Revision(id: "b2", file: "billing/b2.py")], []),
    (
      [
        Revision(id: "a1", file: "shop/a1.py"),
        Revision(id: "b2", parents: ["a1"], file: "shop/b2.py"),
        Revision(id: "c3", parents: ["a1"], file: "billing/c3.py"),
      ], ["the history has 2 heads: b2 (b2.py) and c3 (c3.py)"]
    ),
    // Merging a branch of its own into one side says nothing of the other.
    (
      [
        Revision(id: "a1"), Revision(id: "x1", labels: ["billing"]),
        Revision(id: "m1", parents: ["a1", "x1"]), Revision(id: "c1", parents: ["a1"]),
      ], ["the history has 2 heads: c1 and m1"]
    ),
    (
      [
        Revision(id: "a1", file: "shop/a1.py"), Revision(id: "x1", file: "billing/x1.py"),
        Revision(id: "m1", parents: ["a1", "x1"]), Revision(id: "c1", parents: ["a1"]),
      ], ["the history has 2 heads: c1 and m1"]
    ),
    // A label of its own in the middle of a line, and below a merge that brings it back.
    (
      [
        Revision(id: "a1"), Revision(id: "b2", parents: ["a1"]),
        Revision(id: "c3", parents: ["b2"], labels: ["billing"]),
        Revision(id: "d4", parents: ["b2"]),
      ], []
    ),
    (
      [
        Revision(id: "a1"), Revision(id: "b2", parents: ["a1"], labels: ["billing"]),
        Revision(id: "m3", parents: ["a1", "b2"]), Revision(id: "c4", parents: ["a1"]),
      ], ["the history has 2 heads: c4 and m3"]
    ),
    // What follows a file that is missing may not be a head at all.
    (
      [Revision(id: "a1"), Revision(id: "c3", parents: ["b2"])],
      ["revision c3 needs b2, which no file defines"]
    ),
  ])
  func `heads are no defect where they are branches of their own`(
    _ revisions: [Revision], _ messages: [String]
  ) {
    #expect(RuleBook.judge(.history(revisions)).findings.map(\.message) == messages)
  }

  @Test func `a missing parent is named with the one that may be meant`() throws {
    let judgement = RuleBook.judge(
      .history([
        Revision(id: "4cd99ccb2794"), Revision(id: "60815f645d4b", parents: ["4cd99ccb2793"]),
      ]))
    let finding = try #require(judgement.findings.first { $0.rule == "missing-parent" })
    #expect(finding.revision == "60815f645d4b")
    #expect(finding.fix == "did you mean 4cd99ccb2794?")
  }

  @Test func `what a file names is told at its line`() throws {
    var missing = Revision(
      id: "b2", parents: ["a0"], dependencies: ["c0"], file: "versions/b2.py")
    (missing.parentLine, missing.dependencyLine) = (5, 7)
    let findings = RuleBook.judge(.history([missing])).findings
    #expect(findings.map(\.rule) == ["missing-parent", "missing-parent"])
    #expect(Set(findings.map(\.line)) == [5, 7])
    #expect(findings.allSatisfy { $0.file == "versions/b2.py" })

    var round = Revision(id: "a1", parents: ["a1"], file: "versions/a1.py")
    round.parentLine = 4
    let circle = try #require(RuleBook.judge(.history([round])).findings.first)
    #expect(circle.rule == "history-cycle")
    #expect(circle.line == 4)
  }

  @Test func `files of one revision are named shortly in words, and wholly as places`() throws {
    func duplicates(_ files: String...) throws -> Finding {
      let revisions = files.map { file in
        var revision = Revision(id: "a1", file: file)
        revision.idLine = 4
        return revision
      }
      return try #require(
        RuleBook.judge(.history(revisions)).findings.first { $0.rule == "duplicate-revision" })
    }
    let copied = try duplicates("versions/a1.py", "versions/a1_copy.py")
    #expect(copied.message == "revision a1 is defined by a1.py and a1_copy.py")
    #expect(
      copied.evidence.frames
        == [Frame(file: "versions/a1.py", line: 4), Frame(file: "versions/a1_copy.py", line: 4)])
    #expect(
      try duplicates("shop/a1.py", "billing/a1.py").message
        == "revision a1 is defined by shop/a1.py and billing/a1.py")
  }

  @Test func `a circle is told in its order`() {
    let judgement = RuleBook.judge(
      .history([
        Revision(id: "a1", parents: ["b2"]), Revision(id: "b2", parents: ["c3"]),
        Revision(id: "c3", parents: ["a1"]),
      ]))
    #expect(
      judgement.findings.map(\.message) == [
        "revisions need each other in a circle: a1 follows b2, b2 follows c3, c3 follows a1"
      ])
  }

  @Test func `a circle through a dependency begins with it, and a dependency is what to mend`() {
    var dependent = Revision(id: "a1", dependencies: ["b2"])
    dependent.dependencyLine = 6
    let judgement = RuleBook.judge(.history([Revision(id: "b2", parents: ["a1"]), dependent]))
    #expect(
      judgement.findings.map(\.message) == [
        "revisions need each other in a circle: a1 depends on b2, b2 follows a1"
      ])
    #expect(judgement.findings.first?.line == 6)
    #expect(
      judgement.findings.first?.fix
        == "take b2 out of the depends_on of a1, or correct the down_revision that points forward")
    let alone = RuleBook.judge(.history([Revision(id: "a1", dependencies: ["a1"])]))
    #expect(alone.findings.map(\.message) == ["revision a1 depends on itself"])
    #expect(alone.findings.first?.fix == "take a1 out of the depends_on of a1")
  }
}
