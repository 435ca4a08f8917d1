import Databases

extension SchemaDifference {
  /// The difference as people read it, a line a change:
  /// ```
  /// + index ix_users_email on users (email)
  /// - table notes (id INTEGER, body TEXT)
  /// ~ column users.email: type VARCHAR(20) → VARCHAR(50)
  /// ```
  /// The columns of a table that came or went stand in its own line.
  package var lines: [String] {
    let whole = Set(
      changes.filter { ($0.before == nil) != ($0.after == nil) && $0.id.kind.hasColumns }.map(\.id))
    let columns = Dictionary(grouping: changes.filter { $0.id.kind == .column }) {
      ObjectID(.table, schema: $0.id.schema, $0.id.path.dropLast())
    }
    return changes.compactMap { change in
      let table = ObjectID(.table, schema: change.id.schema, change.id.path.dropLast())
      if change.id.kind == .column, whole.contains(where: { $0.names(table) }) { return nil }
      let parts = whole.contains(change.id) ? columns[change.id.asTable] ?? [] : []
      return change.line(columns: parts)
    }
  }
}

extension ObjectID {
  fileprivate var asTable: ObjectID { ObjectID(.table, schema: schema, path) }
  fileprivate func names(_ table: ObjectID) -> Bool { path == table.path && schema == table.schema }
}

extension ObjectKind {
  fileprivate var hasColumns: Bool {
    [.table, .foreignTable, .view, .materializedView, .type].contains(self)
  }
}

extension ObjectChange {
  /// One line: `+`, `-` or `~`, then the object and what is said of it.
  /// - Parameter columns: the changes of its columns, where it came or went as a whole.
  fileprivate func line(columns: [ObjectChange]) -> String {
    switch (before, after) {
    case (nil, let after?): "+ " + after.summary(columns: columns.compactMap(\.after))
    case (let before?, nil): "- " + before.summary(columns: columns.compactMap(\.before))
    default:
      "~ \((after ?? before)?.title ?? ""): " + properties.map(\.phrase).joined(separator: ", ")
        + remark
    }
  }

  private var remark: String {
    switch weight {
    case .cosmetic: " (cosmetic)"
    case .columnOrder: " (order of columns only)"
    case .structural: ""
    }
  }
}

extension ObjectID {
  /// What hangs on a table as `index ix_users_email on users`; the rest as its description.
  fileprivate var phrase: String {
    guard [.index, .trigger, .rule, .policy].contains(kind), path.count == 2 else {
      return description
    }
    return "\(kind.rawValue) \(name) on "
      + ObjectID(.table, schema: schema, path.dropLast()).qualifiedName
  }
}

extension PropertyChange {
  fileprivate var phrase: String {
    let label = name.text.split(separator: "-").joined(separator: " ")
    return switch (before, after) {
    case (.flag(let flag)?, nil): "\(label) \(flag ? "yes → no" : "no → unset")"
    case (nil, .flag(let flag)?): "\(label) \(flag ? "no → yes" : "unset → no")"
    default: "\(label) \(before?.excerpt ?? "none") → \(after?.excerpt ?? "none")"
    }
  }
}

extension PropertyValue {
  /// On one line and of bearable length.
  fileprivate var excerpt: String {
    let line = description.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 160 ? line.prefix(159) + "…" : line
  }
}

extension SchemaObject {
  /// Its name, as `constraint CHECK (x > 5) on t` where that is a definition.
  fileprivate var title: String {
    guard self[.unnamed] == .flag(true) else { return id.phrase }
    return "\(id.kind.rawValue) \(id.name) on "
      + ObjectID(.table, schema: id.schema, id.path.dropLast()).qualifiedName
  }

  fileprivate func summary(columns: [SchemaObject]) -> String {
    switch id.kind {
    case .column: return id.description + columnText
    case .index: return indexSummary
    case .constraint: return title + constraintText
    case .databaseSettings:
      let settings = properties.sorted { $0.key < $1.key }.map {
        "\($0.key.text) \($0.value.excerpt)"
      }
      return "\(id) (\(settings.joined(separator: ", ")))"
    default: break
    }
    guard !columns.isEmpty else {
      return id.phrase + (self[.definition].map { ": \($0.excerpt)" } ?? "")
    }
    let order = columns.sorted { $0.place < $1.place }
    return "\(id) (" + order.map { $0.id.name.raw + $0.columnText }.joined(separator: ", ") + ")"
  }

  private var place: Int64 {
    if case .number(let place)? = self[.position] { place } else { 0 }
  }

  private var columnText: String {
    var text = self[.type].map { " \($0)" } ?? ""
    if self[.notNull] == .flag(true) { text += " NOT NULL" }
    if let value = self[.defaultValue] { text += " DEFAULT \(value.excerpt)" }
    return text
  }

  private var indexSummary: String {
    let unique = self[.unique] == .flag(true) ? "unique " : ""
    guard self[.columns] != nil else {
      return unique + id.phrase + (self[.definition].map { ": \($0.excerpt)" } ?? "")
    }
    return unique + id.phrase + (self[.columns].map { " \($0)" } ?? "")
      + (self[.predicate].map { " where \($0.excerpt)" } ?? "")
  }

  /// Empty where the name is the definition already.
  private var constraintText: String {
    if let definition = self[.definition] { return ": \(definition.excerpt)" }
    var text = ""
    if self[.unnamed] != .flag(true) {
      text += self[.constraintType].map { ": \($0)" } ?? ""
      text +=
        (self[.expression].map { " (\($0.excerpt))" } ?? self[.columns].map { " \($0)" }) ?? ""
      text += self[.referencedTable].map { " references \($0)" } ?? ""
    }
    text += self[.onDelete].map { " on delete \($0)" } ?? ""
    text += self[.onUpdate].map { " on update \($0)" } ?? ""
    text += self[.deferrable].map { " \($0.description.lowercased())" } ?? ""
    return text
  }
}
