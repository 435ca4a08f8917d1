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

  /// The table that has all the rows which this one lost; nil where there is none, or where the values are
  /// not kept.
  func target(of table: RowsDifference.Table) -> TableName? {
    guard table.rowsLost > 0, let name = table.before, let other = table.after,
      let old = before.tables[name], let new = after.tables[other],
      case .rows(let oldRows) = old.content, case .rows(let newRows) = new.content
    else { return nil }
    let columns = ColumnMatching(old, new, trace.origin(of: new.name.name.raw))
    let lost = RowMatching(old, oldRows, new, newRows, columns: columns).lost.map { oldRows[$0] }
    guard lost.count == table.rowsLost else { return nil }
    let candidates = after.ordered.filter { candidate in
      candidate !== new && before.tables[candidate.name] !== candidate
        && candidate.rowCount >= lost.count
    }
    return candidates.first { holds($0, lost, of: old) }?.name
  }

  private func holds(_ table: TableImage, _ lost: [[Cell]], of old: TableImage) -> Bool {
    guard case .rows(let rows) = table.content else { return false }
    let places = old.columns.indices.filter { old.columns[$0].computation == nil }
    let others = places.compactMap { place in
      table.columns.firstIndex { $0.name == old.columns[place].name }
    }
    guard !places.isEmpty, others.count == places.count else { return false }
    let comparisons = zip(places, others).map {
      ValueComparison(from: old.columns[$0], to: table.columns[$1])
    }
    var left = Set(rows.indices)
    return lost.allSatisfy { row in
      let found = left.first { candidate in
        places.indices.allSatisfy { index in
          let (one, other) = (row[places[index]], rows[candidate][others[index]])
          return comparisons[index].change(one, other)?.keepsValue ?? true
        }
      }
      if let found { left.remove(found) }
      return found != nil
    }
  }
}
