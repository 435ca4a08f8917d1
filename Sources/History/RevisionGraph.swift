/// The history: every revision, what follows what, and what is wrong with that.
///
/// A graph is built from whatever the project holds; a broken one is a value too, whose `problems`
/// say what is wrong. Only a graph `canBeWalked` has a `topologicalOrder` worth following.
package struct RevisionGraph: Sendable {
  /// In topological order where there is one, parents before children and otherwise in the order
  /// given; of revisions with the same id only the first.
  package let revisions: [Revision]
  /// The same with all of those that share an id, each as its own file defines it.
  package let definitions: [Revision]
  package let problems: [GraphProblem]
  private let byID: [RevisionID: Revision]
  private let childrenByID: [RevisionID: [RevisionID]]

  /// Orders the revisions and looks for what Alembic would stumble over.
  package init(_ given: [Revision]) {
    var byID: [RevisionID: Revision] = [:]
    var all: [RevisionID: [Revision]] = [:]
    var unique: [Revision] = []
    for revision in given {
      all[revision.id, default: []].append(revision)
      if byID.updateValue(byID[revision.id] ?? revision, forKey: revision.id) == nil {
        unique.append(revision)
      }
    }
    var problems: [GraphProblem] = []
    var children: [RevisionID: [RevisionID]] = [:]
    var waitingFor: [RevisionID: Int] = [:]
    for revision in unique {
      if let same = all[revision.id], same.count > 1 {
        problems.append(.duplicateRevision(revision.id, files: same.map(\.file)))
      }
      var seen: Set<RevisionID> = []
      for requirement in revision.requirements where seen.insert(requirement).inserted {
        if byID[requirement] == nil {
          problems.append(.missingParent(requirement, of: revision.id))
        } else {
          children[requirement, default: []].append(revision.id)
          waitingFor[revision.id, default: 0] += 1
        }
      }
    }
    var ready = unique.filter { waitingFor[$0.id, default: 0] == 0 }.map(\.id)
    var ordered: [Revision] = []
    var next = 0
    while next < ready.count {
      let id = ready[next]
      next += 1
      if let revision = byID[id] { ordered.append(revision) }
      for child in children[id] ?? [] {
        waitingFor[child, default: 0] -= 1
        if waitingFor[child] == 0 { ready.append(child) }
      }
    }
    let placed = Set(ordered.map(\.id))
    let unplaced = unique.filter { !placed.contains($0.id) }
    if !unplaced.isEmpty {
      problems.append(.cycle(Self.oneCycle(among: unplaced)))
    }
    self.revisions = ordered + unplaced
    definitions = self.revisions.flatMap { all[$0.id] ?? [] }
    self.byID = byID
    self.childrenByID = children
    let heads = Self.heads(of: self.revisions)
    if heads.count > 1, unplaced.isEmpty { problems.append(.multipleHeads(heads)) }
    self.problems = problems
  }

  package subscript(id: RevisionID) -> Revision? { byID[id] }

  /// Whether Alembic itself could run this history: several heads do not prevent that.
  package var canBeWalked: Bool {
    !problems.contains { if case .multipleHeads = $0 { false } else { true } }
  }

  /// The revisions that no other follows as a child. One that another merely depends on is still a
  /// head: so does Alembic count where it refuses `upgrade head` (`RevisionMap.heads`, as against
  /// its `_real_heads`, which decide what the version table holds).
  package var heads: [RevisionID] { Self.heads(of: revisions) }

  /// The revisions that follow nothing.
  package var bases: [RevisionID] { revisions.filter { $0.parents.isEmpty }.map(\.id) }

  /// The revisions that directly follow or depend on this one.
  package func children(of id: RevisionID) -> [RevisionID] { childrenByID[id] ?? [] }

  /// Everything that has to be applied before `id`, itself not included.
  package func ancestors(of id: RevisionID) -> Set<RevisionID> {
    closure(of: id) { self[$0]?.requirements ?? [] }
  }

  /// Everything that needs `id` applied, itself not included.
  package func descendants(of id: RevisionID) -> Set<RevisionID> {
    closure(of: id) { children(of: $0) }
  }

  private func closure(of id: RevisionID, next: (RevisionID) -> [RevisionID]) -> Set<RevisionID> {
    var found: Set<RevisionID> = []
    var open = next(id)
    while let current = open.popLast() {
      if found.insert(current).inserted { open += next(current) }
    }
    return found
  }

  private static func heads(of revisions: [Revision]) -> [RevisionID] {
    let followed = Set(revisions.flatMap(\.parents))
    return revisions.map(\.id).filter { !followed.contains($0) }
  }

  /// Follows requirements among revisions that could not be ordered until one comes round again.
  private static func oneCycle(among unplaced: [Revision]) -> [RevisionID] {
    let byID = Dictionary(unplaced.map { ($0.id, $0) }) { first, _ in first }
    var path: [RevisionID] = []
    var current = unplaced.first
    while let revision = current {
      if let start = path.firstIndex(of: revision.id) { return Array(path[start...]) }
      path.append(revision.id)
      current = revision.requirements.lazy.compactMap { byID[$0] }.first
    }
    return path
  }
}

/// What is wrong with a history's graph.
package enum GraphProblem: Hashable, Sendable {
  /// `of` names a parent or dependency that no file defines.
  case missingParent(RevisionID, of: RevisionID)
  /// Two files or more define the same id.
  case duplicateRevision(RevisionID, files: [String])
  /// Each of these needs the one after it, and the last the first.
  case cycle([RevisionID])
  /// More than one revision that nothing follows: `upgrade head` fails.
  case multipleHeads([RevisionID])
}
