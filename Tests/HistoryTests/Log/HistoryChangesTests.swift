import History
import Testing

@Suite struct `History changes` {
  private func reading(
    _ id: RevisionID, after parents: RevisionID..., file: String? = nil, digest: String? = nil,
    parts: [RevisionReading.Part] = [], text: String? = nil
  ) -> RevisionReading {
    RevisionReading(
      revision: Revision(id: id, parents: parents, file: file ?? "\(id).py"), digest: digest,
      parts: parts, text: text)
  }

  @Test func `new revisions are told in their order, and the same ones not at all`() {
    let before = [reading("a1"), reading("b2", after: "a1")]
    let changes = HistoryChanges(
      from: before, to: before + [reading("c3", after: "b2"), reading("d4", after: "c3")])
    #expect(changes.added == ["c3", "d4"])
    #expect(changes.changes.isEmpty)
  }

  @Test func `another name of the file is no change`() {
    let changes = HistoryChanges(
      from: [reading("a1", file: "a1_old.py", digest: "x")],
      to: [reading("a1", file: "a1_new.py", digest: "x")])
    #expect(changes.added.isEmpty)
    #expect(changes.changes.isEmpty)
  }

  @Test func `an edit is told by its part, with the lines that differ`() throws {
    let old = reading(
      "a1", digest: "x",
      parts: [.init(name: "upgrade", digest: "1", firstLine: 2, lastLine: 4)],
      text: "import op\ndef upgrade():\n    one()\n    two()\n# end")
    let new = reading(
      "a1", digest: "y",
      parts: [
        .init(name: "upgrade", digest: "2", firstLine: 1, lastLine: 3),
        .init(name: "", digest: "3", firstLine: 5, lastLine: 5),
      ], text: "def upgrade():\n    one()\n    three()\n\nX = 1")
    let change = try #require(HistoryChanges(from: [old], to: [new]).changes.first)
    #expect(change.isEdited)
    #expect(!change.isMoved)
    #expect(
      change.parts == [
        .init(
          name: "upgrade", line: 1, difference: ["     one()", "-    two()", "+    three()"]),
        .init(name: "", line: 5, difference: ["+X = 1"]),
      ])
  }

  @Test
  func `a file that reads otherwise and does the same is told apart from one that is the same`() {
    func file(_ text: String?) -> RevisionReading { reading("a1", digest: "x", text: text) }
    let other = HistoryChanges(from: [file("x = 1")], to: [file("x = 1  # one")])
    #expect(other.changes.isEmpty)
    #expect(other.reworded == ["a1"])
    #expect(other.without(same: ["a1"], gone: []).reworded.isEmpty)
    for (before, now) in [("x = 1", "x = 1"), (nil, "x = 1"), ("x = 1", nil)] {
      #expect(HistoryChanges(from: [file(before)], to: [file(now)]).reworded.isEmpty)
    }
  }

  @Test func `what was not read is not taken for edited`() {
    #expect(
      HistoryChanges(from: [reading("a1", digest: "x")], to: [reading("a1")]).changes.isEmpty)
  }

  @Test func `a revision that follows something else is moved, whatever the order of its parents`()
    throws
  {
    let merge = reading("d4", after: "b2", "c3")
    #expect(
      HistoryChanges(from: [merge], to: [reading("d4", after: "c3", "b2")]).changes.isEmpty)
    let change = try #require(
      HistoryChanges(from: [merge], to: [reading("d4", after: "b2")]).changes.first)
    #expect(change.isMoved)
    #expect(!change.isEdited)
    #expect(change.formerParents == ["b2", "c3"])
    #expect(change.parents == ["b2"])
  }

  @Test func `another id is a revision that is gone and one that is new, and does the same`() throws
  {
    let changes = HistoryChanges(
      from: [reading("a1"), reading("b2", after: "a1", digest: "x")],
      to: [
        reading("a1"), reading("c3", after: "a1", digest: "x"),
        reading("d4", after: "c3", digest: "x"),
      ])
    #expect(changes.added == ["c3", "d4"])
    let gone = try #require(changes.changes.first)
    #expect(gone.isGone)
    #expect(gone.successor == "c3")
  }
}

