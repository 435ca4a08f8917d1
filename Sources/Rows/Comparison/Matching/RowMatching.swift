/// Finds which row after is which row before, in tables whose values are kept.
///
/// By the primary key; where there is none, or its columns were replaced, by whole rows, equal ones
/// counted. What is left is matched by the columns in which the rows left are the same altogether, so
/// that a new key, or a changed value in a table without one, is a change and not a loss.
struct RowMatching {
  /// Places in the tables' rows.
  private(set) var pairs: [(before: Int, after: Int)] = []
  private(set) var lost: [Int]
  private(set) var added: [Int]
  /// The columns before by which rows were told apart; empty where whole rows were compared.
  private(set) var key: [Int]

  private typealias Texts = [ExactText?]
  private let before: [[Cell]]
  private let after: [[Cell]]
  private let oldKinds: [ValueKind]
  private let newKinds: [ValueKind]

  init(
    _ old: TableImage, _ oldRows: [[Cell]], _ new: TableImage, _ newRows: [[Cell]],
    columns: ColumnMatching
  ) {
    before = oldRows
    after = newRows
    oldKinds = old.columns.map(\.kind)
    newKinds = new.columns.map(\.kind)
    lost = Array(oldRows.indices)
    added = Array(newRows.indices)
    key = []
    let all = columns.pairs
    for candidate in Self.keys(old, new, columns) where isKey(candidate) {
      key = candidate.map(\.before)
      match(by: candidate)
      let names = Set(key)
      let rest = all.filter { !names.contains($0.before) }
      if !lost.isEmpty, !added.isEmpty, tellsApart(rest) { match(by: rest) }
      return
    }
    match(by: all)
    guard !lost.isEmpty, !added.isEmpty else { return }
    let steady = all.filter { isSteady($0) }
    if !steady.isEmpty, steady.count < all.count, lost.count == added.count { match(by: steady) }
    for column in all where !lost.isEmpty && !added.isEmpty && all.count > 1 {
      match(by: all.filter { $0 != column })
    }
  }

  /// The primary keys of both times, as far as their columns are there at both.
  private static func keys(
    _ old: TableImage, _ new: TableImage, _ columns: ColumnMatching
  ) -> [[(before: Int, after: Int)]] {
    let forward = columns.places
    let backward = Dictionary(columns.pairs.map { ($0.after, $0.before) }) { first, _ in first }
    let ofOld = old.key.compactMap { place in forward[place].map { (place, $0) } }
    let ofNew = new.key.compactMap { place in backward[place].map { ($0, place) } }
    return [
      ofOld.count == old.key.count ? ofOld : [], ofNew.count == new.key.count ? ofNew : [],
    ].filter { !$0.isEmpty }
  }

  /// Whether no two rows share it, at either time.
  private func isKey(_ columns: [(before: Int, after: Int)]) -> Bool {
    Set(before.map { texts($0, oldKinds, columns.map(\.before)) }).count == before.count
      && Set(after.map { texts($0, newKinds, columns.map(\.after)) }).count == after.count
  }

  /// Whether these columns say anything of the rows that are left.
  private func tellsApart(_ columns: [(before: Int, after: Int)]) -> Bool {
    !columns.isEmpty
      && lost.contains { row in columns.contains { !before[row][$0.before].isNull } }
  }

  /// Whether the rows that are left have the same values in this column, altogether.
  private func isSteady(_ column: (before: Int, after: Int)) -> Bool {
    var counts: [ExactText?: Int] = [:]
    for row in lost { counts[texts(before[row], oldKinds, [column.before])[0], default: 0] += 1 }
    for row in added { counts[texts(after[row], newKinds, [column.after])[0], default: 0] -= 1 }
    return counts.values.allSatisfy { $0 == 0 }
  }

  private mutating func match(by columns: [(before: Int, after: Int)]) {
    var waiting: [Texts: [Int]] = [:]
    for row in lost.reversed() {
      waiting[texts(before[row], oldKinds, columns.map(\.before)), default: []].append(row)
    }
    var found: Set<Int> = []
    var left: [Int] = []
    for row in added {
      let text = texts(after[row], newKinds, columns.map(\.after))
      if let old = waiting[text]?.popLast() {
        pairs.append((old, row))
        found.insert(old)
      } else {
        left.append(row)
      }
    }
    added = left
    lost.removeAll { found.contains($0) }
  }

  private func texts(_ row: [Cell], _ kinds: [ValueKind], _ columns: [Int]) -> Texts {
    columns.map { kinds[$0].canonical(row[$0]).map { ExactText($0) } }
  }
}

private func != (left: (before: Int, after: Int), right: (before: Int, after: Int)) -> Bool {
  left.before != right.before
}
