import Testing

@testable import Commands

@Suite struct `A length of time` {
  @Test(arguments: [
    ("500ms", 0.5), ("30s", 30), ("1.5min", 90), ("2h", 7_200), (" 2 s", 2),
  ])
  func `is read with its unit`(text: String, seconds: Double) {
    #expect(DurationText.seconds(text) == seconds)
  }

  @Test(arguments: [
    "500", "", "s", "-1s", "0s", "1e3s", "1d", "infs", "1s2", "one s", "501h", "99999999999999h",
  ])
  func `is nothing else`(text: String) {
    #expect(DurationText.seconds(text) == nil)
  }
}
