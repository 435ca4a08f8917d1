import Databases
import Formats
import Rows
import Schemas

/// Which columns' values production keeps to itself, as a file of rules says.
///
/// ```yaml
/// users.email: fake
/// users:
///   phone: hash
///   notes: null
/// audit.events.payload: keep
/// ```
package struct Anonymization: Sendable, Hashable {
  /// What becomes of a column's values; NULL stays NULL.
  package enum Rule: String, Sendable, Hashable, CaseIterable {
    /// Gone.
    case null
    /// Something that cannot be led back; the same for the same value everywhere.
    case hash
    /// The same shape: digits stay digits, letters letters, and as many; different values stay
    /// different.
    case fake
    /// As it is, and meant to be.
    case keep
  }

  /// One line of the file.
  struct Entry: Sendable, Hashable {
    /// As it was written, with its schema perhaps.
    let table: String
    let column: String
    let rule: Rule
    let line: Int
  }

  let entries: [Entry]
  private let file: String

  /// - Parameter name: how the file is called in messages.
  /// - Throws: `CopyError` `bad-anonymization` with the file's line.
  package init(yaml text: String, name: String) throws {
    file = name
    let root: YAMLNode
    do {
      root = try YAMLDocument.parse(text, name: name)
    } catch let error as FormatError {
      throw CopyError(.badAnonymization, "\(error)", fix: "mend the line")
    }
    guard let mapping = root.mapping else {
      throw Self.error(name, root.line, "columns and their rules are expected, not \(root.title)")
    }
    var entries: [Entry] = []
    for entry in mapping {
      if let columns = entry.value.mapping {
        for column in columns {
          let rule = try Self.rule(column.value, name, of: "\(entry.key).\(column.key)")
          entries.append(
            Entry(table: entry.key, column: column.key, rule: rule, line: column.line))
        }
        continue
      }
      guard let dot = entry.key.lastIndex(of: ".") else {
        throw Self.error(
          name, entry.line, "'\(entry.key)' names no column; write \(entry.key).COLUMN")
      }
      entries.append(
        Entry(
          table: String(entry.key[..<dot]),
          column: String(entry.key[entry.key.index(after: dot)...]),
          rule: try Self.rule(entry.value, name, of: entry.key), line: entry.line))
    }
    self.entries = entries
  }

  private static func rule(_ node: YAMLNode, _ name: String, of column: String) throws -> Rule {
    guard case .scalar(let text, _) = node.content, !text.isEmpty else {
      throw error(name, node.line, "\(column) has no rule")
    }
    if node.isNull { return .null }
    if let rule = Rule(rawValue: text) { return rule }
    let nearest = Spelling.nearest(to: text, among: Rule.allCases.map(\.rawValue))
    throw error(
      name, node.line,
      "unknown rule '\(text)' for \(column)" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
  }

  private static func error(_ file: String, _ line: Int, _ message: String) -> CopyError {
    CopyError(
      .badAnonymization, "\(file):\(line): \(message)",
      fix: "the rules are null, hash, fake and keep: users.email: fake")
  }

  // MARK: Against a schema

  /// - Throws: `CopyError` `bad-anonymization` for the first rule that these tables cannot follow.
  func check(against tables: [TableShape]) throws { _ = try columns(of: tables) }

  /// The columns that change, those included that refer to one that does, and those of tables that inherit
  /// it where they have no rule of their own; `keep` is left out.
  func columns(of tables: [TableShape]) throws -> [AnonymizedColumn] {
    var given: [ColumnPlace: Entry] = [:]
    for entry in entries {
      let place = try self.place(entry, tables)
      if let other = given[place], other.rule != entry.rule {
        throw error(entry, "\(place) has the rule \(other.rule.rawValue) in line \(other.line)")
      }
      given[place] = entry
    }
    for (place, entry) in given {
      for heir in Self.heirs(of: place, tables, without: given) { given[heir] = entry }
    }
    return try ReferenceClasses(tables).columns(given, tables) { error($0, $1) }
  }

  /// The same column of the tables that inherit from its own, as far as none has an entry itself.
  private static func heirs(
    of place: ColumnPlace, _ tables: [TableShape], without given: [ColumnPlace: Entry]
  ) -> [ColumnPlace] {
    tables.filter { $0.parents.contains(place.table) && !$0.isPartition }.flatMap { table in
      let heir = ColumnPlace(table: table.name, column: place.column)
      return given[heir] == nil ? [heir] + heirs(of: heir, tables, without: given) : []
    }
  }

  private func place(_ entry: Entry, _ tables: [TableShape]) throws -> ColumnPlace {
    let parts = entry.table.split(separator: ".", maxSplits: 1).map { Identifier(String($0)) }
    let name = parts.count == 2 ? TableName(schema: parts[0], parts[1]) : TableName(parts[0])
    guard let table = tables.table(name) else {
      let nearest = Spelling.nearest(to: entry.table, among: tables.map(\.description))
      throw error(
        entry, "unknown table '\(entry.table)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
    guard let column = table.column(Identifier(entry.column)) else {
      let nearest = Spelling.nearest(to: entry.column, among: table.columns.map(\.name.raw))
      throw error(
        entry,
        "unknown column '\(entry.column)' of \(table)"
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
    return ColumnPlace(table: table.name, column: column.name)
  }

  private func error(_ entry: Entry, _ message: String) -> CopyError {
    Self.error(file, entry.line, message)
  }
}

/// A column of a table.
struct ColumnPlace: Hashable, CustomStringConvertible {
  let table: TableName
  let column: Identifier

  var description: String {
    let schema = table.schema.flatMap { $0 == "public" ? nil : "\($0)." } ?? ""
    return "\(schema)\(table.name).\(column)"
  }
}

/// A column whose values are changed, and how.
struct AnonymizedColumn: Hashable, CustomStringConvertible {
  let table: TableShape
  let column: ColumnShape
  let rule: Anonymization.Rule
  /// The type by which values are changed: of all columns that share them, the narrowest.
  let type: ColumnType
  /// Characters that the shortest of those columns takes.
  let limit: Int?

  var description: String {
    "\(ColumnPlace(table: table.name, column: column.name)): \(rule.rawValue)"
  }
}

extension [AnonymizedColumn] {
  /// By table, in the order of their names.
  var byTable: [(table: TableShape, rules: [AnonymizedColumn])] {
    var tables: [TableName: [AnonymizedColumn]] = [:]
    for column in self { tables[column.table.name, default: []].append(column) }
    return tables.values.map { ($0[0].table, $0) }.sorted {
      $0.table.description < $1.table.description
    }
  }
}

extension CopyError {
  /// What the database refused while values were changed, without any of them: mostly a check that the
  /// new ones break.
  static func anonymizing(
    _ table: TableShape, _ rules: [AnonymizedColumn], _ error: DatabaseError
  ) -> CopyError {
    CopyError(
      .anonymizationFailed,
      "cannot anonymize \(list(rules.map { "\(table).\($0.column.name)" })): "
        + HiddenValues.hide(in: error.message).split(whereSeparator: \.isNewline)
        .joined(separator: " "),
      fix: "give a rule that the table's constraints allow, e.g. keep or null")
  }
}
