import Schemas

/// One call, and when it can run among others.
struct AlembicOperation {
  /// The order in which a difference is undone: what depends on others goes first and comes last.
  enum Phase: Int, Comparable {
    case dropDependents, dropConstraints, dropIndexes
    case createHolders, createTables, addColumns, alterColumns
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

  /// What cannot be undone by a line that is certain to be right.
  static func none(for object: ObjectID, _ why: String) -> AlembicOperation {
    let text = "# no operation for \(object): \(why)"
    return AlembicOperation(
      .describe, text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }
}
