import Schemas

/// The columns that statements added to tables, and into which they wrote nothing since: whatever the rows
/// hold, each has the column's default.
package struct UnwrittenColumns {
  /// What a statement was refused for.
  package enum Demand: Sendable { case unique, check, reference }

  /// Columns of which a statement asked what their default does not give. Names are in small letters.
  package struct Refusal: Hashable, Sendable {
    package let table: String
    package let columns: [String]
    /// The table that a reference is to.
    package var parent: String?
  }

  private var added: [String: Set<String>] = [:]
  private var made: [String: TableWords] = [:]
  /// The tables that a statement named which writes rows.
  private var written: Set<String> = []

  /// - Parameter statements: those that were not refused, in order.
  package init(_ statements: [String]) {
    for statement in statements { follow(statement) }
  }

  /// Whether the columns hold their default in every row after the statements, and one of these asked that it
  /// point into a table which had just been made and was empty. Names are in small letters.
  package static func pointNowhere(
    _ columns: [String], of table: String, to parent: String, after statements: [String]
  ) -> Bool {
    var known = Self([])
    var isAsked = false
    for statement in statements {
      let refusal = known.refusal(of: statement, .reference, message: "")
      isAsked = isAsked || refusal?.columns == columns && refusal?.parent == parent
      known.follow(statement)
    }
    return isAsked && known.added[table]?.isSuperset(of: columns) ?? false
  }

  private mutating func follow(_ statement: String) {
    switch TableMove(statement) {
    case .create(let table):
      made[table.lowercased()] = TableWords(statement)
      added[table.lowercased()] = nil
      return
    case .drop(let table):
      made[table.lowercased()] = nil
      added[table.lowercased()] = nil
      return
    case .rename(let table, let new):
      made[new.lowercased()] = made.removeValue(forKey: table.lowercased())
      added[new.lowercased()] = added.removeValue(forKey: table.lowercased())
      return
    case .fill(let table, let into?, let from?, let source):
      if let copied = unwritten(table, into, from, source) {
        added[table.lowercased()] = copied
        return
      }
    default: break
    }
    let words = SQLWord.words(of: statement)
    var reader = WordReader(words)
    if reader.take("ALTER", "TABLE") {
      let (table, actions) = reader.alteration()
      added[table, default: []].formUnion(actions.compactMap(\.addedColumn))
    } else if let verb = words.first?.keyword,
      ["UPDATE", "INSERT", "WITH", "MERGE", "COPY", "DO"].contains(verb)
    {
      let names = Set(words.compactMap { $0.name?.lowercased() })
      written.formUnion(names)
      for (table, columns) in added {
        // Without a list of columns a row is inserted with values of all.
        added[table] = verb != "UPDATE" && names.contains(table) ? nil : columns.subtracting(names)
      }
    }
  }

  /// The columns of a table that was made, and is filled from another, which get their default.
  private func unwritten(
    _ table: String, _ into: [String], _ from: [String?], _ source: String
  ) -> Set<String>? {
    guard let words = made[table.lowercased()], into.count == from.count else { return nil }
    var columns = words.ordinaryColumns.subtracting(into.map { $0.lowercased() })
    let old = added[source.lowercased()] ?? []
    for (column, origin) in zip(into, from) {
      if let origin, old.contains(origin.lowercased()) { columns.insert(column.lowercased()) }
    }
    return columns
  }

  // MARK: The refused one

  /// The columns for whose default alone the statement was refused; nil where that may hang on what rows
  /// hold.
  package func refusal(
    of statement: String, _ demand: Demand, message: String
  ) -> Refusal? {
    if case .fill(let table, let into?, let from?, let source) = TableMove(statement),
      let words = made[table.lowercased()],
      let columns = unwritten(table, into, from, source)
    {
      return copying(into: table.lowercased(), words, columns, demand, message)
    }
    var reader = WordReader(SQLWord.words(of: statement))
    if reader.take("CREATE", "UNIQUE", "INDEX") {
      reader.skip { $0.keyword != "ON" }
      _ = reader.take("ON")
      _ = reader.take("ONLY")
      let table = reader.qualifiedName()
      reader.skip { $0 != .symbol("(") }
      return refusal(table, reader.rest.columnNames)
    }
    guard reader.take("ALTER", "TABLE") else { return nil }
    let (table, actions) = reader.alteration()
    let demands = actions.flatMap { $0.demands(demand) }
    guard demands.count == 1 else { return nil }
    return refusal(
      table, demands[0].columns, besides: actions.compactMap(\.addedColumn),
      parent: demands[0].parent)
  }

  private func refusal(
    _ table: String, _ columns: [String], besides others: [String] = [], parent: String? = nil
  ) -> Refusal? {
    let known = (added[table] ?? []).union(others)
    guard !columns.isEmpty, columns.allSatisfy(known.contains), isEmpty(parent) else { return nil }
    return Refusal(table: table, columns: columns, parent: parent)
  }

  /// Whether no row can be there to point to: the table is new and nothing was written to it.
  private func isEmpty(_ parent: String?) -> Bool {
    parent.map { made[$0] != nil && !written.contains($0) } ?? true
  }

  private func copying(
    into table: String, _ words: TableWords, _ unwritten: Set<String>, _ demand: Demand,
    _ message: String
  ) -> Refusal? {
    let detail =
      message.firstRange(of: "constraint failed: ").map { message[$0.upperBound...] } ?? ""
    let columns: [String]
    switch demand {
    case .unique:
      columns = detail.split(separator: ", ").compactMap {
        $0.split(separator: ".").last?.lowercased()
      }
    case .check:
      let names = words.check(String(detail)) ?? SQLWord.words(of: String(detail))[...].columnNames
      columns = names.filter(words.columns.contains)
    case .reference:
      let keys = words.elements.flatMap { $0.demands(.reference) }.filter {
        $0.columns.allSatisfy { unwritten.contains($0) && words.hasDefault($0) }
          && isEmpty($0.parent)
      }
      return keys.first.map { Refusal(table: table, columns: $0.columns, parent: $0.parent) }
    }
    guard !columns.isEmpty, columns.allSatisfy(unwritten.contains) else { return nil }
    return Refusal(table: table, columns: columns)
  }
}

