import Testing

@testable import History

private func revision(
  _ id: RevisionID, after parents: RevisionID..., needs dependencies: [RevisionID] = [],
  file: String = ""
) -> Revision {
  Revision(id: id, parents: parents, dependencies: dependencies, file: file)
}

struct RevisionGraphTests {
  @Test func `an empty history has nothing wrong and nothing to walk`() {
    let graph = RevisionGraph([])
    #expect(graph.revisions.isEmpty)
    #expect(graph.problems.isEmpty)
    #expect(graph.heads.isEmpty)
    #expect(graph.canBeWalked)
  }

  @Test(arguments: [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]])
  func `a line is ordered from its base whatever order it is given in`(_ given: [String]) {
    let all = [
      "a": revision("a"), "b": revision("b", after: "a"), "c": revision("c", after: "b"),
    ]
    let graph = RevisionGraph(given.compactMap { all[$0] })
    #expect(graph.revisions.map(\.id) == ["a", "b", "c"])
    #expect(graph.heads == ["c"])
    #expect(graph.bases == ["a"])
    #expect(graph.problems.isEmpty)
  }

  @Test func `a merge comes after both its parents and is the only head`() {
    let graph = RevisionGraph([
      revision("m", after: "b", "c"), revision("c", after: "a"), revision("b", after: "a"),
      revision("a"),
    ])
    #expect(graph.revisions.first?.id == "a")
    #expect(graph.revisions.last?.id == "m")
    #expect(graph.heads == ["m"])
    #expect(graph.children(of: "a") == ["c", "b"])
    #expect(graph.ancestors(of: "m") == ["a", "b", "c"])
    #expect(graph.descendants(of: "a") == ["b", "c", "m"])
    #expect(graph.problems.isEmpty)
  }

  @Test func `a dependency is applied first, though it is no parent`() {
    let graph = RevisionGraph([
      revision("b", needs: ["x"]), revision("a"), revision("x", after: "a"),
    ])
    #expect(graph.revisions.map(\.id) == ["a", "x", "b"])
    #expect(graph.ancestors(of: "b") == ["a", "x"])
    #expect(graph.descendants(of: "x") == ["b"])
  }

  @Test func `a dependency alone does not end a head`() {
    let graph = RevisionGraph([revision("a"), revision("b", needs: ["a"])])
    #expect(graph.heads == ["a", "b"])
    #expect(graph.problems == [.multipleHeads(["a", "b"])])
    #expect(graph.canBeWalked)
  }

  @Test func `what is both a parent and a dependency is waited for once`() {
    let graph = RevisionGraph([revision("b", after: "a", needs: ["a"]), revision("a")])
    #expect(graph.revisions.map(\.id) == ["a", "b"])
    #expect(graph.children(of: "a") == ["b"])
    #expect(graph.problems.isEmpty)
  }

  @Test func `several heads are a problem that does not prevent walking`() {
    let graph = RevisionGraph([
      revision("a"), revision("b", after: "a"), revision("c", after: "a"),
    ])
    #expect(graph.problems == [.multipleHeads(["b", "c"])])
    #expect(graph.canBeWalked)
  }

  @Test func `of a duplicate the first counts and all its files are named`() {
    let graph = RevisionGraph([
      revision("a", file: "one.py"), revision("b", after: "a", file: "b.py"),
      revision("a", file: "two.py"), revision("a", file: "three.py"),
    ])
    #expect(graph.definitions.map(\.file) == ["one.py", "two.py", "three.py", "b.py"])
    #expect(graph.problems == [.duplicateRevision("a", files: ["one.py", "two.py", "three.py"])])
    #expect(graph.revisions.map(\.file) == ["one.py", "b.py"])
    #expect(!graph.canBeWalked)
  }

  @Test func `a missing parent is named with who wants it`() {
    let graph = RevisionGraph([revision("a"), revision("b", after: "gone")])
    #expect(graph.problems.contains(.missingParent("gone", of: "b")))
    #expect(!graph.canBeWalked)
    #expect(graph.revisions.map(\.id) == ["a", "b"])
  }

  @Test func `a missing parent is named once, also where it is a dependency too`() {
    let graph = RevisionGraph([revision("b", after: "gone", needs: ["gone"])])
    #expect(graph.problems == [.missingParent("gone", of: "b")])
  }

  @Test func `a revision that follows itself is a cycle of one`() {
    let graph = RevisionGraph([revision("a"), revision("b", after: "b")])
    #expect(graph.problems == [.cycle(["b"])])
    #expect(!graph.canBeWalked)
  }

  @Test func `a cycle is told without what merely follows it`() {
    let graph = RevisionGraph([
      revision("after", after: "c"), revision("a"), revision("b", after: "a", "d"),
      revision("c", after: "b"), revision("d", after: "c"),
    ])
    guard case .cycle(let cycle)? = graph.problems.first else {
      Issue.record("no cycle in \(graph.problems)")
      return
    }
    #expect(Set(cycle) == ["b", "c", "d"])
    for (position, id) in cycle.enumerated() {
      let next = cycle[(position + 1) % cycle.count]
      #expect(graph[id]?.requirements.contains(next) == true)
    }
    #expect(graph.revisions.count == 5)
  }

  @Test func `a dependency closes a cycle as a parent does`() {
    let graph = RevisionGraph([revision("a", needs: ["b"]), revision("b", after: "a")])
    #expect(graph.problems == [.cycle(["a", "b"])])
  }

  @Test func `what cannot be reached because of a missing parent is no cycle`() {
    let graph = RevisionGraph([revision("c", after: "b"), revision("b", after: "gone")])
    #expect(graph.problems == [.missingParent("gone", of: "b")])
    #expect(graph.revisions.map(\.id) == ["b", "c"])
  }

  @Test func `a long history is ordered without growing slow or deep`() {
    let count = 5_000
    let line = (0..<count).map { number in
      Revision(
        id: RevisionID("r\(number)"), parents: number == 0 ? [] : [RevisionID("r\(number - 1)")])
    }
    let graph = RevisionGraph(line.reversed())
    #expect(graph.revisions.map(\.id) == line.map(\.id))
    #expect(graph.ancestors(of: RevisionID("r\(count - 1)")).count == count - 1)
  }
}
