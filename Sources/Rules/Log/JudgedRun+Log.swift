import Formats
import History
import Walks

extension JudgedRun {
  /// A merged revision that is not what it was, and how that is known.
  struct LoggedChange {
    let change: RevisionChange
    /// The commit that has it as it was merged; nil where the lock file tells.
    let base: String?
    /// Whether only the other branch's tip has it so, not where the two parted: it came there since.
    let isOfTip: Bool
    /// What it is said to be merged in: `origin/main`, or the name of the lock file.
    let place: String
    /// The project's folder as the repository names it; empty for its top.
    let folder: String

    /// Beginning of a sentence about it: where it stands that it may not change.
    var whose: String { base == nil ? "stands in \(place)" : "is merged in \(place)" }

    /// What to do where a change of what only the lock file knows is none of a merged revision; empty
    /// where git knows it.
    ///
    /// - Parameter whose: `it is` or `they are`.
    func takingUp(_ whose: String) -> String {
      base == nil
        ? "; where \(whose) not merged yet, `stairway lock --accept-changes` takes that up" : ""
    }

    /// What brings files back as they were.
    func restoring(_ files: [String]) -> String {
      guard let base, !files.isEmpty else { return "bring the file back from the version control" }
      if let module {
        let paths = files.map { ":/\(inModule(inRepository($0)))".quotedForShell }
        return "git -C \(module) checkout \(base) -- \(paths.joined(separator: " "))"
      }
      return JudgedRun.restoring(files, from: base, in: folder)
    }

    /// What gives a file that has another name now the text that it had.
    func restoring(_ former: String, as file: String) -> String {
      guard let base else { return restoring([file]) }
      let place = inModule(change.formerPlace ?? inRepository(former))
      let git = module.map { "git -C \($0)" } ?? "git"
      let show = "\(git) show \("\(base):\(place)".quotedForShell) > "
      return show + (file.hasPrefix("/") ? file.quotedForShell : Self.fromTop(inRepository(file)))
    }

    /// The folder of the submodule in which it lay, where that is now, as a word of a command line; nil where
    /// in none.
    private var module: String? { (change.presentModule ?? change.formerModule).map(Self.fromTop) }

    /// A place of the repository as its submodule names it, where it lay in one.
    private func inModule(_ place: String) -> String {
      guard let module = change.formerModule, place.hasPrefix(module + "/") else { return place }
      return String(place.dropFirst(module.count + 1))
    }

    /// A place of the repository as a word of a command line: the shell takes it from where it stands, git
    /// from the repository's top. `--show-cdup` is the way up there, and empty at the top.
    private static func fromTop(_ place: String) -> String {
      "\"$(git rev-parse --show-cdup)\"" + place.quotedForShell
    }

    private func inRepository(_ file: String) -> String {
      folder.isEmpty || file.hasPrefix("/") ? file : "\(folder)/\(file)"
    }
  }

  /// What brings files back as they were at a commit.
  ///
  /// - Parameter folder: the project's, as the repository names it.
  package static func restoring(_ files: [String], from base: String, in folder: String) -> String {
    // A path that git understands in whatever folder it is called
    // (<https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-top>).
    let top = folder.isEmpty ? ":/" : ":/\(folder)/"
    let paths = files.map { $0.hasPrefix("/") ? $0 : top + $0 }
    return "git checkout \(base) -- "
      + paths.map(\.quotedForShell).joined(separator: " ")
  }

  /// Each merged revision that is not what it was, once: what git tells is told with more.
  var changes: [LoggedChange] {
    let since = record.log?.since.map { since in
      since.changes.map {
        LoggedChange(
          change: $0, base: $0.formerCommit ?? since.base, isOfTip: $0.formerCommit == since.tip,
          place: since.reference, folder: since.folder)
      }
    }
    // One that this branch adds is not merged, whatever the lock file already says of it.
    let known = Set((since ?? []).map(\.change.revision) + (record.log?.since?.added ?? []))
    let lock = record.log?.lock.map { lock in
      lock.changes.filter { !known.contains($0.revision) }
        .map {
          LoggedChange(change: $0, base: nil, isOfTip: false, place: lock.file, folder: "")
        }
    }
    return (since ?? []) + (lock ?? [])
  }

  /// What is wrong with the history after the merge and is not before.
  var problemsOfMerge: [GraphProblem] {
    let own = Set(graph.problems)
    return forthcoming?.problems.filter { !own.contains($0) } ?? []
  }

  /// The branch that this one is to be merged into, as it was named.
  var target: String { record.log?.since?.reference ?? "" }

  /// Whether this branch itself lacks one of these as the merge has it: it is the other's, or has another
  /// place there, or only a merge that CI made has it.
  func lacks(_ ids: [RevisionID]) -> Bool {
    ids.contains { id in
      graph[id] == nil || record.log?.since?.lacking?.contains(id) == true
        || forthcoming.map { $0[id]?.parents != graph[id]?.parents } ?? false
    }
  }

  /// A mend that needs these revisions, behind the merge that brings them where this branch lacks one.
  ///
  /// - Parameter joint: what leads over to it from there: `:` or nothing.
  func merging(_ mend: String, needing ids: [RevisionID], joint: String = ":") -> String {
    lacks(ids) ? "\(renaming)`git merge \(target.quotedForShell)`, then\(joint) \(mend)" : mend
  }

  /// What a merge of two files of one name needs first, each with a revision of its own; empty where there
  /// are none.
  private var renaming: String {
    let moves = collisions.map { revision in
      "git mv \(revision.file.quotedForShell) \(fileAfterMerge(of: revision).quotedForShell)"
    }
    guard !moves.isEmpty else { return "" }
    return "\(target) has \(moves.count == 1 ? "another file" : "other files") of the same name: "
      + "`\(moves.joined(separator: " && "))`, commit that, then "
  }

  /// What this branch adds in files of which the other one has added namesakes.
  private var collisions: [Revision] {
    guard let since = record.log?.since else { return [] }
    let theirs = Dictionary(since.merge.arriving.map { ($0.file, $0.id) }) { first, _ in first }
    return since.added.compactMap { graph[$0] }.filter { revision in
      theirs[revision.file].map { $0 != revision.id } ?? false
    }
  }

  /// Where a revision's file lies once the merge is made: elsewhere than now where the other branch has a
  /// namesake.
  func fileAfterMerge(of revision: Revision) -> String {
    guard collisions.contains(revision), let dot = revision.file.lastIndex(of: ".") else {
      return revision.file
    }
    return "\(revision.file[..<dot])_\(revision.id)\(revision.file[dot...])"
  }

  /// Whether no other branch has the revision yet.
  func isNew(_ id: RevisionID) -> Bool { record.log?.since?.added.contains(id) == true }

  /// Whether a revision is this branch's own: new here, or not where it was.
  func isOfThisBranch(_ id: RevisionID) -> Bool {
    guard let since = record.log?.since else { return false }
    return since.added.contains(id) || since.changes.contains { $0.revision == id && $0.isMoved }
  }
}
