import History
import Testing

@Suite struct `History lock` {
  private func reading(
    _ id: RevisionID, after parents: [RevisionID] = [], needing dependencies: [RevisionID] = [],
    labels: [String] = [], digest: String = "aa", upward: String = "ab"
  ) -> RevisionReading {
    RevisionReading(
      revision: Revision(id: id, parents: parents, dependencies: dependencies, labels: labels),
      digest: digest, upwardDigest: upward,
      parts: [.init(name: "downgrade", digest: digest, firstLine: 9, lastLine: 10)])
  }

  @Test func `a line tells what a revision follows, needs and does, and is read back`() throws {
    let lock = HistoryLock().updated(to: [
      reading("a1"), reading("b2", after: ["a1"], digest: "bb"),
      reading("c3", after: ["b2", "a1"], needing: ["x"], digest: "cc"),
      reading("d4", labels: ["two, three", "one"]),
    ])
    #expect(
      lock.text.split(separator: "\n").filter { !$0.hasPrefix("#") } == [
        "a1 - aa ab", "b2 a1 bb ab", "c3 a1,b2,+x cc ab", "d4 @one,@two%2C%20three aa ab",
      ])
    #expect(try HistoryLock(text: lock.text) == lock)
    #expect(try HistoryLock(text: lock.text.replacing("\n", with: "\r\n")) == lock)
  }

  @Test(arguments: [
    "add users, posts", "-", "+1", "@1", "#1", "50%", "<<<<<<< a", "größe", "a\tb", "%2C",
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

  @Test func `a change of the way down or of the labels alone is told as that`() {
    let lock = HistoryLock().updated(to: [reading("a1"), reading("b2"), reading("c3")])
    let changes = lock.changes(to: [
      reading("a1", digest: "other"), reading("b2", labels: ["one"]),
      reading("c3", labels: ["one"], digest: "other", upward: "other"),
    ]).changes
    #expect(changes.map(\.isEdited) == [true, true, true])
    #expect(changes.map { $0.parts.map(\.name) } == [["downgrade"], ["branch_labels"], []])
    #expect(changes[0].parts.map(\.line) == [9])
  }

  @Test func `a file of version 1 is read, and of what it does not tell nothing is said`() throws {
    let old = try HistoryLock(text: "# stairway.lock, version 1: x\na1 - aa\nb2 a1,+a1 aa\n")
    let now = [
      reading("a1", labels: ["one"]), reading("b2", after: ["a1"], needing: ["a1"], upward: "x"),
    ]
    #expect(old.changes(to: now).changes.isEmpty)
    let edited = old.changes(to: [reading("a1", digest: "other"), now[1]]).changes
    #expect(edited.map(\.isEdited) == [true])
    #expect(edited.map(\.parts) == [[]])
    #expect(old.updated(to: now).text.contains("version 2"))
    #expect(old.updated(to: now).text.contains("\na1 @one aa ab\nb2 a1,+a1 aa x\n"))
  }

  @Test(arguments: [
    ("", LockError.Reason.malformed, 1), ("a1 - aa\n", .malformed, 1),
    ("# stairway.lock, version 3: x\n", .laterVersion(3), 1),
    ("# stairway.lock, version 2: x\na1 - aa ab ac\n", .malformed, 2),
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
