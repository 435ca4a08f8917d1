import Databases

/// Holds one table of SQLite against its counterpart on PostgreSQL.
struct TableComparison {
  let sqlite: PortableTable
  let postgresql: PortableTable
  /// The columns that both have, by their names in small letters.
  let columns: [String: (sqlite: PortableColumn, postgresql: PortableColumn)]
  /// The boolean ones, in whose checks and predicates a 1 means `true`.
  let booleans: Set<String>

  init(sqlite: PortableTable, postgresql: PortableTable) {
    self.sqlite = sqlite
    self.postgresql = postgresql
    let own = Dictionary(sqlite.columns.map { ($0.name, $0) }) { first, _ in first }
    var columns: [String: (sqlite: PortableColumn, postgresql: PortableColumn)] = [:]
    for column in postgresql.columns {
      guard let counterpart = own[column.name] else { continue }
      // PostgreSQL may have a second one whose name differs in case alone.
      let isExact = column.object.id.name == counterpart.object.id.name
      if isExact || columns[column.name] == nil { columns[column.name] = (counterpart, column) }
    }
    self.columns = columns
    booleans = Set(
      columns.filter { $1.postgresql.type.family == .boolean }.map(\.key))
  }

  var divergences: [Divergence] {
    let checks = checkComparison
    return missingColumns + primaryKeyDivergence
      + postgresql.columns.filter(hasCounterpart).flatMap { column in
        columns[column.name].map { compare($0.sqlite, $0.postgresql, checks) } ?? []
      } + checks.divergences + keyDivergences + referenceDivergences
  }

  /// A column's name for people and allowances: as PostgreSQL has it, where it is there.
  func id(ofColumn name: String) -> ObjectID {
    let id =
      columns[name]?.postgresql.object.id
      ?? (postgresql.columns + sqlite.columns).first { $0.name == name }?.object.id
    return ObjectID(
      .column, schema: postgresql.portableID.schema,
      [postgresql.id.name, id?.name ?? Identifier(name)])
  }

  /// What of a table is compared only where both have its columns: what hangs on a missing one is
  /// missing with it.
  func covers(_ names: some Sequence<String>) -> Bool { names.allSatisfy { columns[$0] != nil } }

  private func hasCounterpart(_ column: PortableColumn) -> Bool {
    columns[column.name]?.postgresql.object.id == column.object.id
  }

  private var missingColumns: [Divergence] {
    let onlySQLite = sqlite.columns.filter { columns[$0.name] == nil }.map { column in
      Divergence(
        id(ofColumn: column.name), .column, sqlite: column.text, postgresql: nil,
        onSQLite: column.object)
    }
    let onlyPostgreSQL = postgresql.columns.filter { column in
      !hasCounterpart(column) && !column.type.isForeign
    }.map { column in
      Divergence(
        column.object.id.portable, .column, sqlite: nil, postgresql: column.text,
        onPostgreSQL: column.object)
    }
    return onlySQLite + onlyPostgreSQL
  }

  private var primaryKeyDivergence: [Divergence] {
    let (own, other) = (sqlite.primaryKey, postgresql.primaryKey)
    guard Set(own) != Set(other), covers(own), covers(other) else { return [] }
    func text(_ key: [String]) -> String? {
      key.isEmpty ? nil : "PRIMARY KEY (\(key.joined(separator: ", ")))"
    }
    return [
      Divergence(
        postgresql.portableID, .primaryKey, sqlite: text(own), postgresql: text(other),
        columns: other.isEmpty ? own : other)
    ]
  }

  private func compare(
    _ sqlite: PortableColumn, _ postgresql: PortableColumn, _ checks: CheckComparison
  ) -> [Divergence] {
    func found(
      _ aspect: Divergence.Aspect, _ own: String?, _ other: String?
    ) -> Divergence {
      Divergence(
        id(ofColumn: sqlite.name), aspect, sqlite: own, postgresql: other,
        onSQLite: sqlite.object, onPostgreSQL: postgresql.object)
    }
    var all: [Divergence] = []
    if let aspect = sqlite.type.relation(to: postgresql.type).aspect {
      all.append(found(aspect, sqlite.typeText, postgresql.typeText))
    }
    let own = sqlite.isNotNull || checks.notNull.sqlite.contains(sqlite.name)
    let other = postgresql.isNotNull || checks.notNull.postgresql.contains(postgresql.name)
    if own != other {
      all.append(found(.notNull, own ? "NOT NULL" : nil, other ? "NOT NULL" : nil))
    }
    if sqlite.generated != nil || postgresql.generated != nil {
      if !computesAlike(sqlite, postgresql) {
        all.append(found(.generated, sqlite.generated, postgresql.generated))
      }
    } else if sqlite.fillsItself || postgresql.fillsItself {
      if !fillAlike(sqlite, postgresql) {
        all.append(
          found(
            .selfFilling, sqlite.fillsItself ? sqlite.text : nil,
            postgresql.fillsItself ? postgresql.text : nil))
      }
    } else if !defaultsAgree(sqlite, postgresql) {
      all.append(found(.defaultValue, sqlite.defaultText, postgresql.defaultText))
    }
    return all
  }

  private func defaultsAgree(_ sqlite: PortableColumn, _ postgresql: PortableColumn) -> Bool {
    let family = postgresql.type.family
    return PortableDefault(sqlite.defaultText, of: .sqlite, for: family)
      .agrees(
        with: PortableDefault(postgresql.defaultText, of: .postgresql, for: family), for: family)
  }

  private func computesAlike(_ sqlite: PortableColumn, _ postgresql: PortableColumn) -> Bool {
    guard let own = sqlite.generated, let other = postgresql.generated else { return false }
    let left = PortableExpressionParser.expression(own, of: .sqlite, booleans: booleans)
    let right = PortableExpressionParser.expression(other, of: .postgresql, booleans: booleans)
    return left == right || !left.isPortable || !right.isPortable
  }

  /// SQLite fills a key that is alone and declared `INTEGER`, asked or not; and no other column.
  private func fillAlike(_ sqlite: PortableColumn, _ postgresql: PortableColumn) -> Bool {
    if sqlite.fillsItself == postgresql.fillsItself { return true }
    guard self.sqlite.primaryKey == [sqlite.name] else { return true }
    if sqlite.fillsItself { return sqlite.object[.autoincrement] != .flag(true) }
    return sqlite.type.family != .integer && sqlite.type.family != .numeric
  }
}

extension PortableColumn {
  /// The column in a line: `VARCHAR(20) NOT NULL DEFAULT 'x'`.
  var text: String {
    var words = [typeText].compactMap(\.self)
    if object[.notNull] == .flag(true) { words.append("NOT NULL") }
    if let value = object.string(.defaultValue) { words.append("DEFAULT \(value)") }
    if let generated { words.append("GENERATED ALWAYS AS (\(generated))") }
    if let identity = object.string("identity") {
      words.append("GENERATED \(identity) AS IDENTITY")
    }
    return words.isEmpty ? "without a type" : words.joined(separator: " ")
  }
}

extension TypeRelation {
  fileprivate var aspect: Divergence.Aspect? {
    switch self {
    case .same: nil
    case .length: .length
    case .precision: .precision
    case .variant: .typeVariant
    case .size, .different: .type
    }
  }
}
