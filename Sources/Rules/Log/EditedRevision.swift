import Databases
import History
import Schemas
import Walks

/// A merged revision's file does something else than it did.
struct EditedRevision: Rule {
  let name: RuleName = "edited-revision"
  let severity = Severity.error
  let summary = "the file of a merged revision does something else than when it was merged"
  let explanation = """
    A database that has applied a revision never runs it again. When its file is edited afterwards, \
    databases that were made before the edit and those that are made after it have different schemas, \
    under the same version, for good.

    What counts is what the file does: its syntax tree. Comments, docstrings, formatting, type \
    annotations and what is imported for them, the order of imports, repeated and unused ones do not; other \
    `branch_labels` do, since they say which revision `LABEL@head` means. An edit of `downgrade()` alone is \
    a warning: every database that goes down from now on runs the new one, and there is no other place \
    to mend a downgrade.

    It is judged with `--since`, against the commit at which the branches parted, or against the other branch \
    where the revision came to both since, and where the project keeps a `stairway.lock`, against that.
    """
  let mend = """
    Bring the file back as it was merged, and make the change in a new revision; a `downgrade()` that is \
    mended has no other place, so declare it, by its name: an allowance without one would cover later edits \
    of `upgrade()`, too.

        # stairway: allow edited-revision downgrade because it forgot the index

    Where the edit is meant, e.g. since the revision fails on a newer server and can be applied \
    nowhere, `allow` it with the reason, and run `stairway lock` where there is a lock file.
    """

  let triggering = RuleExample(
    """
    # merged as:  op.create_table("day", sa.Column("mood", sa.String(20)))
    def upgrade():
        op.create_table("day", sa.Column("mood", sa.String(40)))
    """,
    .changed(
      RevisionChange(
        revision: Revision.example.id, formerFile: Revision.example.file, parents: [],
        dependencies: [], isEdited: true,
        parts: [
          .init(
            name: "upgrade", line: 12,
            difference: [
              "-    op.create_table(\"day\", sa.Column(\"mood\", sa.String(20)))",
              "+    op.create_table(\"day\", sa.Column(\"mood\", sa.String(40)))",
            ])
        ])))
  let passing = RuleExample(
    """
    # 9f31c02e77ab stays as it was merged; a new revision has
    def upgrade():
        op.alter_column("day", "mood", type_=sa.String(40))
    """, .changed())

  func findings(in run: JudgedRun) -> [Finding] {
    let squashes = Squash.all(in: run)
    return run.changes.filter(\.change.isEdited).compactMap { logged in
      let change = logged.change
      if squashes.contains(where: { $0.successor == change.revision }) { return nil }
      let isOfDowngrade = change.isOfDowngradeOnly
      return Finding(
        rule: name, severity: isOfDowngrade ? .warning : severity, revision: change.revision,
        objects: isOfDowngrade ? [ObjectID(.function, ["downgrade"])] : [],
        file: run.graph[change.revision]?.file ?? change.formerFile,
        line: change.parts.lazy.compactMap(\.line).first
          ?? run.graph[change.revision]?.upgradeLine,
        message: Self.message(logged),
        evidence: Evidence(source: change.parts.flatMap(\.difference)),
        fix: Self.fix(logged, in: run))
    }
  }

  private static func message(_ logged: JudgedRun.LoggedChange) -> String {
    let change = logged.change
    guard !change.parts.isEmpty else {
      return "revision \(change.revision) does something else than \(logged.place) says"
    }
    let names = change.parts.filter { $0.name != RevisionChange.Part.labels }.map {
      $0.name.isEmpty ? "the code beside its functions" : "\($0.name)()"
    }
    var clauses: [String] = []
    if !names.isEmpty {
      clauses.append("\(names.listed) \(names.count == 1 ? "does" : "do") something else now")
    }
    if names.count < change.parts.count {
      clauses.append("it has other branch labels now, so that LABEL@head means something else")
    }
    return "revision \(change.revision) \(logged.whose), and \(clauses.listed)"
  }

  private static func fix(_ logged: JudgedRun.LoggedChange, in run: JudgedRun) -> String {
    let file = run.graph[logged.change.revision]?.file ?? ""
    guard logged.base != nil else {
      return logged.change.isOfDowngradeOnly
        ? "where it mends the way down, `stairway lock --accept-changes` takes it up; "
          + "else bring \(file) back as it was merged"
        : "bring \(file) back as it was merged, and make the change in a new revision; "
          + "where the edit is meant, `stairway lock --accept-changes` takes it up"
    }
    let former = logged.change.formerFile ?? file
    let isSamePlace = logged.change.formerPlace == nil && former == file
    let command =
      isSamePlace || file.isEmpty
      ? logged.restoring([former]) : logged.restoring(former, as: file)
    if logged.change.isOfDowngradeOnly {
      return "where it mends the way down, declare that in the file: "
        + "`# stairway: allow edited-revision downgrade because …`; else \(command)"
    }
    return "\(command), and make the change in a new revision: "
      + "databases that have \(logged.change.revision) never run it again"
      + (logged.isOfTip
        ? "; where it is another revision that both sides gave the same id, give this one an id of its own"
        : "")
  }
}

extension RevisionChange {
  /// Whether databases that go up are spared the edit.
  var isOfDowngradeOnly: Bool { !parts.isEmpty && parts.allSatisfy { $0.name == "downgrade" } }
}
