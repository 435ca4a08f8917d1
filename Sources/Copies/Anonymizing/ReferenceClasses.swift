import Databases
import Rows
import Schemas

/// Columns that foreign keys tie together: what one of them holds is found in the others, so that one
/// rule changes them all alike.
struct ReferenceClasses {
  private var classes: [ColumnPlace: Int] = [:]
  private var members: [[ColumnPlace]] = []

  init(_ tables: [TableShape]) {
    let names = Set(tables.map(\.name))
    for table in tables {
      for column in table.columns { add(ColumnPlace(table: table.name, column: column.name)) }
    }
    for table in tables {
      for key in table.foreignKeys where names.contains(key.table) {
        for (from, to) in zip(key.columns, key.referencedColumns) {
          join(
            ColumnPlace(table: table.name, column: from),
            ColumnPlace(table: key.table, column: to))
        }
      }
    }
  }

  private mutating func add(_ place: ColumnPlace) {
    classes[place] = members.count
    members.append([place])
  }

  private mutating func join(_ left: ColumnPlace, _ right: ColumnPlace) {
    guard let one = classes[left], let other = classes[right], one != other else { return }
    for place in members[other] { classes[place] = one }
    members[one] += members[other]
    members[other] = []
  }

  /// - Parameter error: makes the error of an entry that cannot be followed.
  /// - Returns: every column that changes.
  func columns(
    _ given: [ColumnPlace: Anonymization.Entry], _ tables: [TableShape],
    error: (Anonymization.Entry, String) -> CopyError
  ) throws -> [AnonymizedColumn] {
    var shapes: [TableName: TableShape] = [:]
    for table in tables { shapes[table.name] = table }
    var found: [AnonymizedColumn] = []
    var done: Set<Int> = []
    for (place, entry) in given.sorted(by: { $0.value.line < $1.value.line }) {
      guard let table = shapes[place.table], let column = table.column(place.column),
        let number = classes[place]
      else { continue }
      if entry.rule == .null, !isReferred(place, tables) {
        try refuse(column, of: table, .null, entry, error)
        found.append(
          AnonymizedColumn(
            table: table, column: column, rule: .null, type: column.type, limit: nil))
        continue
      }
      guard done.insert(number).inserted else { continue }
      // NULL on one side of a reference takes nothing from the other.
      let rules = members[number].compactMap { given[$0] }.filter {
        $0.rule != .null || $0 == entry
      }
      if let other = rules.first(where: { $0.rule != entry.rule }) {
        throw error(
          other,
          "\(other.table).\(other.column) holds the values of \(place), which has the rule "
            + "\(entry.rule.rawValue) in line \(entry.line)")
      }
      guard entry.rule != .keep else { continue }
      // The one that was named first, so that it is the one that is spoken of.
      let places = [place] + members[number].filter { $0 != place }
      let columns = places.compactMap { place -> (TableShape, ColumnShape)? in
        guard let table = shapes[place.table], !table.isPartition || given[place] != nil else {
          return nil
        }
        return table.column(place.column).map { (table, $0) }
      }
      let type = columns.map(\.1.type.base).min { $0.rank < $1.rank } ?? column.type.base
      let limit = columns.compactMap { $0.1.type.characters }.min()
      for (table, column) in columns
      where given[ColumnPlace(table: table.name, column: column.name)]?.rule ?? entry.rule
        == entry.rule
      {
        try refuse(column, of: table, entry.rule, entry, error)
        found.append(
          AnonymizedColumn(
            table: table, column: column, rule: entry.rule, type: type, limit: limit))
      }
    }
    return found
  }

  private func isReferred(_ place: ColumnPlace, _ tables: [TableShape]) -> Bool {
    tables.contains { table in
      table.foreignKeys.contains {
        $0.table == place.table && $0.referencedColumns.contains(place.column)
      }
    }
  }

  /// - Throws: where the column cannot follow the rule.
  private func refuse(
    _ column: ColumnShape, of table: TableShape, _ rule: Anonymization.Rule,
    _ entry: Anonymization.Entry, _ error: (Anonymization.Entry, String) -> CopyError
  ) throws {
    let name = "\(table).\(column.name)"
    if column.generated != nil {
      throw error(entry, "\(name) is computed from other columns; give those a rule")
    }
    switch rule {
    case .null:
      let isKey = table.primaryKey?.columns?.contains(column.name) == true
      if column.isNotNull || isKey {
        throw error(entry, "\(name) is NOT NULL; give it hash or fake")
      }
    case .hash where table.engine == .postgresql && !column.type.base.canBeHashed,
      .fake where table.engine == .postgresql && !column.type.base.canBeFaked:
      throw error(
        entry,
        "\(name) is \(column.typeText), for which there is no \(rule.rawValue); give it null or keep"
      )
    case .hash:
      let isUnique = table.keys.contains { $0.columns?.contains(column.name) == true }
      if isUnique, let limit = column.type.characters, limit < 16 {
        throw error(
          entry,
          "\(name) is unique and takes \(limit) characters, too few for hashes that differ; give it fake"
        )
      }
    default: break
    }
  }
}

extension ColumnType {
  /// Characters that a column of text takes; nil for no limit and for other types.
  var characters: Int? {
    switch base {
    case .text(let limit): limit
    case .character(let count): count
    case .name: 63
    case .byteCharacter: 1
    default: nil
    }
  }

  var canBeHashed: Bool {
    switch self {
    case .text, .character, .caselessText, .integer, .uuid, .bytes: true
    default: false
    }
  }

  var canBeFaked: Bool {
    switch self {
    case .text, .character, .caselessText, .integer, .uuid, .numeric, .date, .timestamp: true
    default: false
    }
  }

  /// Narrower types first, where several columns share their values.
  var rank: Int {
    switch self {
    case .integer(let bits): bits
    case .numeric: 128
    default: 0
    }
  }
}
