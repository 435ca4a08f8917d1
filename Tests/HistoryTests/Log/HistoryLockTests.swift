import History
import Testing

@Suite struct `History lock` {
  private func reading(
    _ id: RevisionID, after parents: [RevisionID] = [], needing dependencies: [RevisionID] = [],
    digest: String = "aa"
  ) -> RevisionReading {
    RevisionReading(
      revision: Revision(id: id, parents: parents, dependencies: dependencies), digest: digest)
  }

  @Test func `a line tells what a revision follows, needs and does, and is read back`() throws {
    let lock = HistoryLock().updated(to: [
      reading("a1"), reading("b2", after: ["a1"], digest: "bb"),
      reading("c3", after: ["b2", "a1"], needing: ["x"], digest: "cc"),
    ])
    #expect(
      lock.text.split(separator: "\n").filter { !$0.hasPrefix("#") } == [
        "a1 - aa", "b2 a1 bb", "c3 a1,b2,+x cc",
      ])
    #expect(try HistoryLock(text: lock.text) == lock)
    #expect(try HistoryLock(text: lock.text.replacing("\n", with: "\r\n")) == lock)
  }

  @Test(arguments: [
    "add users, posts", "-", "+1", "#1", "50%", "<<<<<<< a", "größe", "a\tb", "%2C",
  ])
  func `ids of any letters come back as they were`(id: String) throws {
    let lock = HistoryLock().updated(to: [
      reading(RevisionID(id)), reading("b2", after: [RevisionID(id)]),
    ])
    #expect(try HistoryLock(text: lock.text) == lock, "\(lock.text)")
    #expect(lock.text.split(separator: "\n").count == 4)
  }

  @Test func `new revisions come at the end, whatever they follow`() throws {
    let old = HistoryLock().updated(to: [reading("z9"), reading("b2", after: ["z9"])])
    let new = old.updated(to: [
      reading("a1"), reading("z9", after: ["a1"], digest: "zz"), reading("c3", after: ["z9"]),
    ])
    #expect(new.entries.map(\.revision) == ["z9", "a1", "c3"])
    #expect(new.entries[0].digest == "zz")
  }

  @Test func `what has changed since is told`() {
    let lock = HistoryLock().updated(to: [
      reading("a1"), reading("b2", after: ["a1"]), reading("c3", after: ["b2"]),
    ])
    let now = [
      reading("a1", digest: "other"), reading("c3", after: ["a1"]), reading("d4", after: ["c3"]),
    ]
    let changes = lock.changes(to: now)
    #expect(changes.added == ["d4"])
    #expect(changes.changes.map(\.revision) == ["a1", "b2", "c3"])
    #expect(changes.changes.map(\.isEdited) == [true, false, false])
    #expect(changes.changes.map(\.isGone) == [false, true, false])
    #expect(changes.changes.map(\.isMoved) == [false, false, true])
    #expect(lock.updated(to: now).changes(to: now).changes.isEmpty)
  }

  @Test(arguments: [
    ("", LockError.Reason.malformed, 1), ("a1 - aa\n", .malformed, 1),
    ("# stairway.lock, version 2: x\n", .laterVersion(2), 1),
    ("# stairway.lock, version 1\na1 - aa\na1 aa\n", .malformed, 3),
    ("# stairway.lock, version 1\na1 - aa\n\na1 - bb\n", .twice("a1"), 4),
    ("# stairway.lock, version 1\n<<<<<<< HEAD\na1 - aa\n=======\n", .conflict, 2),
  ])
  func `what cannot be read is told with its line`(
    text: String, reason: LockError.Reason, line: Int
  ) {
    let error = #expect(throws: LockError.self) { try HistoryLock(text: text) }
    #expect(error?.reason == reason)
    #expect(error?.line == line)
  }
}
