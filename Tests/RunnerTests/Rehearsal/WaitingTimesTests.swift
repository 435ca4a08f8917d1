import Databases
import Schemas
import Testing
import Walks

@testable import Runner

@Suite struct `Waiting times` {
  private let users = ObjectID(.table, schema: "public", ["users"])

  @Test func `are as long as the longest stretch of locks that follow on each other`() {
    var waits = WaitingTimes()
    waits.add(.writes, on: users, from: 0, until: 2)
    waits.add(.readsAndWrites, on: users, from: 1, until: 3)
    waits.add(.readsAndWrites, on: users, from: 5, until: 6)
    #expect(waits.longest(for: .writes, on: users) == 3)
    #expect(waits.longest(for: .readsAndWrites, on: users) == 2)
  }

  @Test func `of who locks rows are those of locks that keep readers off, and of EXCLUSIVE`() {
    var waits = WaitingTimes()
    waits.add(LockMode.share.blocks, on: users, from: 0, until: 9)
    waits.add(LockMode.exclusive.blocks, on: users, from: 2, until: 4)
    waits.add(LockMode.accessExclusive.blocks, on: users, from: 4, until: 5)
    #expect(waits.longest(for: .writes, on: users) == 9)
    #expect(waits.longest(for: .writesAndRowLocks, on: users) == 3)
    #expect(waits.longest(for: .readsAndWrites, on: users) == 1)
  }

  @Test func `are nought for locks in nobody's way, and on other tables`() {
    var waits = WaitingTimes()
    waits.add(.nothing, on: users, from: 0, until: 2)
    waits.add(.writes, on: ObjectID(.table, ["logs"]), from: 0, until: 2)
    #expect(waits.longest(for: .writes, on: users) == 0)
  }
}
