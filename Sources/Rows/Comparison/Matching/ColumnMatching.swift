import Databases

/// Finds which column after is which column before.
struct ColumnMatching {
  /// Places in the tables' columns, in the order after.
  private(set) var pairs: [(before: Int, after: Int)] = []
  private(set) var dropped: [Int]
  private(set) var added: [Int]

  /// By what the statements say, by PostgreSQL's number within the same table, by name.
  init(_ before: TableImage, _ after: TableImage, _ origin: TableTrace.Origin?) {
    dropped = Array(before.columns.indices)
    added = Array(after.columns.indices)
    func folded(_ column: ColumnImage) -> String {
      before.oid == nil ? column.name.raw.lowercased() : column.name.raw
    }
    if let origin {
      let (names, namesAfter) = (Set(before.columns.map(folded)), Set(after.columns.map(folded)))
      match { old, new in
        let (source, name) = (folded(before.columns[old]), folded(after.columns[new]))
        guard origin.column(name) == source else { return false }
        // Where both are there at both times, values have changed places, and names have not.
        return !origin.copied.contains(name) || !names.contains(name)
          || !namesAfter.contains(source)
      }
    }
    if before.oid != nil, before.oid == after.oid {
      match { old, new in
        let number = before.columns[old].number
        return number != nil && number == after.columns[new].number
      }
    }
    match { old, new in folded(before.columns[old]) == folded(after.columns[new]) }
  }

  /// Takes a column that is gone and a new one as the same.
  mutating func join(_ old: Int, _ new: Int) {
    dropped.removeAll { $0 == old }
    added.removeAll { $0 == new }
    pairs.append((old, new))
    pairs.sort { $0.after < $1.after }
  }

  private mutating func match(_ isSame: (Int, Int) -> Bool) {
    for new in added {
      if let old = dropped.first(where: { isSame($0, new) }) { join(old, new) }
    }
  }

  /// The place after of each column before that is still there.
  var places: [Int: Int] {
    Dictionary(pairs.map { ($0.before, $0.after) }) { first, _ in first }
  }

  /// The columns, by their places after, that stand elsewhere among those of both times: all but a
  /// longest row of them that has kept its order.
  var moved: Set<Int> {
    let order = pairs.map(\.before)
    var best: [[Int]] = []
    for (index, place) in order.enumerated() {
      let longest =
        best.enumerated().filter { order[$0.offset] < place }.map(\.element)
        .max { $0.count < $1.count } ?? []
      best.append(longest + [index])
    }
    let kept = Set(best.max { $0.count < $1.count } ?? [])
    return Set(pairs.indices.filter { !kept.contains($0) }.map { pairs[$0].after })
  }
}
