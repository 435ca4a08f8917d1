import Databases
import Schemas

/// Looks for rows that one table lost in the others that have changed: the same columns under the same names,
/// with the same values.
struct MovedRows {
  private let before: RowImage
  private let after: RowImage
  private let trace: TableTrace

  init(from before: RowImage, to after: RowImage, _ trace: TableTrace) {
    self.before = before
    self.after = after
    self.trace = trace
  }

  /// The table that has all the rows which this one lost; nil where there is none.
  func target(of table: RowsDifference.Table) -> TableName? {
    guard table.rowsLost > 0, let name = table.before, let other = table.after,
      let old = before.tables[name], let new = after.tables[other]
    else { return nil }
    let columns = ColumnMatching(old, new, trace.origin(of: new.name.name.raw))
    let candidates = after.ordered.filter { candidate in
      candidate !== new && before.tables[candidate.name] !== candidate && candidate.rowCount > 0
    }
    guard !candidates.isEmpty else { return nil }
    guard case .rows(let oldRows) = old.content, case .rows(let newRows) = new.content,
      candidates.allSatisfy(\.keepsValues)
    else {
      let departed = DepartedRows(old, new, columns)
      return candidates.first { candidate in
        departed?.arrived(in: candidate, since: before.tables[candidate.name]) ?? false
      }?.name
    }
    let lost = RowMatching(old, oldRows, new, newRows, columns: columns).lost.map { oldRows[$0] }
    guard lost.count == table.rowsLost else { return nil }
    return candidates.first { holds($0, lost, of: old) }?.name
  }

  private func holds(_ table: TableImage, _ lost: [[Cell]], of old: TableImage) -> Bool {
    guard case .rows(let rows) = table.content, rows.count >= lost.count,
      let places = table.places(ofStored: old)
    else { return false }
    func texts(_ row: [Cell], of image: TableImage, _ places: [Int]) -> [ExactText?] {
      places.map { image.columns[$0].kind.canonical(row[$0]).map { ExactText($0) } }
    }
    // By their texts first: what is left to be held against each other is little.
    var waiting: [[ExactText?]: [Int]] = [:]
    for row in lost.indices {
      waiting[texts(lost[row], of: old, places.map(\.old)), default: []].append(row)
    }
    let left = rows.filter { row in
      waiting[texts(row, of: table, places.map(\.new))]?.popLast() == nil
    }
    return holds(left, waiting.values.flatMap { $0 }.sorted().map { lost[$0] }, places, table, old)
  }

  /// By what the columns' types count as the same.
  private func holds(
    _ rows: [[Cell]], _ lost: [[Cell]], _ places: [(old: Int, new: Int)], _ table: TableImage,
    _ old: TableImage
  ) -> Bool {
    let comparisons = places.map {
      ValueComparison(from: old.columns[$0.old], to: table.columns[$0.new])
    }
    // From the end, where each is taken out: rows that were copied stand in the same order.
    var left = Array(rows.reversed())
    return lost.allSatisfy { row in
      let found = left.lastIndex { candidate in
        places.indices.allSatisfy { index in
          let (one, other) = (row[places[index].old], candidate[places[index].new])
          return comparisons[index].change(one, other)?.keepsValue ?? true
        }
      }
      if let found { left.remove(at: found) }
      return found != nil
    }
  }
}

extension TableImage {
  /// Where each column of another table into which values are written stands here, under its name; nil
  /// where one of them is not here, or where there is none.
  func places(ofStored other: TableImage) -> [(old: Int, new: Int)]? {
    let stored = other.columns.indices.filter { other.columns[$0].computation == nil }
    let pairs = stored.compactMap { place in
      columns.firstIndex { $0.name == other.columns[place].name }.map { (old: place, new: $0) }
    }
    return stored.isEmpty || pairs.count < stored.count ? nil : pairs
  }
}
