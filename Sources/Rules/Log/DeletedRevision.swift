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
    the same revision, and is no matter.

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
    Squash.all(in: run).map { squash in
      let ids = squash.gone.map(\.change.revision)
      let files = squash.gone.compactMap(\.change.formerFile)
      let logged = squash.gone[0]
      let successor = squash.successor.flatMap { run.graph[$0] }
      let many = ids.count > 1
      let what =
        many
        ? "\(ids.count) revisions are gone that \(logged.whoseOfMany): \(ids.map(\.text).listed)"
        : "revision \(ids[0]) \(logged.whose), and no file defines it any more"
      return Finding(
        rule: name, severity: severity, revision: many ? successor?.id : ids[0],
        file: successor?.file ?? files.first, line: successor?.idLine,
        message: what + Self.words(successor, of: squash),
        fix: logged.restoring(files)
          + (successor == nil
            ? "; what \(many ? "they" : "it") did is undone by a new revision" : ""))
    }
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
