import Databases
import Testing
import Walks

@testable import Commands

struct EngineChoiceTests {
  @Test func `without PostgreSQL it is left out by name, unless it was asked for`() {
    let without = EngineChoice(asked: nil) { $0 == .sqlite }
    #expect(without.engines == [.sqlite])
    #expect(without.isAssumed)
    #expect(without.leftOut.map(\.engine) == [.postgresql])
    let asked = EngineChoice(asked: [.postgresql]) { $0 == .sqlite }
    #expect(asked.engines == [.postgresql])
    #expect(asked.leftOut.isEmpty)
  }

  @Test func `everything that can be found is taken where nobody asks`() {
    let choice = EngineChoice(asked: nil) { _ in true }
    #expect(choice.engines == [.sqlite, .postgresql])
    #expect(choice.leftOut.isEmpty)
  }
}
