import Databases
import Schemas

/// The order in which rows can be written so that each finds the rows that it points to.
struct RowOrder {
  /// The places of the rows, those that others point to first. Rows that point to each other in a
  /// ring make one group, any other row is a group of its own.
  let groups: [[Int]]

  init(_ rows: [PlannedRow]) {
    let ranks = Self.ranks(rows)
    let order = rows.indices.sorted {
      let (left, right) = (ranks[rows[$0].table.name] ?? 0, ranks[rows[$1].table.name] ?? 0)
      return left == right ? $0 < $1 : left < right
    }
    var components = StrongComponents(edges: Self.references(rows))
    for row in order { components.visit(row) }
    groups = components.found
  }

  /// The tables' places when each comes after those that it refers to, as far as that can be.
  private static func ranks(_ rows: [PlannedRow]) -> [TableName: Int] {
    var names: [TableName: Int] = [:]
    var tables: [TableShape] = []
    for row in rows where names[row.table.name] == nil {
      names[row.table.name] = tables.count
      tables.append(row.table)
    }
    let edges = tables.map { $0.foreignKeys.compactMap { names[$0.table] } }
    var components = StrongComponents(edges: edges)
    for table in tables.indices { components.visit(table) }
    var ranks: [TableName: Int] = [:]
    for (rank, component) in components.found.enumerated() {
      for table in component { ranks[tables[table].name] = rank }
    }
    return ranks
  }

  /// For each row, the rows of the list that it points to by the values of its foreign keys.
  private static func references(_ rows: [PlannedRow]) -> [[Int]] {
    struct Target: Hashable {
      let table: TableName
      let columns: [Identifier]
    }
    var targets: [TableName: Set<Target>] = [:]
    for row in rows where targets[row.table.name] == nil {
      targets[row.table.name] = []
    }
    var seen: Set<TableName> = []
    for row in rows where seen.insert(row.table.name).inserted {
      for key in row.table.foreignKeys where targets[key.table] != nil {
        targets[key.table]?.insert(Target(table: key.table, columns: key.referencedColumns))
      }
    }
    var places: [Target: [[String]: Int]] = [:]
    for (index, row) in rows.enumerated() {
      for target in targets[row.table.name] ?? [] {
        guard let values = row.texts(target.columns) else { continue }
        places[target, default: [:]][values] = index
      }
    }
    return rows.map { row in
      row.table.foreignKeys.compactMap { key in
        let target = Target(table: key.table, columns: key.referencedColumns)
        return row.texts(key.columns).flatMap { places[target]?[$0] }
      }
    }
  }
}

extension PlannedRow {
  /// The values of these columns in a form in which equal ones are equal; nil where one is NULL or
  /// not given.
  func texts(_ columns: [Identifier]) -> [String]? {
    guard !columns.isEmpty else { return nil }
    var texts: [String] = []
    for column in columns {
      switch value(column) {
      case nil, .null: return nil
      case .boolean(let flag): texts.append(flag ? "1" : "0")
      case .integer(let number): texts.append(String(number))
      case .decimal(let text), .text(let text), .json(let text): texts.append(text)
      case .bytes(let bytes): texts.append("\\x" + bytes.hexadecimal)
      case .list(let items): texts.append("\(items)")
      }
    }
    return texts
  }
}

extension [UInt8] {
  var hexadecimal: String {
    let digits = Array<UInt8>("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
