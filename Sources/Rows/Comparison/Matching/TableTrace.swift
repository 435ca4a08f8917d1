import Schemas

/// Follows tables and columns through the statements of a step, so that a rename or a rebuilt table is
/// told from a loss and a gain. Names are SQLite's: equal whatever their case.
struct TableTrace {
  /// Where a table comes from: its name before the statements, nil for one that was made by them.
  struct Origin {
    var table: String?
    /// The name before of each column that has not kept its name; nil for one that was made.
    var columns: [String: String?] = [:]
    /// Whether the columns that `columns` does not name were made too.
    var isComplete = false
    /// The columns that a copy filled from one of another name. Whether that is a rename shows in the
    /// columns of the two tables: the lists of a copy can be mixed up.
    var copied: Set<String> = []

    func column(_ name: String) -> String? {
      columns[name, default: isComplete ? nil : name]
    }

    fileprivate mutating func rename(_ old: String, to new: String) {
      let before = column(old)
      columns[old] = .some(nil)
      columns[new] = before
      if copied.remove(old) != nil { copied.insert(new) }
    }
  }

  private var present: [String: Origin] = [:]
  /// The tables that were made, with what filled them first.
  private var filled: [String: Origin] = [:]
  private var gone: Set<String> = []

  init(_ statements: [String]) {
    for statement in statements {
      if let move = TableMove(statement) { follow(move) }
    }
  }

  /// Whether the statements say where the table of this name comes from.
  func origin(of table: String) -> Origin? {
    let name = table.lowercased()
    guard let origin = present[name] else { return nil }
    if origin.table != nil { return origin }
    guard let source = filled[name], let before = source.table, isFree(before) else { return nil }
    return source
  }

  /// Whether no table is any more what that one was.
  private func isFree(_ before: String) -> Bool {
    !present.values.contains { $0.table == before } && gone.contains(before)
  }

  private func resolved(_ name: String) -> Origin { present[name] ?? Origin(table: name) }

  private mutating func follow(_ move: TableMove) {
    switch move {
    case .create(let table):
      present[table.lowercased()] = Origin()
      filled[table.lowercased()] = nil
    case .drop(let table):
      let name = table.lowercased()
      if let before = resolved(name).table { gone.insert(before) }
      present[name] = nil
    case .rename(let table, let new):
      let (old, new) = (table.lowercased(), new.lowercased())
      present[new] = resolved(old)
      filled[new] = filled.removeValue(forKey: old)
      present[old] = nil
      if let before = present[new]?.table { gone.insert(before) }
    case .renameColumn(let table, let old, let new):
      change(table) { $0.rename(old.lowercased(), to: new.lowercased()) }
    case .dropColumn(let table, let column), .addColumn(let table, let column):
      change(table) { $0.columns[column.lowercased()] = .some(nil) }
    case .fill(let table, let into, let from, let source):
      fill(table.lowercased(), into, from, source.lowercased())
    }
  }

  private mutating func change(_ table: String, _ body: (inout Origin) -> Void) {
    let name = table.lowercased()
    var origin = resolved(name)
    body(&origin)
    present[name] = origin
    if var source = filled[name] {
      body(&source)
      filled[name] = source
    }
  }

  private mutating func fill(
    _ table: String, _ into: [String]?, _ from: [String?]?, _ source: String
  ) {
    if present[table] == nil { present[table] = Origin() }
    guard present[table]?.table == nil else { return }
    var origin = filled[source] ?? resolved(source)
    if let first = filled[table] {
      // What comes from several tables is none of them.
      if first.table != origin.table { filled[table] = Origin() }
      return
    }
    if let into, let from, into.count == from.count {
      // A column that the list leaves out gets its default, whatever the source calls one of its own.
      var copy = Origin(table: origin.table, isComplete: true)
      for (column, source) in zip(into, from) {
        // An expression over several columns, or none: the name decides.
        let name = column.lowercased()
        let read = source?.lowercased() ?? name
        copy.columns[name] = .some(origin.column(read) ?? origin.column(name))
        if origin.copied.contains(read) || read != name && !table.isOfBatch {
          copy.copied.insert(name)
        }
      }
      origin = copy
    }
    filled[table] = origin
  }
}

extension String {
  /// Whether Alembic's batch copies a table into the one of this name, by lists of its own in which only
  /// a rename that the migration asks for can cross names.
  fileprivate var isOfBatch: Bool { hasPrefix("_alembic_tmp_") }
}
