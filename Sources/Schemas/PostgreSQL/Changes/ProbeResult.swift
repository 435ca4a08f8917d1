import Databases

/// What the probe found, taken apart.
struct ProbeResult {
  /// Of one watched catalog: all its rows counted and added up, and those written of late.
  struct Watched {
    let count: Int64
    let sum: Int128
    let rows: [WatchedRow]
  }

  /// A column that was written of late.
  struct Column {
    let relation: UInt32
    let number: Int64
    let name: String
    let isDropped: Bool
  }

  private(set) var horizon = ""
  /// Catalogs that hold nothing of the users'.
  private(set) var empty: Set<String> = []
  private(set) var watched: [String: Watched] = [:]
  private(set) var columns: [Column] = []
  /// Relations with something written of late that is theirs.
  private(set) var relations: [UInt32] = []
  /// What shows that the objects of all other kinds are what they were.
  private(set) var others: [String] = []
  /// Whether one of them was written of late.
  private(set) var othersChanged = false

  /// - Parameter answers: to all the questions.
  init(_ answers: [Row]) {
    for row in answers {
      let name = row.text(0)
      let list = row[3].text.map(ArrayLiteral.elements) ?? []
      switch name {
      case "horizon": horizon = list.first ?? ""
      case "column": columns = list.compactMap(Self.column)
      case "relation": relations += list.compactMap { UInt32($0) }
      case "signature": others.append(list.joined())
      case _ where name.hasPrefix("seldom "):
        if row[1].integer == 0 { empty.insert(String(name.dropFirst("seldom ".count))) }
        others.append("\(name) \(row.text(1)) \(row.text(2))")
        if !list.isEmpty { othersChanged = true }
      default:
        if row[1].integer == 0 { empty.insert(name) }
        watched[name] = Watched(
          count: row[1].integer ?? 0, sum: Int128(row.text(2)) ?? 0,
          rows: list.compactMap(WatchedRow.init))
      }
    }
  }

  private static func column(_ text: String) -> Column? {
    let fields = text.split(separator: " ", maxSplits: 2)
    guard fields.count == 3, let relation = UInt32(fields[0]), let number = Int64(fields[1]) else {
      return nil
    }
    return Column(
      relation: relation, number: number, name: String(fields[2].dropFirst()),
      isDropped: fields[2].hasPrefix("-"))
  }
}

/// A row of a watched catalog.
struct WatchedRow {
  let identity: Int64
  let owner: UnitKey
  let label: String

  init?(_ text: String) {
    let fields = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
    guard fields.count >= 3, let identity = Int64(fields[0]), let oid = UInt32(fields[2]) else {
      return nil
    }
    self.identity = identity
    owner = UnitKey(catalog: String(fields[1]), oid: oid)
    label = fields.count > 3 ? String(fields[3]) : ""
  }
}
