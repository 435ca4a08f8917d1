internal import Databases
internal import Rows
internal import Schemas

/// What the schema newly allows after an upgrade, as statements that use it on one row each: what users
/// write next, and what a rollback then meets.
struct NewFreedoms {
  /// Each stands for itself: one that some other constraint refuses leaves the others.
  let statements: [String]

  /// - Parameters:
  ///   - change: what the upgrade did to the schema.
  ///   - snapshot: the schema after it.
  init(after change: SchemaDifference, in snapshot: Snapshot) {
    var statements: [String] = []
    let labels = Self.newLabels(change)
    let columns = change.changes.filter {
      $0.id.kind == .column && $0.before != nil && $0.after != nil
    }
    guard !columns.isEmpty || !labels.isEmpty else {
      self.statements = []
      return
    }
    for table in snapshot.tables {
      for column in table.columns where column.generated == nil {
        let id = ObjectID(.column, schema: table.name.schema, [table.name.name, column.name])
        let touched = columns.first { $0.id == id }
        var value: String?
        if let touched, touched.before?[.notNull] != nil, touched.after?[.notNull] == nil {
          value = "NULL"
        } else if let touched, let length = Self.newLength(touched) {
          value = "'\(String(repeating: "x", count: length))'"
        } else if let label = labels.first(where: { column.type == .enumeration($0.all) })?.new {
          value =
            "'\(label.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
        }
        guard let value else { continue }
        statements.append(Self.update(table, column.name, to: value, on: snapshot.engine))
      }
    }
    self.statements = statements
  }

  /// A statement that gives one row of the table another value.
  /// - Parameter value: in SQL.
  static func update(
    _ table: TableShape, _ column: Identifier, to value: String, on engine: Engine
  ) -> String {
    let row = engine == .postgresql ? "ctid" : "rowid"
    let name = table.name.quoted
    return "UPDATE \(name) SET \(column.quoted) = \(value) "
      + "WHERE \(row) = (SELECT \(row) FROM \(name) LIMIT 1)"
  }

  /// One character more than the column took before; nil where it takes no longer texts than it did.
  private static func newLength(_ change: ObjectChange) -> Int? {
    guard case .text(let before)? = change.before?[.type],
      case .text(let after)? = change.after?[.type], let old = length(in: before)
    else { return nil }
    guard let new = length(in: after) else { return after.contains("(") ? nil : old + 1 }
    return new > old ? old + 1 : nil
  }

  /// The length in `character varying(50)` or `VARCHAR(50)`.
  private static func length(in type: String) -> Int? {
    guard type.lowercased().contains("char"), let open = type.firstIndex(of: "(") else {
      return nil
    }
    return Int(type[type.index(after: open)...].prefix { $0.isNumber })
  }

  private static func newLabels(_ change: SchemaDifference) -> [(all: [String], new: String)] {
    change.changes.compactMap { change in
      guard change.id.kind == .type, case .list(let before)? = change.before?["labels"],
        case .list(let after)? = change.after?["labels"],
        let label = after.first(where: { !before.contains($0) })
      else { return nil }
      return (after, label)
    }
  }
}
