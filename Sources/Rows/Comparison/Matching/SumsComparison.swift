import Databases

/// Compares a table at two times, of at least one of which only sums are kept.
///
/// A bucket in which the keys are the same says of each column whether a value in it differs; how many,
/// only that it is at least one. In a bucket that lost or gained rows nothing is said of values.
struct SumsComparison {
  let before: TableImage
  let after: TableImage
  let old: RowSums
  let new: RowSums
  let columns: ColumnMatching
  private let indices: Set<Int>

  init(
    _ before: TableImage, _ old: RowSums, _ after: TableImage, _ new: RowSums,
    _ columns: ColumnMatching
  ) {
    self.before = before
    self.after = after
    self.old = old
    self.new = new
    self.columns = columns
    indices = Set(old.buckets.keys).union(new.buckets.keys)
  }

  var facts: RowsDifference.Table {
    var table = RowsDifference.Table(
      before: before.name, after: after.name, rowsBefore: before.rowCount,
      rowsAfter: after.rowCount)
    // Of no rows there is nothing to hold against others.
    guard hasSameKey && isOfOneSort || after.rowCount == 0 else {
      table.rowsLost = max(0, before.rowCount - after.rowCount)
      table.rowsAdded = max(0, after.rowCount - before.rowCount)
      table.isExact = false
      table.notCompared =
        hasSameKey
        ? "its rows are too many to be kept, and it took another one's place"
        : "its rows are too many to be kept, and its key is another one"
      table.columns = structure(among: [], columns)
      return table
    }
    table.keyColumns = before.key.map { before.columns[$0].name }
    var comparable: [Int] = []
    for index in indices.sorted() {
      let (one, other) = (old[index], new[index])
      table.rowsLost += max(0, one.rows - other.rows)
      table.rowsAdded += max(0, other.rows - one.rows)
      guard one.rows == other.rows else { continue }
      if keysAreSame(one, other) {
        comparable.append(index)
      } else {
        table.rowsLost += 1
        table.rowsAdded += 1
      }
    }
    let joined = renamedJoined(among: comparable)
    table.differingBuckets = differing(joined)
    table.columns = structure(among: comparable, joined)
    if table.columns.isEmpty, hasSameColumns, table.rowsLost + table.rowsAdded == 0,
      indices.contains(where: { old[$0].whole != new[$0].whole })
    {
      // The columns hold the same values, in other company.
      table.rowsLost = 1
      table.rowsAdded = 1
    }
    let isCertain = after.rowCount == 0 || table.rowsLost + table.rowsAdded == 0
    table.isExact = isCertain && table.columns.allSatisfy { $0.changed == 0 }
    return table
  }

  /// Buckets of which the rows would show what differs.
  private func differing(_ columns: ColumnMatching) -> [Int] {
    guard !before.key.isEmpty else { return [] }
    let found = indices.sorted().lazy.filter { index in
      let (one, other) = (old[index], new[index])
      return one.rows != other.rows
        || columns.pairs.contains {
          one.columns[$0.before].values != other.columns[$0.after].values
        }
    }
    return Array(found.prefix(RowsDifference.sampleSize))
  }

  /// Whether the sums are those of rows at both times, or those of marks.
  private var isOfOneSort: Bool { (old.marks == nil) == (new.marks == nil) }

  /// Whether the key gives the seeds that it gave.
  var hasSameKey: Bool {
    let places = columns.places
    guard before.key.map({ places[$0] }) == after.key.map({ $0 }) else { return false }
    return zip(before.key, after.key).allSatisfy { one, other in
      before.columns[one].kind.seeding == after.columns[other].kind.seeding
    }
  }

  private var hasSameColumns: Bool {
    before.key.isEmpty && columns.dropped.isEmpty && columns.added.isEmpty && columns.moved.isEmpty
  }

  private func keysAreSame(_ one: RowSums.Bucket, _ other: RowSums.Bucket) -> Bool {
    zip(before.key, after.key).allSatisfy { one.columns[$0].values == other.columns[$1].values }
  }

  /// As `ValuesComparison` joins them; a constant default tells nothing here.
  private func renamedJoined(among buckets: [Int]) -> ColumnMatching {
    var joined = columns
    for place in columns.added where after.columns[place].constantDefault == nil {
      let same = joined.dropped.first { candidate in
        old.total(of: candidate).count > 0 && !buckets.isEmpty
          && buckets.allSatisfy {
            old[$0].columns[candidate].values == new[$0].columns[place].values
              && old[$0].columns[candidate].count == new[$0].columns[place].count
          }
      }
      if let same { joined.join(same, place) }
    }
    return joined
  }

  func structure(
    among buckets: [Int], _ columns: ColumnMatching
  ) -> [RowsDifference.Column] {
    let moved = columns.moved
    var found = columns.pairs.map { pair in
      column(from: pair.before, to: pair.after, isMoved: moved.contains(pair.after), among: buckets)
    }
    found += columns.added.map { place in
      var column = RowsDifference.Column(before: nil, after: after.columns[place].name)
      column.typeAfter = after.columns[place].type
      column.valuesAfter = new.total(of: place).count
      return column
    }
    found += columns.dropped.map { place in
      var column = RowsDifference.Column(before: before.columns[place].name, after: nil)
      column.typeBefore = before.columns[place].type
      column.computedBefore = before.columns[place].computation
      column.valuesBefore = old.total(of: place).count
      return column
    }
    return found.filter(\.saysSomething)
  }

  private func column(
    from place: Int, to other: Int, isMoved: Bool, among buckets: [Int]
  ) -> RowsDifference.Column {
    let (image, changed) = (before.columns[place], after.columns[other])
    var column = RowsDifference.Column(from: image, to: changed, isMoved: isMoved)
    column.valuesBefore = old.total(of: place).count
    column.valuesAfter = new.total(of: other).count
    for index in buckets {
      let (one, two) = (old[index].columns[place], new[index].columns[other])
      if one.values != two.values || one.count != two.count {
        if one.count > two.count {
          column.changes[.nulled, default: 0] += one.count - two.count
        } else if one.count < two.count {
          column.changes[.filled, default: 0] += two.count - one.count
        } else {
          column.changes[.replaced, default: 0] += 1
        }
      } else if image.kind == changed.kind, one.forms != two.forms {
        column.changes[image.kind.otherForm, default: 0] += 1
      }
    }
    if Set([image.kind, changed.kind]) == [.timestamp, .timestampWithZone],
      column.changes.isEmpty, column.valuesAfter > 0,
      image.clockOffsets.union(changed.clockOffsets).isSubset(of: [0])
    {
      column.changes[.timeZone] = column.valuesAfter
    }
    if column.valuesAfter == 0 { column.isUniformAfter = true }
    if column.changed > 0 {
      column.holdsValuesOf =
        before.columns.indices.first {
          $0 != place && old.total(of: $0).count > 0
            && old.total(of: $0).values == new.total(of: other).values
        }.map { before.columns[$0].name }
    }
    return column
  }
}

extension ValueKind {
  /// What a difference in `form` alone is.
  fileprivate var otherForm: ValueChange {
    switch self {
    case .numeric: .scale
    case .json: .documentOrder
    default: .storageClass
    }
  }
}
