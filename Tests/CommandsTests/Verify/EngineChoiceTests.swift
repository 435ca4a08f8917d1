import Databases
import Testing
import Walks

@testable import Commands

struct EngineChoiceTests {
  @Test func `without PostgreSQL it is left out by name, unless it was asked for`() {
    let without = EngineChoice(asked: nil) { $0 == .sqlite ? nil : "no programs in /opt" }
    #expect(without.engines == [.sqlite])
    #expect(without.isAssumed)
    #expect(
      without.leftOut == [LeftOutEngine(engine: .postgresql, reason: "no programs in /opt")])
    let asked = EngineChoice(asked: [.postgresql]) { $0 == .sqlite ? nil : "none" }
    #expect(asked.engines == [.postgresql])
    #expect(asked.leftOut.isEmpty)
  }

  @Test func `everything that can be found is taken where nobody asks`() {
    let choice = EngineChoice(asked: nil) { _ in nil }
    #expect(choice.engines == [.sqlite, .postgresql])
    #expect(choice.leftOut.isEmpty)
  }
}
