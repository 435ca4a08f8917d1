import Testing

@testable import Databases

@Suite struct SpellingTests {
  @Test(arguments: [
    ("emial", "email"), ("user", "users"), ("EMAIL", "email"), ("x", nil), ("frobnicate", nil),
  ])
  func `a slip finds the name that was meant`(_ written: String, _ meant: String?) {
    #expect(Spelling.nearest(to: written, among: ["users", "email", "id"]) == meant)
  }

  @Test func `neighbours swapped are one slip`() {
    #expect(Spelling.distance(Array("ab"), Array("ba")) == 1)
    #expect(Spelling.distance(Array("kitten"), Array("sitting")) == 3)
    #expect(Spelling.distance([], Array("abc")) == 3)
  }
}
