import History
import Walks

/// A merged revision that no file defines any more.
struct DeletedRevision: Rule {
  let name: RuleName = "deleted-revision"
  let severity = Severity.error
  let summary = "no file defines a merged revision any more"
  let explanation = """
    A database that is at a revision names it in its version table. When the file is gone, or has \
    another id, every command of the tool ends with "Can't locate revision" there.

    Revisions that were squashed are told together, with the one that took their place: a database \
    that had not got that far cannot be upgraded any more. A file that only has another name defines \
    the same revision, and is no matter. One that lies in a folder which the tool's settings name no \
    longer defines none. A file that could not be read at the base, e.g. since it computes its id, counts \
    too: nobody can say which revision went with it.

    It is judged with `--since`, and where the project keeps a `stairway.lock`.
    """
  let mend = """
    Bring the files back. What a revision did is undone by a new one.

    To squash old revisions, first make sure that every database has reached the last of them; let \
    the squashed revision keep that one's id, and `allow` it with the reason.
    """

  let triggering = RuleExample(
    """
    # merged: a1 ← 9f31c02e77ab; now there is only a1
    """,
    .changed(
      RevisionChange(
        revision: "b2", formerFile: "migrations/versions/b2_posts.py",
        formerParents: [Revision.example.id])))
  let passing = RuleExample(
    """
    # both files are there, whatever they are called
    """, .changed())

  func findings(in run: JudgedRun) -> [Finding] {
    gone(in: run) + vanished(in: run)
  }

  /// Files of which nobody can say which revision they defined.
  private func vanished(in run: JudgedRun) -> [Finding] {
    guard let since = run.record.log?.since else { return [] }
    return since.vanished.map { file in
      Finding(
        rule: name, severity: severity, file: file.file,
        message: "\(file.file) is merged in \(since.reference) and is gone, and its revision with "
          + "it: which one, it did not tell there, since it could not be read (\(file.reason))",
        fix: JudgedRun.restoring([file.file], from: since.base, in: since.folder))
    }
  }

  private func gone(in run: JudgedRun) -> [Finding] {
    Squash.all(in: run).map { squash in
      let ids = squash.gone.map(\.change.revision)
      let logged = squash.gone[0]
      let successor = squash.successor.flatMap { run.graph[$0] }
      let many = ids.count > 1
      let what =
        many
        ? "\(ids.count) revisions are gone that \(logged.whoseOfMany): \(ids.map(\.text).listed)"
        : "revision \(ids[0]) \(logged.whose), and no file defines it any more"
      let left = squash.gone.filter { $0.change.leftAt != nil }.map(\.change)
      // One that was merged and holds now what the others did is to be as it was, too.
      let survivors = run.changes.filter {
        $0.change.revision == successor?.id && $0.change.formerFile != nil
      }
      let lost = squash.gone.filter { $0.change.leftAt == nil } + survivors
      return Finding(
        rule: name, severity: severity, revision: many ? successor?.id : ids[0],
        file: successor?.file ?? squash.gone.lazy.compactMap(\.change.formerFile).first,
        line: successor?.idLine,
        message: what + Self.words(left) + Self.words(successor, of: squash),
        fix: Self.restoring(lost, left: left)
          + Self.removing(survivors.isEmpty ? successor : nil, besides: lost)
          + Self.leading(back: run.changes.filter { squash.explains($0.change) }, in: run)
          + (successor == nil
            ? "; what \(many ? "they" : "it") did is undone by a new revision" : "")
          + logged.takingUp(many ? "they are" : "it is"))
    }
  }

  private static func words(_ left: [RevisionChange]) -> String {
    let files = left.compactMap(\.leftAt)
    guard !files.isEmpty else { return "" }
    return ": \(files.listed) \(files.count == 1 ? "lies" : "lie") in a folder that the settings "
      + (left.allSatisfy { $0.leftAt == $0.formerFile } ? "name no longer" : "do not name")
  }

  /// What else is to be done where a new revision has taken the place of others: with them, it is too much.
  private static func removing(
    _ successor: Revision?, besides restored: [JudgedRun.LoggedChange]
  ) -> String {
    guard let successor, !restored.contains(where: { $0.change.formerFile == successor.file })
    else { return "" }
    return "; and take \(successor.file) away"
  }

  /// What else is to be done where revisions that stayed follow the new one now.
  private static func leading(back moved: [JudgedRun.LoggedChange], in run: JudgedRun) -> String {
    moved.map(\.change).filter { $0.isMoved && !$0.isEdited }.map { change in
      let parents = change.formerParents
      let line = parents.count == 1 ? run.mendWriter.following(parents[0]) : nil
      return line.map { "; give \(change.revision) back its `\($0)`" }
        ?? "; let \(change.revision) follow \(parents.map(\.text).listed) again"
    }.joined()
  }

  /// What brings files back, and makes those count again that lie elsewhere.
  private static func restoring(
    _ gone: [JudgedRun.LoggedChange], left: [RevisionChange]
  ) -> String {
    var folders: [String] = []
    for file in left.filter({ $0.leftAt == $0.formerFile }).compactMap(\.leftAt) {
      let folder = file.split(separator: "/").dropLast().joined(separator: "/")
      if !folders.contains(folder) { folders.append(folder) }
    }
    let moving = left.compactMap { change -> String? in
      guard let file = change.leftAt, let former = change.formerFile, file != former else {
        return nil
      }
      return "move \(file) back to \(former)"
    }
    let naming = folders.isEmpty ? [] : ["let the settings name \(folders.listed) again"]
    return ((gone.isEmpty ? [] : [restoring(gone)]) + moving + naming).joined(separator: "; ")
  }

  /// Each where it lay, or where it is looked for now.
  private static func restoring(_ gone: [JudgedRun.LoggedChange]) -> String {
    let stayed = gone.filter { $0.change.formerPlace == nil }
    let moved = gone.filter { $0.change.formerPlace != nil }.compactMap { logged in
      logged.change.formerFile.map { logged.restoring($0, as: $0) }
    }
    var commits: [String?] = []
    for logged in stayed where !commits.contains(logged.base) { commits.append(logged.base) }
    let others = commits.compactMap { commit in
      let group = stayed.filter { $0.base == commit }
      return group.first.map { $0.restoring(group.compactMap(\.change.formerFile)) }
    }
    return (others + moved).joined(separator: " && ")
  }

  private static func words(_ successor: Revision?, of squash: Squash) -> String {
    guard let successor else { return "" }
    if squash.gone.contains(where: { $0.change.successor == successor.id }) {
      return ": \(successor.id) does the same under another id, which databases do not know"
    }
    return "; \(successor.id) takes \(squash.gone.count > 1 ? "their" : "its") place, and a "
      + "database that is at one of them cannot go on"
  }
}

extension JudgedRun.LoggedChange {
  /// `whose` for several.
  fileprivate var whoseOfMany: String {
    base == nil ? "stand in \(place)" : "are merged in \(place)"
  }
}
