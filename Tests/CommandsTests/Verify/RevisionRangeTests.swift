import History
import Testing
import Walks

@testable import Commands

struct RevisionRangeTests {
  private let graph = RevisionGraph([
    Revision(id: "1aaa"), Revision(id: "1abb", parents: ["1aaa"]),
    Revision(id: "2ccc", parents: ["1aaa"]), Revision(id: "3ddd", parents: ["1abb", "2ccc"]),
  ])

  @Test(arguments: [
    (nil, RevisionRange()), ("1aaa..3ddd", RevisionRange(after: "1aaa", upTo: "3ddd")),
    ("1aaa..", RevisionRange(after: "1aaa")), ("..2c", RevisionRange(upTo: "2ccc")),
    ("base..head", RevisionRange()), ("1abb", RevisionRange(after: "1aaa", upTo: "1abb")),
    ("1aaa", RevisionRange(upTo: "1aaa")),
  ])
  func `a range names what is to be verified`(argument: String?, range: RevisionRange) throws {
    #expect(try RevisionRange(argument, in: graph) == range)
  }

  @Test(arguments: [
    ("9zzz..", "unknown-revision"), ("1a..", "unknown-revision"), ("3ddd", "ambiguous-range"),
  ])
  func `what the history does not have is a mistake`(argument: String, code: String) {
    let error = #expect(throws: Complaint.self) { try RevisionRange(argument, in: graph) }
    #expect(error?.code == code)
    #expect(error?.outcome == .usage)
  }

  @Test(arguments: ["heads..", "head..3ddd", "..base"])
  func `a range that can hold nothing is not taken for everything`(argument: String) {
    let error = #expect(throws: Complaint.self) { try RevisionRange(argument, in: graph) }
    #expect(error?.code == "empty-range")
    #expect(error?.outcome == .nothingToVerify)
  }
}