/// `CREATE TABLE` as far as it says which columns there are and what is asked of them.
private struct TableWords {
  let elements: [ArraySlice<SQLWord>]
  let columns: Set<String>

  init(_ statement: String) {
    var reader = WordReader(SQLWord.words(of: statement))
    reader.skip { $0 != .symbol("(") }
    elements = reader.group()?.parts ?? []
    columns = Set(elements.compactMap(\.columnName))
  }

  /// Without those that are computed.
  var ordinaryColumns: Set<String> {
    Set(
      elements.filter { !$0.contains { ["GENERATED", "AS"].contains($0.keyword) } }
        .compactMap(\.columnName))
  }

  func hasDefault(_ column: String) -> Bool {
    elements.contains { $0.columnName == column && $0.contains { $0.keyword == "DEFAULT" } }
  }

  /// What the check of this name reads; nil where none is called so.
  func check(_ name: String) -> [String]? {
    let named = elements.filter { element in
      element.first?.keyword == "CONSTRAINT"
        && element.dropFirst().first?.name?.lowercased() == name.lowercased()
    }
    return named.first?.demands(.check).first?.columns
  }
}

/// Words from left to right.
private struct WordReader {
  private(set) var rest: ArraySlice<SQLWord>

  init(_ words: [SQLWord]) { rest = words[...] }
  init(_ words: ArraySlice<SQLWord>) { rest = words }

  mutating func take(_ keywords: String...) -> Bool {
    guard rest.prefix(keywords.count).map(\.keyword) == keywords else { return false }
    rest = rest.dropFirst(keywords.count)
    return true
  }

  mutating func skipOne() { rest = rest.dropFirst() }

  mutating func skip(while condition: (SQLWord) -> Bool) { rest = rest.drop(while: condition) }

  /// The last part of a name, in small letters.
  mutating func qualifiedName() -> String {
    var name = ""
    while let part = rest.first?.name {
      name = part.lowercased()
      rest = rest.dropFirst()
      guard rest.first == .symbol(".") else { break }
      rest = rest.dropFirst()
    }
    return name
  }

