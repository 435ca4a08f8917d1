import History
import Testing

@testable import Commands

struct HistoryDrawingTests {
  private func drawing(_ revisions: [Revision]) -> String {
    HistoryDrawing.lines(of: RevisionGraph(revisions)).joined(separator: "\n")
  }

  @Test func `a line of revisions is one column`() {
    #expect(
      drawing([
        Revision(id: "a", message: "one"), Revision(id: "b", parents: ["a"], message: "two"),
      ]) == """
        * b (head) two
        * a (base) one
        """)
  }

  @Test func `branches open at a merge and close where they began`() {
    #expect(
      drawing([
        Revision(id: "a"), Revision(id: "b", parents: ["a"], labels: ["left"]),
        Revision(id: "c", parents: ["a"]), Revision(id: "m", parents: ["b", "c"]),
      ]) == #"""
        * m (head; merge)
        |\
        | * c
        * | b (label left)
        |/
        * a (base)
        """#)
  }

  @Test func `two heads and two bases are drawn beside each other`() {
    #expect(
      drawing([
        Revision(id: "a"), Revision(id: "x"), Revision(id: "b", parents: ["a"]),
        Revision(id: "y", parents: ["x"], dependencies: ["a"]),
      ]) == """
        * y (head; needs a)
        | * b (head)
        * | x (base)
         /
        * a (base)
        """)
  }
}
