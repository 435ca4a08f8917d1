/// Where a server keeps a mark of each row of a large table as it was at a moment: its key as a number,
/// and a hash of each of its values.
struct MarkedRows: Hashable, Sendable {
  /// Of a temporary table with the columns `k`, and `c0`, `c1`, … in the order of the image's.
  let table: String
  /// Whether `k` is the key itself and not a hash of it.
  let holdsKeys: Bool
}

/// Counts by marks which rows of a table are others than before.
protocol RowCounter: AnyObject {
  /// By their keys, which are the same ones at both times.
  /// - Parameter pairs: places of the columns that are held against each other.
  func counts(
    from before: MarkedRows, to after: MarkedRows, _ pairs: [(before: Int, after: Int)]
  ) throws -> MarkCounts

  /// Without keys: of each column how many values are not found again, whatever row has them.
  func missingValues(
    from before: MarkedRows, to after: MarkedRows, _ pairs: [(before: Int, after: Int)]
  ) throws -> [Int]
}

/// How many rows and values differ.
struct MarkCounts {
  struct Column {
    var nulled = 0
    var filled = 0
    var replaced = 0
  }

  var lost = 0
  var added = 0
  /// In the order of the pairs.
  var columns: [Column] = []
  /// A few keys of rows that are gone, where they are kept.
  var lostKeys: [String] = []
}