  /// What stands between the parentheses that come next.
  mutating func group() -> ArraySlice<SQLWord>? {
    guard rest.first == .symbol("(") else { return nil }
    var depth = 0
    for (place, word) in zip(rest.indices, rest) {
      if word == .symbol("(") { depth += 1 }
      if word == .symbol(")") { depth -= 1 }
      if depth == 0 {
        defer { rest = rest[(place + 1)...] }
        return rest[(rest.startIndex + 1)..<place]
      }
    }
    return nil
  }

  /// The table and what is done to it, after `ALTER TABLE`.
  mutating func alteration() -> (table: String, actions: [ArraySlice<SQLWord>]) {
    _ = take("IF", "EXISTS")
    _ = take("ONLY")
    return (qualifiedName(), rest.parts)
  }
}

extension ArraySlice<SQLWord> {
  private static var constraintWords: Set<String> {
    ["CONSTRAINT", "UNIQUE", "PRIMARY", "FOREIGN", "CHECK", "EXCLUDE", "LIKE"]
  }

  /// What commas separate outside of parentheses.
  fileprivate var parts: [ArraySlice<SQLWord>] {
    var depth = 0
    return split { word in
      if word == .symbol("(") { depth += 1 }
      if word == .symbol(")") { depth -= 1 }
      return depth == 0 && word == .symbol(",")
    }
  }

  /// Of a part of `CREATE TABLE`, the column that it says; nil for a constraint.
  fileprivate var columnName: String? {
    guard let first, !Self.constraintWords.contains(first.keyword) else { return nil }
    return first.name?.lowercased()
  }

  /// Of a part of `ALTER TABLE`, the column that it adds.
  fileprivate var addedColumn: String? {
    var reader = WordReader(self)
    guard reader.take("ADD") else { return nil }
    _ = reader.take("COLUMN")
    _ = reader.take("IF", "NOT", "EXISTS")
    return reader.rest.columnName
  }

  /// What is asked of which columns, and of which table, in a part of either statement.
  fileprivate func demands(
    _ demand: UnwrittenColumns.Demand
  ) -> [(columns: [String], parent: String?)] {
    let own = (addedColumn ?? (first?.keyword == "ADD" ? nil : columnName)).map { [$0] } ?? []
    var found: [(columns: [String], parent: String?)] = []
    var pointing = own
    var reader = WordReader(self)
    while !reader.rest.isEmpty {
      if reader.take("FOREIGN", "KEY") {
        pointing = reader.group()?.columnNames ?? []
      } else if reader.take("REFERENCES") {
        let parent = reader.qualifiedName()
        if demand == .reference { found.append((pointing, parent)) }
      } else if reader.take("UNIQUE") || reader.take("PRIMARY", "KEY") {
        reader.skip { ["NULLS", "NOT", "DISTINCT"].contains($0.keyword) }
        let columns = reader.group()?.columnNames ?? own
        if demand == .unique { found.append((columns, nil)) }
      } else if reader.take("CHECK") {
        let columns = reader.group()?.columnNames ?? []
        if demand == .check { found.append((columns, nil)) }
      } else {
        reader.skipOne()
      }
    }
    return found
  }

  /// The names in it that may be columns', in small letters: no function's, no type's, no keyword.
  fileprivate var columnNames: [String] {
    var names: [String] = []
    for (place, word) in zip(indices, self) {
      guard let name = word.name, !Self.expressionWords.contains(word.keyword) else { continue }
      let next = place + 1 < endIndex ? self[place + 1] : nil
      let last = place > startIndex ? self[place - 1] : nil
      if next == .symbol("(") || next == .symbol(".") || last == .symbol("::") { continue }
      if !names.contains(name.lowercased()) { names.append(name.lowercased()) }
    }
    return names
  }

  private static var expressionWords: Set<String> {
    [
      "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "ILIKE", "GLOB", "IS", "NULL", "TRUE", "FALSE",
      "ANY", "ALL", "ARRAY", "CASE", "WHEN", "THEN", "ELSE", "END", "DISTINCT", "FROM", "WHERE",
      "ASC", "DESC", "NULLS", "FIRST", "LAST", "COLLATE", "ESCAPE", "SIMILAR", "TO",
    ]
  }
}
