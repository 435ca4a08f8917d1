import History
import Platform

/// `stairway lock`: takes the revisions up into the project's own record of what is merged.
enum LockCommand: Command {
  static let syntax = CommandSyntax(
    "lock", overview: "Record what every revision does in stairway.lock, a line each.",
    discussion: """
      Where the file is there, `stairway verify` says which merged revisions were
      edited, moved or deleted. What the file knows and has changed is not taken
      up unless asked for. Exit status: 0 up to date, 1 out of date, with --check,
      or not to be taken up.
      """,
    positionals: [
      Positional("PROJECT", isRequired: false, help: "The project's folder (default: this one).")
    ],
    options: [
      Option("check", help: "Write nothing; end with status 1 where the file is out of date."),
      Option(
        "accept-changes", help: "Take up revisions that were edited, moved or deleted as well."),
      .config, .python,
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    if arguments.has("check"), arguments.has("accept-changes") {
      throw UsageError.other(
        "'--check' writes nothing, '--accept-changes' does. Please give one of them.", syntax)
    }
    let folder = try ProjectFolder(arguments, in: invocation)
    let file = try LockFile(in: folder.path)
    let (project, graph, absence) = try folder.projectIfAny()
    // Where the file knows revisions, that none is left is an answer: all of them are deleted.
    if let absence, file.lock?.entries.isEmpty ?? true { throw absence }
    guard graph.canBeWalked else {
      throw Complaint(
        "broken-history", "the history cannot be followed, so it is not recorded",
        fix: "`stairway history` says what is wrong with it")
    }
    let readings = try LockFile.readings(of: project, graph, in: folder.path)
    let lock = file.lock ?? HistoryLock()
    let changes = lock.changes(to: readings)
    for change in changes.changes { invocation.writeError(words(for: change) + "\n") }
    if arguments.has("check") {
      return check(file, against: changes, count: lock.entries.count, in: invocation)
    }
    guard changes.changes.isEmpty || arguments.has("accept-changes") else {
      invocation.writeError(
        """
        nothing was written: bring them back as they were, and make the changes in new revisions
          fix: where they are meant, or not merged yet: stairway lock --accept-changes

        """)
      return .findings
    }
    let updated = lock.updated(to: readings)
    if updated != lock || file.lock == nil { try Files.write(updated.text, to: file.path) }
    let added = changes.added.count
    let what = added == 0 ? "" : ", \(added) of them new"
    invocation.writeOutput(
      "\(HistoryLock.fileName) holds \(count(updated.entries.count))\(what)\n")
    return .verified
  }

  private static func check(
    _ file: LockFile, against changes: HistoryChanges, count known: Int, in invocation: Invocation
  ) -> Outcome {
    if file.lock == nil {
      invocation.writeError("there is no \(HistoryLock.fileName)\n  fix: stairway lock\n")
      return .findings
    }
    for revision in changes.added {
      invocation.writeError("revision \(revision) is not in \(HistoryLock.fileName)\n")
    }
    guard changes.added.isEmpty, changes.changes.isEmpty else {
      invocation.writeError(
        "  fix: stairway lock\(changes.changes.isEmpty ? "" : " --accept-changes")\n")
      return .findings
    }
    invocation.writeOutput("\(HistoryLock.fileName) is up to date: \(count(known))\n")
    return .verified
  }

  private static func words(for change: RevisionChange) -> String {
    let file = HistoryLock.fileName
    if change.isGone {
      return "revision \(change.revision) is in \(file), and no file defines it any more"
    }
    if change.isMoved { return "revision \(change.revision) does not follow what \(file) says" }
    return "revision \(change.revision) does something that \(file) does not say"
  }

  private static func count(_ number: Int) -> String {
    number == 1 ? "1 revision" : "\(number) revisions"
  }
}
