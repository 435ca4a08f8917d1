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
    #expect(finding.message == "the history has 2 heads: b2 (versions/b2.py) and c3")
    #expect(finding.fix == "merge b2 c3")
    #expect(finding.engine == nil)
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

  @Test func `a circle is told in its order`() {
    let judgement = RuleBook.judge(
      .history([
        Revision(id: "a1", parents: ["b2"]), Revision(id: "b2", parents: ["c3"]),
        Revision(id: "c3", parents: ["a1"]),
      ]))
    #expect(
      judgement.findings.map(\.message) == [
        "revisions need each other in a circle: a1 needs b2 needs c3 needs a1"
      ])
  }
}
