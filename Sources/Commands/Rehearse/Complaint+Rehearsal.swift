import Copies
import Databases
import History
import Runner
import Schemas

extension Complaint {
  /// Why what is pending cannot be found out, in the words of whoever stands before the copy.
  init(_ error: RehearsalError) {
    switch error {
    case .unknownVersions(let revisions, let table):
      let names = revisions.map(\.text).joined(separator: ", ")
      self.init(
        "unknown-version",
        "the copy's table \(table) holds \(names), which no file of this project defines: this "
          + "database was last migrated by a branch you do not have",
        fix: "check out what production runs, or merge it into your branch; "
          + "`git log --all -S'\(names)' --oneline` finds the commit that brought it")
    case .overlappingVersions(let version, let later, let table):
      self.init(
        "overlapping-versions",
        "the copy's table \(table) holds \(version) beside \(later), which follows it: `upgrade` refuses "
          + "to go on from there",
        fix: "look in production whether \(later) was run, and delete the row of \(version) if so: "
          + "DELETE FROM \(table) WHERE version_num = '\(version)'")
    case .noVersionTable(let table, let tables):
      self.init(
        "no-version-table",
        "the copy has \(Self.tables(tables)) and no table \(table), so that nothing says which "
          + "revisions it has: it was made without the migrations, by create_all() or by hand",
        fix: Self.stamping)
    case .emptyVersionTable(let table, let tables):
      self.init(
        "no-version",
        "the copy has \(Self.tables(tables)) and its table \(table) is empty, so that every revision "
          + "would be run on what is already there",
        fix: Self.stamping)
    case .severalHeads(let heads):
      self.init(
        "several-heads",
        "the history has \(heads.count) heads (\(heads.map(\.text).joined(separator: ", "))), and one "
          + "command cannot go to all of them",
        fix:
          "merge them, or say how far to go: --to REVISION, or --to heads as `upgrade heads` does",
        outcome: .usage)
    case .nothingPending(let versions):
      let names = versions.map(\.text).joined(separator: ", ")
      self.init(
        "nothing-pending", "nothing is pending: the copy is at \(names)", outcome: .nothingToVerify)
    }
  }

  /// The same of a copy that may lack what production has, where that is the cause.
  init(_ error: RehearsalError, on copy: CopyRecord) {
    func flag(_ table: String) -> String? {
      func holds(_ tables: [TableName]) -> Bool {
        tables.contains { table == $0.name.raw || table.hasSuffix(".\($0.name.raw)") }
      }
      return holds(copy.excludedTables)
        ? "--exclude-table" : holds(copy.schemaOnlyTables) ? "--schema-only-tables" : nil
    }
    switch error {
    case .noVersionTable(let table, _), .emptyVersionTable(let table, _):
      guard let flag = flag(table) else { break }
      self.init(
        CopyError.Code.badSelection.rawValue,
        "\(flag) left out what \(table) holds, which says what is pending",
        fix: "narrow its pattern so that it does not mean \(table)", outcome: .usage)
      return
    default: break
    }
    self.init(error)
  }

  private static func tables(_ count: Int) -> String { "\(count) table\(count == 1 ? "" : "s")" }

  private static let stamping =
    "find the revision whose schema it has, record it in production with the tool's "
    + "`stamp REVISION`, which runs nothing, and rehearse what comes after it"

  /// Why there is no copy.
  init(_ error: CopyError) {
    self.init(
      error.code.rawValue, error.message, fix: error.fix,
      outcome: error.isUsage ? .usage : .couldNotVerify)
  }
}
