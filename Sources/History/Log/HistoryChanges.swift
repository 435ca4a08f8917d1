/// What became of a history between two moments: the one at which its revisions were merged, and now.
package struct HistoryChanges: Hashable, Sendable {
  /// Revisions that are new.
  package let added: [RevisionID]
  /// Those that were there, and are gone or not what they were.
  package let changes: [RevisionChange]
  /// Those that were there, and whose files read otherwise and do the same.
  package let reworded: [RevisionID]

  /// - Parameters:
  ///   - before: the revisions then; those whose text may have changed with their digests.
  ///   - now: the revisions of the project's files, likewise.
  package init(from before: [RevisionReading], to now: [RevisionReading]) {
    let former = Dictionary(before.map { ($0.revision.id, $0) }) { first, _ in first }
    let present = Dictionary(now.map { ($0.revision.id, $0) }) { first, _ in first }
    var seen: Set<RevisionID> = []
    let new = now.filter { former[$0.revision.id] == nil }
    added = new.map(\.revision.id).filter { seen.insert($0).inserted }
    var told: Set<RevisionID> = []
    var reworded: [RevisionID] = []
    changes = before.filter { told.insert($0.revision.id).inserted }.compactMap { old in
      guard let own = present[old.revision.id] else {
        let same = new.first { other in
          other.digest != nil && other.digest == old.digest
            && Set(other.revision.parents) == Set(old.revision.parents)
        }
        return RevisionChange(gone: old.revision, successor: same?.revision.id)
      }
      let change = RevisionChange(from: old, to: own)
      if change.isEdited || change.isMoved { return change }
      if old.text != nil, own.text != nil, old.text != own.text { reworded.append(change.revision) }
      return nil
    }
    self.reworded = reworded
  }

  private init(added: [RevisionID], changes: [RevisionChange], reworded: [RevisionID]) {
    self.added = added
    self.changes = changes
    self.reworded = reworded
  }

  /// What is left where the other branch has come to the same: merged in part, or picked from here.
  ///
  /// - Parameters:
  ///   - same: the revisions whose files it has as they are here.
  ///   - gone: those that it has deleted too; what is gone on both sides is gone for good.
  package func without(same: Set<RevisionID>, gone: Set<RevisionID>) -> HistoryChanges {
    HistoryChanges(
      added: added,
      changes: changes.filter { change in
        !(change.isGone ? gone : same).contains(change.revision)
      }, reworded: reworded.filter { !same.contains($0) })
  }
}

extension RevisionChange {
  fileprivate init(gone revision: Revision, successor: RevisionID?) {
    self.init(
      revision: revision.id, formerFile: revision.file, formerParents: revision.parents,
      formerDependencies: revision.dependencies, successor: successor)
  }

  fileprivate init(from old: RevisionReading, to new: RevisionReading) {
    let doesOther = old.digest != nil && new.digest != nil && old.digest != new.digest
    // They say which revision `label@head` means.
    let isOtherBranch = Set(old.revision.labels) != Set(new.revision.labels)
    let isEdited = doesOther || isOtherBranch
    self.init(
      revision: old.revision.id, formerFile: old.revision.file,
      formerParents: old.revision.parents, formerDependencies: old.revision.dependencies,
      parents: new.revision.parents, dependencies: new.revision.dependencies, isEdited: isEdited,
      parts: !isEdited
        ? []
        : old.text != nil
          ? Self.changedParts(from: old, to: new)
          : Self.knownParts(from: old, to: new, doesOther, isOtherBranch))
  }

  /// What of the change is known without the former text.
  private static func knownParts(
    from old: RevisionReading, to new: RevisionReading, _ doesOther: Bool, _ isOtherBranch: Bool
  ) -> [RevisionChange.Part] {
    var names: [String] = []
    if doesOther {
      guard let upward = old.upwardDigest, upward == new.upwardDigest else { return [] }
      names.append("downgrade")
    }
    if isOtherBranch { names.append(RevisionChange.Part.labels) }
    return names.map { name in
      RevisionChange.Part(
        name: name, line: new.parts.first { $0.name == name }?.firstLine, difference: [])
    }
  }

  private static func changedParts(
    from old: RevisionReading, to new: RevisionReading
  ) -> [RevisionChange.Part] {
    let formerParts = Dictionary(old.parts.map { ($0.name, $0) }) { first, _ in first }
    let present = Set(new.parts.map(\.name))
    let changed = new.parts.filter { formerParts[$0.name]?.digest != $0.digest }.map { part in
      let former = formerParts[part.name]
      let before = former.map { old.lines(of: $0, unlessIn: new.lines(outside: part)) } ?? []
      let now = new.lines(of: part, unlessIn: former.map(old.lines(outside:)) ?? [])
      // Where a function's own lines are the same, what they use is imported from elsewhere.
      return RevisionChange.Part(
        name: part.name, line: part.firstLine,
        difference: before == now
          ? LineDifference.lines(from: old.lines, to: new.lines)
          : LineDifference.lines(from: before, to: now))
    }
    let gone = old.parts.filter { !present.contains($0.name) }.map { part in
      RevisionChange.Part(
        name: part.name, line: nil,
        difference: LineDifference.lines(from: old.lines(of: part), to: []))
    }
    return changed + gone
  }
}

extension RevisionReading {
  fileprivate var lines: [String] {
    (text ?? "").split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
  }

  /// A part's lines.
  ///
  /// - Parameter elsewhere: what the other side has outside of the part: how far a part reaches depends on
  ///   what else is there, so that a line may lie outside of it on one side alone.
  fileprivate func lines(of part: Part, unlessIn elsewhere: [String] = []) -> [String] {
    let elsewhere = Set(elsewhere).subtracting(lines(outside: part))
    return zip(1..., lines).filter { number, line in
      isIn(part, number) && !elsewhere.contains(line)
    }.map(\.1)
  }

  /// The lines that a part does not have, but for the empty ones.
  fileprivate func lines(outside part: Part) -> [String] {
    zip(1..., lines).filter { number, line in !isIn(part, number) && !line.isEmpty }.map(\.1)
  }

  /// Whether the line is the part's; those between the functions are what stands beside them.
  private func isIn(_ part: Part, _ number: Int) -> Bool {
    guard part.firstLine <= number, number <= part.lastLine else { return false }
    return !part.name.isEmpty
      || !parts.contains {
        !$0.name.isEmpty && $0.firstLine <= number && number <= $0.lastLine
      }
  }
}
