import Schemas

/// One call, and when it can run among others.
struct AlembicOperation {
  /// The order in which a difference is undone: what depends on others goes first and comes last.
  enum Phase: Int, Comparable {
    /// What is committed by itself, so that the rest stays in one transaction.
    case addLabels
    /// On SQLite by itself, so that the table's batch can forbid NULL in them.
    case addEmptyColumns
    case dropDependents, dropConstraints, dropIndexes
    case createHolders, createTables, addColumns, fillColumns, alterColumns
    case dropColumns, dropTables, dropHolders
    case createKeys, createConstraints, createViews, createIndexes, createDependents, describe

    static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }

    /// Whether what others need goes last in it, and not first.
    var drops: Bool {
      switch self {
      case .dropDependents, .dropConstraints, .dropIndexes, .dropColumns, .dropTables, .dropHolders:
        true
      default: false
      }
    }
  }

  var phase: Phase
  /// Its place among those of the same phase.
  var place = 0
  /// The table whose batch the call belongs to on SQLite; nil where it is a call of `op` itself.
  var batch: Batch?
  /// Whether it is committed before the next one.
  var isCommitted = false
  /// The lines that the call needs beside those that every revision has.
  var imports: [String] = []
  /// The call without its receiver, `drop_index("t_a", table_name="t")`, or a comment.
  let lines: [String]

  struct Batch: Hashable {
    let table: String
    /// Further arguments of `batch_alter_table`, by name.
    var arguments: [String: [String]] = [:]
  }

  init(_ phase: Phase, _ lines: String..., batch: Batch? = nil) {
    self.phase = phase
    self.batch = batch
    self.lines = lines
  }

  /// A statement that Alembic has no operation for.
  static func execute(_ phase: Phase, _ sql: String) -> AlembicOperation {
    AlembicOperation(phase, "execute(\(PythonText.literal(PythonText.escapingBinds(sql))))")
  }

  /// A statement whose effect can only be used once it is committed.
  static func executeCommitted(_ phase: Phase, _ sql: String) -> AlembicOperation {
    var operation = execute(phase, sql)
    operation.isCommitted = true
    return operation
  }

  /// Whether the batch in which it stands copies the table; Alembic adds columns without, but for
  /// those with an expression as default or a stored value
  /// (<https://alembic.sqlalchemy.org/en/latest/batch.html>).
  var copiesTable: Bool {
    guard let batch else { return false }
    return !batch.arguments.isEmpty
      || lines.contains { line in
        if line.hasPrefix("#") { return false }
        return !line.hasPrefix("add_column(") || line.contains("server_default=sa.text(")
          || line.contains("persisted=True")
      }
  }

  /// What the comment that stands for such a one begins with.
  static let noOperation = "# no operation for"

  /// What cannot be undone by a line that is certain to be right.
  static func none(for object: ObjectID, _ why: String) -> AlembicOperation {
    let text = "\(noOperation) \(object): \(why)"
    return AlembicOperation(
      .describe, text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }
}
