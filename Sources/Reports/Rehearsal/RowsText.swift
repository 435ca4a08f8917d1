import Databases
import Rows
import Rules
import Schemas
import Walks

/// What became of a copy's rows, as lines.
struct RowsText {
  let comparison: RowComparison
  /// What is declared to be meant.
  let declared: [DeclaredFinding]

  /// After the upgrade: every table and column of which there is something to say.
  var linesOfUpgrade: [String] {
    let tables = Words.count(comparison.tables, "table")
    let head =
      "Rows: \(comparison.rowsBefore) in \(tables) before, \(comparison.rowsAfter) after, "
      + "compared in \(comparison.seconds.duration)"
    let lines = comparison.difference.tables.flatMap(lines)
    let isKept = comparison.difference.losses.isEmpty
    return [head] + (isKept ? ["every row and value is still there"] : []) + Self.capped(lines)
  }

  /// After the upgrade: what is not there any more, or not as it was.
  var linesOfLosses: [String] { comparison.difference.losses.tables.flatMap(lines) }

  /// After the way back: what of the copy as it was is not there any more; empty where all of it is.
  var linesOfRollback: [String] {
    Self.capped(comparison.difference.tables.flatMap(losses))
  }

  /// The first few, and how many more there are.
  private static func capped(_ lines: [String]) -> [String] {
    let limit = 20
    guard lines.count > limit + 1 else { return lines }
    return lines.prefix(limit) + ["… \(lines.count - limit) more, all of them in report.json"]
  }

  private func lines(_ table: RowsDifference.Table) -> [String] {
    let least = table.isExact ? "" : "at least "
    let title = table.id.description
    if let reason = table.notCompared { return ["\(title) could not be compared: \(reason)"] }
    if table.after == nil {
      return ["\(title) is gone with \(Words.count(table.rowsBefore, "row"))" + note(table.id)]
    }
    guard let before = table.before else {
      return ["\(title) is new, with \(Words.count(table.rowsAfter, "row"))"]
    }
    var lines: [String] = []
    if table.isRenamed { lines.append("\(title) was called \(before.name)") }
    if table.rowsLost > 0 {
      let rows = Words.count(table.rowsBefore, "row")
      let verb = table.rowsLost == 1 && table.isExact ? "is" : "are"
      lines.append(
        "\(least)\(table.rowsLost) of \(rows) of \(title) \(verb) gone" + note(table.id))
    }
    if table.rowsAdded > 0 {
      lines.append("\(least)\(Words.count(table.rowsAdded, "row")) of \(title) are new")
    }
    return lines + table.columns.flatMap { line($0, of: table, least) }
  }

  private func line(
    _ column: RowsDifference.Column, of table: RowsDifference.Table, _ least: String
  ) -> [String] {
    let id = table.id(of: column)
    if column.isAdded { return [] }
    if column.isDropped {
      return column.valuesBefore == 0
        ? [] : ["\(id) is gone with \(Words.count(column.valuesBefore, "value"))" + note(id)]
    }
    if column.changed > 0 {
      let changes = column.changes.filter { !$0.key.keepsValue && $0.value > 0 }
        .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.value) \($0.key.words)" }
      let count = Words.count(column.changed, "value")
      return ["\(least)\(count) of \(id) differ: \(Words.list(changes))" + note(id)]
    }
    if column.isRenamed, let before = column.before {
      return ["\(id) was called \(before) and has its values"]
    }
    if column.isTypeChanged, let before = column.typeBefore, let after = column.typeAfter {
      return ["\(id) is \(after) instead of \(before) and has its values"]
    }
    return []
  }

  private func losses(_ table: RowsDifference.Table) -> [String] {
    let least = table.isExact ? "" : "at least "
    let title = table.id.qualifiedName
    if let reason = table.notCompared { return ["\(table.id) could not be compared: \(reason)"] }
    guard table.before != nil else { return [] }
    if table.after == nil {
      return [
        "this rollback loses \(table.id) with \(Words.count(table.rowsBefore, "row"))"
          + note(table.id)
      ]
    }
    var lines: [String] = []
    if table.rowsLost > 0 {
      let count = Words.count(table.rowsLost, "row")
      lines.append("this rollback loses \(least)\(count) of \(title)" + note(table.id))
    }
    if table.rowsAdded > 0 {
      let count = Words.count(table.rowsAdded, "row")
      lines.append("this rollback leaves \(least)\(count) in \(title) that were not there")
    }
    for column in table.columns where !column.isAdded {
      let id = table.id(of: column)
      let rows = column.isDropped ? column.valuesBefore : column.lost
      if rows > 0 {
        let count = Words.count(rows, "row")
        lines.append(
          "this rollback loses values of \(id.qualifiedName) in \(least)\(count)" + note(id))
      } else if column.changed > 0 {
        let count = Words.count(column.changed, "row")
        lines.append(
          "this rollback leaves values in \(id.qualifiedName) in \(least)\(count) that had none")
      }
    }
    return lines
  }

  /// Why a difference is meant, where somebody said so.
  private func note(_ object: ObjectID) -> String {
    let rules: Set<RuleName> = ["rows-lost", "data-dropped", "values-lost", "values-changed"]
    let found = declared.first {
      rules.contains($0.finding.rule) && $0.finding.objects.contains(object)
    }
    return found.map { " (declared: \($0.reason))" } ?? ""
  }
}

extension RowsDifference.Table {
  fileprivate var id: ObjectID { ObjectID(.table, schema: name.schema, [name.name]) }

  fileprivate func id(of column: RowsDifference.Column) -> ObjectID {
    ObjectID(.column, schema: name.schema, [name.name, column.after ?? column.before ?? ""])
  }
}

extension ValueChange {
  /// What a value is now.
  fileprivate var words: String {
    switch self {
    case .nulled: "now NULL"
    case .filled: "filled that were NULL"
    case .shifted: "moved by hours"
    case .rounded: "rounded"
    case .truncated: "cut off"
    case .unlinked: "now NULL that pointed to nothing"
    case .misread: "read as what they are not"
    case .replaced, .scale, .documentOrder, .padding, .timeZone, .storageClass, .spelling:
      "replaced"
    }
  }
}
