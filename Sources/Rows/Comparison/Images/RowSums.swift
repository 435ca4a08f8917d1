/// What is kept of the rows of a large table: counts and sums of hashes, by buckets of keys, in which
/// the order of rows has no say.
///
/// A row's key gives a seed: a whole number is its own, anything else is hashed. The seed picks the
/// bucket and goes into the hash of each of the row's values, so that two rows that swap a value do not
/// go unseen. A table without a key has the seed 0 for all its rows, and one sum more, over whole rows.
struct RowSums: Hashable, Sendable {
  static let bucketCount = 1024

  struct Column: Hashable, Sendable {
    /// How many values are not NULL.
    var count = 0
    /// Of the hashes of the canonical texts.
    var values: UInt64 = 0
    /// Of what the values say beyond it: `ValueKind.form`.
    var forms: UInt64 = 0

    static func + (left: Self, right: Self) -> Self {
      Self(
        count: left.count + right.count, values: left.values &+ right.values,
        forms: left.forms &+ right.forms)
    }

    static func - (left: Self, right: Self) -> Self {
      Self(
        count: left.count - right.count, values: left.values &- right.values,
        forms: left.forms &- right.forms)
    }
  }

  struct Bucket: Hashable, Sendable {
    var rows = 0
    /// Of whole rows, where there is no key.
    var whole: UInt64 = 0
    var columns: [Column]

    init(width: Int) { columns = Array(repeating: Column(), count: width) }
  }

  let width: Int
  /// Where the server keeps a mark of each row; sums are then those of the marks.
  var marks: MarkedRows?
  private(set) var buckets: [Int: Bucket] = [:]

  init(width: Int) { self.width = width }

  var rowCount: Int { buckets.values.reduce(0) { $0 + $1.rows } }

  subscript(bucket: Int) -> Bucket { buckets[bucket] ?? Bucket(width: width) }

  mutating func put(_ bucket: Bucket, at index: Int) { buckets[index] = bucket }

  /// Over all buckets.
  func total(of column: Int) -> Column {
    buckets.values.reduce(Column()) { $0 + $1.columns[column] }
  }

  /// Takes one more row in.
  mutating func add(_ row: [Cell], of columns: [ColumnImage], key: [Int]) {
    let seed = Self.seed(of: row, columns, key: key)
    let index = Self.bucket(of: row, columns, key: key)
    var bucket = buckets.removeValue(forKey: index) ?? Bucket(width: width)
    bucket.rows += 1
    var whole: UInt64 = 0
    for column in 0..<width {
      let kind = columns[column].kind
      let text = kind.canonical(row[column])
      if key.isEmpty { whole = TextHash.hash(text ?? Self.nullMark, seed: whole) }
      guard let text else { continue }
      bucket.columns[column].count += 1
      bucket.columns[column].values &+= TextHash.hash(text, seed: seed)
      bucket.columns[column].forms &+= kind.form(row[column], seed: seed)
    }
    bucket.whole &+= whole
    buckets[index] = bucket
  }

  /// What stands for NULL in the hash of a whole row.
  static let nullMark = "\u{1}NULL"

  /// The bucket of a row of that key; 0 where there is no key.
  static func bucket(of row: [Cell], _ columns: [ColumnImage], key: [Int]) -> Int {
    Int(truncatingIfNeeded: seed(of: row, columns, key: key) & UInt64(bucketCount - 1))
  }

  private static func seed(of row: [Cell], _ columns: [ColumnImage], key: [Int]) -> UInt64 {
    var seed: UInt64 = 0
    for (place, column) in key.enumerated() {
      let text = columns[column].kind.canonical(row[column]) ?? nullMark
      switch columns[column].kind.seeding {
      case .number where place == 0: seed = UInt64(bitPattern: Int64(text) ?? 0)
      case .number: seed = TextHash.hash(Int64(text) ?? 0, seed: seed)
      case .uuid: seed = TextHash.hash(uuid: text, seed: seed)
      case .text: seed = TextHash.hash(text, seed: seed)
      }
    }
    return seed
  }
}

extension ValueKind {
  /// How a column of this kind in a key goes into the seed: by the server's quickest way.
  enum Seeding { case number, uuid, text }

  var seeding: Seeding {
    switch self {
    case .integer: .number
    case .uuid: .uuid
    default: .text
    }
  }
}

extension TableImage {
  /// What would be known of the table if it were too large for its values to be kept.
  var sums: RowSums? {
    switch content {
    case .sums(let sums): return sums
    case .unreadable: return nil
    case .rows(let rows):
      var sums = RowSums(width: columns.count)
      for row in rows { sums.add(row, of: columns, key: key) }
      return sums
    }
  }
}
