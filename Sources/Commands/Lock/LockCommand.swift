import History
import Platform

/// `stairway lock`: takes the revisions up into the project's own record of what is merged.
enum LockCommand: Command {
  static let syntax = CommandSyntax(
    "lock", overview: "Record what every revision does in stairway.lock, a line each.",
    discussion: """
      Where the file is there, `stairway verify` says which merged revisions were
      edited, moved or deleted. What the file knows and has changed is not taken
      up unless asked for: --accept-changes for all of it, --accept REVISION for
      what is named. Exit status: 0 up to date, 1 out of date, with --check, or not
      to be taken up.
      """,
    positionals: [
      Positional("PROJECT", isRequired: false, help: "The project's folder (default: this one).")
    ],
    options: [
      Option("check", help: "Write nothing; end with status 1 where the file is out of date."),
      Option(
        "accept-changes", help: "Take up revisions that were edited, moved or deleted as well."),
      Option(
        "accept", value: "REVISION", isRepeatable: true,
        help: "Take up this one though it was edited, moved or deleted; may be repeated."),
      .config, .python,
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    for option in ["accept-changes", "accept"] where arguments.has("check") && arguments.has(option)
    {
      throw UsageError.other(
        "'--check' writes nothing, '--\(option)' does. Please give one of them.", syntax)
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
    let updated = lock.updated(to: readings)
    for change in changes.changes { invocation.tell(words(for: change) + "\n") }
    if arguments.has("check") {
      return check(file, against: changes, isCurrent: updated == lock, in: invocation)
    }
    let accepted = try accepted(arguments, among: changes.changes)
    guard changes.changes.allSatisfy({ accepted.contains($0.revision) }) else {
      invocation.tell(
        """
        nothing was written: bring them back as they were, and make the changes in new revisions
          fix: where they are meant, or not merged yet: stairway lock --accept-changes, \
        or --accept REVISION for each that is

        """)
      return .findings
    }
    if updated != lock || file.lock == nil { try Files.rewrite(file.path, with: updated.text) }
    let added = changes.added.count
    let what = added == 0 ? "" : ", \(added) of them new"
    invocation.show(
      "\(HistoryLock.fileName) holds \(count(updated.entries.count))\(what)\n")
    return .verified
  }

  /// The revisions whose changes are to be taken up.
  private static func accepted(
    _ arguments: ParsedArguments, among changes: [RevisionChange]
  ) throws -> Set<RevisionID> {
    let changed = changes.map(\.revision)
    if arguments.has("accept-changes") { return Set(changed) }
    let named = arguments.all("accept").map { RevisionID($0) }
    if let other = named.first(where: { !changed.contains($0) }) {
      throw Complaint(
        "unchanged-revision",
        "nothing is to be accepted of \(other): it is in "
          + "\(HistoryLock.fileName) as it is, or not at all",
        fix: "`stairway lock --check` lists what differs", outcome: .usage)
    }
    return Set(named)
  }

  /// - Parameter isCurrent: whether the file would be written as it is.
  private static func check(
    _ file: LockFile, against changes: HistoryChanges, isCurrent: Bool, in invocation: Invocation
  ) -> Outcome {
    guard let lock = file.lock else {
      invocation.tell("there is no \(HistoryLock.fileName)\n  fix: stairway lock\n")
      return .findings
    }
    for revision in changes.added {
      invocation.tell("revision \(revision) is not in \(HistoryLock.fileName)\n")
    }
    guard changes.added.isEmpty, changes.changes.isEmpty else {
      invocation.tell(
        changes.changes.isEmpty
          ? "  fix: stairway lock\n"
          : "  fix: bring them back as they were, and make the changes in new revisions; where they are "
            + "meant, or not merged yet: stairway lock --accept-changes\n")
      return .findings
    }
    guard isCurrent else {
      invocation.tell(
        "\(HistoryLock.fileName) is of an older form, which tells less of a revision\n"
          + "  fix: stairway lock\n")
      return .findings
    }
    invocation.show(
      "\(HistoryLock.fileName) is up to date: \(count(lock.entries.count))\n")
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
