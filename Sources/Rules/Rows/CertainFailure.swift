import Databases
import Rows
import Schemas
import Walks

/// A failure on rows that any others would have brought about too, whatever they hold.
enum CertainFailure {
  /// NULL where the schema no longer allows it.
  case missingValue
  /// What a column that the step added holds in every row, its default, is not allowed.
  case refusedDefault(UnwrittenColumns.Demand, UnwrittenColumns.Refusal)
  /// SQLite follows foreign keys while a table to which others point is rebuilt.
  case rebuiltParent(String)
  /// The downgrade deletes rows of a table to which those point that the upgrade wrote to another.
  case ownRows(parent: String, child: String)
  /// Deferred constraints wait for the transaction's end to check what it wrote to every row.
  case pendingEvents
}

extension JudgedRun.FailedStep {
  /// nil where the failure may hang on what the rows hold.
  var certainty: CertainFailure? {
    if failure.meansMissingValue { return .missingValue }
    if let parent = rebuiltParent { return .rebuiltParent(parent) }
    if let demand = failure.demand, let statement = failure.statement {
      // Alembic drops the copy after the refused statement.
      let refused = step.statements.lastIndex { $0.error != nil } ?? step.statements.endIndex
      let sent = step.statements[..<refused].filter { $0.error == nil }.map(\.sql)
      let refusal = UnwrittenColumns(sent).refusal(
        of: statement, demand, message: failure.message)
      if let refusal { return .refusedDefault(demand, refusal) }
    }
    return ownRows ?? pendingEvents
  }

  /// A statement that may have met none of production's rows makes nothing certain.
  private var pendingEvents: CertainFailure? {
    guard failure.sqlState == "55006",
      let table = failure.message.firstMatch(of: /"(.+)" because it has pending trigger events/)
    else { return nil }
    let written = StatementTrail(step).writing(to: [TableName(Identifier(String(table.1)))])
    guard let written, !StatementWords(written).names.contains("where") else { return nil }
    return .pendingEvents
  }

  private var rebuiltParent: String? {
    guard engine == .sqlite, failure.message.contains("FOREIGN KEY constraint failed"),
      case .drop(let table)? = failure.statement.flatMap({ TableMove($0) })
    else { return nil }
    let isCopied = step.statements.contains { statement in
      guard case .fill(_, _, _, let source)? = TableMove(statement.sql) else { return false }
      return source.lowercased() == table.lowercased()
    }
    return isCopied ? table : nil
  }

  private var ownRows: CertainFailure? {
    guard step.name == .downgrade, failure.sqlState == "23503",
      let words = failure.message.firstMatch(
        of: /^update or delete on table "(.+)" violates foreign key constraint ".+" on table "(.+)"/
      )
    else { return nil }
    let (parent, child) = (String(words.1), String(words.2))
    let tables = roundTrip?.step(.upgrade)?.rows?.tables ?? []
    let isOwn = [parent, child].allSatisfy { name in
      tables.contains { $0.after?.name.raw == name && $0.rowsAdded > 0 }
    }
    return isOwn ? .ownRows(parent: parent, child: child) : nil
  }
}

extension StepFailure {
  /// NOT NULL without a default fails whatever the rows hold: PostgreSQL's `not_null_violation`, and
  /// SQLite's sentences.
  fileprivate var meansMissingValue: Bool {
    sqlState == "23502" || message.contains("NOT NULL column")
      || message.contains("NOT NULL constraint failed")
      || message.contains("non-constant default")
  }

  /// What a statement was refused for, of what holds for each row.
  fileprivate var demand: UnwrittenColumns.Demand? {
    if meansDuplicates { return .unique }
    if sqlState == "23514" || message.contains("CHECK constraint failed") { return .check }
    if sqlState == "23503" || message.contains("FOREIGN KEY constraint failed") {
      return .reference
    }
    return nil
  }
}

extension CertainFailure {
  /// What to do about it; nil where the adapter knows.
  func fix(in run: JudgedRun, on engine: Engine) -> String? {
    switch self {
    case .missingValue, .pendingEvents: return nil
    case .rebuiltParent(let parent):
      return run.mend(
        "keep foreign keys from being followed while table \(parent) is rebuilt",
        .suspendReferences, on: engine)
    case .ownRows(let parent, let child):
      return "let the downgrade delete the rows that the upgrade wrote to table \(child) before "
        + "those of table \(parent) to which they point"
    case .refusedDefault(.unique, let refusal):
      return
        "add \(refusal.words) with NULL allowed instead of the default, which every row holds, "
        + "and give each row a value of its own before the constraint is made"
    case .refusedDefault(.check, let refusal):
      return
        "take a default for \(refusal.words) that the check allows, or fill it before the check "
        + "is added: every row that is there holds the default"
    case .refusedDefault(.reference, let refusal):
      let parent = refusal.parent.map { "table \($0)" } ?? "the other table"
      return
        "write the row to which the default of \(refusal.words) points into \(parent) before the "
        + "key is added, or add the column with NULL allowed and without a default"
    }
  }
}

extension UnwrittenColumns.Refusal {
  fileprivate var words: String {
    "column\(columns.count == 1 ? "" : "s") \(columns.joined(separator: ", "))"
  }
}
