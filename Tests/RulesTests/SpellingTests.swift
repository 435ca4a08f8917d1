import Testing

@testable import Rules

@Suite struct SpellingTests {
  @Test(arguments: [
    ("upgrade-fail", "upgrade-fails"), ("downgrade-leaves-traces", "downgrade-leaves-trace"),
    ("mutliple-heads", "multiple-heads"), ("MISSING-DOWNGRADE", "missing-downgrade"),
    ("ascent", "ascent-differs"),
  ])
  func `a slip finds the rule that was meant`(_ written: String, _ meant: String) {
    #expect(RuleBook.nearest(to: written)?.text == meant)
  }

  @Test(arguments: ["", "x", "frobnicate"])
  func `what resembles nothing finds nothing`(_ written: String) {
    #expect(RuleBook.nearest(to: written) == nil)
  }
}
