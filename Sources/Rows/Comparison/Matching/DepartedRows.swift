/// Rows of a table that became fewer, where values are not kept: known by how much less its sums are.
///
/// Rows that went to another table add there what is missing here, in each bucket and each column.
struct DepartedRows {
  /// A table at both times, with what is known of it then.
  private struct Times {
    let before: TableImage?
    let after: TableImage
    let was: RowSums
    let now: RowSums

    /// nil where it could not be read at one of the times.
    init?(_ before: TableImage?, _ after: TableImage) {
      let none = RowSums(width: 0)
      guard let was = before.map(\.sums) ?? none, let now = after.sums else { return nil }
      (self.before, self.after, self.was, self.now) = (before, after, was, now)
    }

    /// The images in which there are rows, with their sums.
    var filled: [(image: TableImage, sums: RowSums)] {
      [before.map { ($0, was) }, (after, now)].compactMap { $0 }.filter { $0.image.rowCount > 0 }
    }
  }

  /// The places of one column at the four times; nil where the table does not have it then.
  private struct Places {
    let old: Int
    let left: Int?
    let new: Int
    let earlier: Int?
  }

  private let source: Times
  private let old: TableImage
  private let columns: ColumnMatching

  /// nil where nothing is known of the rows, or where they are no fewer.
  init?(_ before: TableImage, _ after: TableImage, _ columns: ColumnMatching) {
    guard after.rowCount < before.rowCount, let times = Times(before, after) else { return nil }
    source = times
    old = before
    self.columns = columns
  }

  /// Whether the other table has more by just these rows.
  ///
  /// Where the two keys or types are not of one sort, so that their sums cannot be held against each
  /// other, the numbers of rows and of values that are not NULL decide: only whether the values are the
  /// same is then left to the way back.
  /// - Parameter earlier: the other table as it was; nil where there was none.
  func arrived(in table: TableImage, since earlier: TableImage?) -> Bool {
    guard let target = Times(earlier, table), let stored = table.places(ofStored: old) else {
      return false
    }
    let kept = columns.places
    let places = stored.map { place in
      Places(
        old: place.old, left: kept[place.old], new: place.new,
        earlier: earlier?.columns.firstIndex { $0.name == table.columns[place.new].name })
    }
    // What the rows that stay had in a column which is gone is not known.
    guard source.now.rowCount == 0 || places.allSatisfy({ $0.left != nil }) else { return false }
    let all = [source.was, source.now, target.was, target.now]
    guard isOfOneSort(with: target) else {
      return isSame(places, all.map(\.together), isOfOneSort: false)
    }
    let indices = all.reduce(into: Set<Int>()) { $0.formUnion($1.buckets.keys) }
    return indices.allSatisfy { index in
      isSame(places, all.map { $0[index] }, isOfOneSort: true)
    }
  }

  /// Whether one value under one key adds the same to the sums of each: wherever there are rows, the key
  /// has the same columns, all columns the same kinds, and either all or none are sums of marks.
  private func isOfOneSort(with target: Times) -> Bool {
    let all = source.filled + target.filled
    return all.allSatisfy { image, sums in
      (sums.marks == nil) == (source.was.marks == nil)
        && image.key.map { image.columns[$0].name } == old.key.map { old.columns[$0].name }
        && old.columns.allSatisfy { column in
          image.columns.first { $0.name == column.name }.map { $0.kind == column.kind } ?? true
        }
    }
  }

  /// - Parameter buckets: of the table before and after, of the other one before and after.
  private func isSame(
    _ places: [Places], _ buckets: [RowSums.Bucket], isOfOneSort: Bool
  ) -> Bool {
    let (was, now, earlier, there) = (buckets[0], buckets[1], buckets[2], buckets[3])
    guard was.rows - now.rows == there.rows - earlier.rows else { return false }
    return places.allSatisfy { place in
      let gone = was.columns[place.old] - (place.left.map { now.columns[$0] } ?? .init())
      let come = there.columns[place.new] - (place.earlier.map { earlier.columns[$0] } ?? .init())
      return gone.count == come.count && (!isOfOneSort || gone.values == come.values)
    }
  }
}

extension RowSums {
  /// All its buckets as one.
  fileprivate var together: Bucket {
    var sum = Bucket(width: width)
    for bucket in buckets.values {
      sum.rows += bucket.rows
      for column in sum.columns.indices {
        sum.columns[column] = sum.columns[column] + bucket.columns[column]
      }
    }
    return sum
  }
}