@Suite struct `Forthcoming merge` {
  private let base = [
    Revision(id: "a1", file: "a1.py"), Revision(id: "b2", parents: ["a1"], file: "b2.py"),
  ]
  private let ours = Revision(id: "c3", parents: ["b2"], file: "c3.py")
  private let theirs = Revision(id: "d4", parents: ["b2"], file: "d4.py")

  @Test func `what the other branch has gained comes in`() {
    let merge = ForthcomingMerge(base: base, theirs: base + [theirs], ours: base + [ours])
    #expect(merge.arriving == [theirs])
    #expect(merge.merged(into: base + [ours]) == base + [ours, theirs])
  }

  @Test func `what the other branch has deleted goes`() {
    let merge = ForthcomingMerge(base: base, theirs: [base[0]], ours: base + [ours])
    #expect(merge.merged(into: base + [ours]).map(\.id) == ["a1", "c3"])
  }

  @Test func `a file that both have taken over comes once, one of the same id twice`() {
    let copied = ForthcomingMerge(base: base, theirs: base + [ours], ours: base + [ours])
    #expect(copied.isEmpty)
    let other = Revision(id: "c3", parents: ["b2"], file: "c3_posts.py")
    let twice = ForthcomingMerge(base: base, theirs: base + [other], ours: base + [ours])
    #expect(
      twice.merged(into: base + [ours]).map(\.file) == ["a1.py", "b2.py", "c3.py", "c3_posts.py"])
  }

  @Test func `a revision that the other branch has put elsewhere takes the place of ours`() {
    let moved = Revision(id: "b2", parents: ["z0"], file: "b2_new.py")
    let merge = ForthcomingMerge(base: base, theirs: [base[0], moved], ours: base)
    #expect(merge.merged(into: base) == [base[0], moved])
    // Where this branch has moved it too, git tells the conflict.
    let own = Revision(id: "b2", parents: [], file: "b2.py")
    let both = ForthcomingMerge(base: base, theirs: [base[0], moved], ours: [base[0], own])
    #expect(both.merged(into: [base[0], own]) == [base[0], own])
  }

  @Test func `what both have taken over and the other has put elsewhere stands where it has it`() {
    let elsewhere = Revision(id: "c3", parents: ["d4"], file: "c3.py")
    let merge = ForthcomingMerge(
      base: base, theirs: base + [theirs, elsewhere], ours: base + [ours])
    #expect(merge.merged(into: base + [ours]) == base + [theirs, elsewhere])
  }

  @Test func `a file that has a third and a fourth name is told with both`() {
    func renamed(_ file: String) -> [Revision] {
      [base[0], Revision(id: "b2", parents: ["a1"], file: file)]
    }
    let merge = ForthcomingMerge(base: base, theirs: renamed("b2_t.py"), ours: renamed("b2_o.py"))
    #expect(merge.renamed == [.init(revision: "b2", ours: "b2_o.py", theirs: "b2_t.py")])
    #expect(merge.isEmpty)
    for (theirs, ours) in [("b2_x.py", "b2_x.py"), ("b2.py", "b2_o.py"), ("b2_t.py", "b2.py")] {
      let one = ForthcomingMerge(base: base, theirs: renamed(theirs), ours: renamed(ours))
      #expect(one.renamed == nil)
    }
  }

  @Test func `where the branch was renamed or deleted here nothing comes in`() {
    let renamed = Revision(id: "b2", parents: ["a1"], file: "b2_posts.py")
    #expect(ForthcomingMerge(base: base, theirs: base, ours: [base[0], renamed]).isEmpty)
    #expect(ForthcomingMerge(base: base, theirs: base, ours: [base[0]]).isEmpty)
  }
}
