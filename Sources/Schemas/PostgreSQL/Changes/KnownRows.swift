import Databases

/// The rows of one watched catalog that the last snapshot saw, counted and added up by
/// neighbourhood.
struct KnownRows {
  /// A row's unit, nil where what it is part of is in no snapshot, and its label.
  struct Row {
    let unit: UnitKey?
    let label: String

  }

  private struct Neighbourhood {
    var rows: [Int64: Row] = [:]
    var sum: Int128 = 0
  }

  private let shift: Int64
  private var neighbourhoods: [Int64: Neighbourhood] = [:]
  private(set) var count: Int64 = 0
  private(set) var sum: Int128 = 0
  /// How many of them are part of a unit, and how many of these have a label.
  private(set) var ownedCount = 0
  private(set) var namedCount = 0

  init(of watch: CatalogWatch) { shift = watch.neighbourhood }

  subscript(identity: Int64) -> Row? { neighbourhoods[identity >> shift]?.rows[identity] }

  mutating func put(_ row: Row, at identity: Int64) {
    let known = neighbourhoods[identity >> shift, default: Neighbourhood()].rows
      .updateValue(row, forKey: identity)
    count(known, -1)
    count(row, 1)
    guard known == nil else { return }
    neighbourhoods[identity >> shift]?.sum += Int128(identity)
    sum += Int128(identity)
    count += 1
  }

  private mutating func count(_ row: Row?, _ one: Int) {
    guard let row, row.unit != nil else { return }
    ownedCount += one
    if !row.label.isEmpty { namedCount += one }
  }

  private mutating func remove(_ identity: Int64) {
    let known = neighbourhoods[identity >> shift]?.rows.removeValue(forKey: identity)
    count(known, -1)
    neighbourhoods[identity >> shift]?.sum -= Int128(identity)
    sum -= Int128(identity)
    count -= 1
  }

  /// Forgets the rows that are gone.
  /// - Parameter listing: what the watch's listing gave.
  /// - Returns: those rows.
  mutating func forgetAll(but listing: ResultTable) -> [Row] {
    var untouched = Set(neighbourhoods.keys)
    var gone: [(identity: Int64, row: Row)] = []
    for line in listing.rows {
      guard let number = line[0].integer, let known = neighbourhoods[number] else { continue }
      untouched.remove(number)
      if line[1].integer == Int64(known.rows.count), Int128(line.text(2)) == known.sum { continue }
      let left = Set(line.text(3).split(separator: " ").compactMap { Int64($0) })
      gone += known.rows.filter { !left.contains($0.key) }.map { ($0.key, $0.value) }
    }
    for number in untouched {
      gone += neighbourhoods[number, default: Neighbourhood()].rows.map { ($0.key, $0.value) }
    }
    for (identity, _) in gone { remove(identity) }
    return gone.map(\.row)
  }
}
