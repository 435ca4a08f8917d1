import Databases
import Schemas

/// Writes the statements that read one table's rows, and reads what the sums' statement gives.
struct PostgresRowQuery {
  private let table: PostgresTable
  private let version: Int

  private let documentsAsText: Bool

  /// - Parameters:
  ///   - version: the server's, as libpq numbers it.
  ///   - documentsAsText: sums take `json` as it is written.
  init(_ table: PostgresTable, _ version: Int, documentsAsText: Bool = false) {
    self.table = table
    self.version = version
    self.documentsAsText = documentsAsText
  }

  /// Partitions are read with their parent; a table that inherits from another is read by itself.
  private var source: String {
    let name = "\((table.name.schema ?? "public").quoted).\(table.name.name.quoted)"
    return (table.isPartitioned ? "" : "ONLY ") + name + " r"
  }

  private func name(of column: Int) -> String { "r.\(table.columns[column].name.quoted)" }

  /// One row more than is kept tells that there are too many.
  func values(_ limits: RowLimits) -> String {
    let columns = table.columns.indices.map { table.columns[$0].kind.reading(of: name(of: $0)) }
    return "SELECT \(columns.joined(separator: ", ")) FROM \(source) LIMIT \(limits.rows + 1)"
  }

  private var bucket: String {
    table.key.isEmpty ? "0" : "(\(seed)) & \(RowSums.bucketCount - 1)"
  }

  /// The rows of some buckets, at most as many as are kept.
  func values(of buckets: [Int], _ limits: RowLimits) -> String {
    let columns = table.columns.indices.map { table.columns[$0].kind.reading(of: name(of: $0)) }
    let list = buckets.map { String($0) }.joined(separator: ", ")
    return """
      SELECT \(columns.joined(separator: ", ")) FROM \(source)
      WHERE \(bucket) IN (\(list)) LIMIT \(limits.rows + 1)
      """
  }

  /// One row a bucket, each sum in as few passes over the table as one.
  var sums: String {
    let columns = table.columns.indices.flatMap { column in
      [
        // Which the server counts once, however often it is asked for.
        table.notNull.contains(column) ? "count(*)" : "count(\(name(of: column)))",
        "sum(\(hash(canonical(column), seed)))",
        table.columns[column].kind.formSQL(of: name(of: column), seed: seed).map { "sum(\($0))" }
          ?? "0",
      ]
    }
    let whole = table.key.isEmpty && !table.columns.isEmpty ? "sum(\(wholeRow))" : "0"
    return """
      SELECT \((["\(bucket)", "count(*)", whole] + columns).joined(separator: ", "))
      FROM \(source)\(table.key.isEmpty ? "" : " GROUP BY 1")
      """
  }

  /// Makes a table with a mark of each row, in one pass over the table.
  ///
  /// PostgreSQL's own hash of texts has four bytes: two other values share it once in four thousand
  /// million times.
  func marking(into name: String) -> String {
    let columns = table.columns.indices.map {
      "hashtext((\(canonical($0))) COLLATE \"C\") AS c\($0)"
    }
    let list = (["(\(seed))::int8 AS k"] + columns).joined(separator: ", ")
    return "CREATE TEMP TABLE \(name) AS SELECT \(list) FROM \(source)"
  }

  /// Whether the seed of a row is its key.
  var seedIsKey: Bool {
    table.key.count == 1 && table.columns[table.key[0]].kind.seeding == .number
  }

  /// As `sums`, of marks.
  func sums(ofMarks name: String) -> String {
    let columns = table.columns.indices.flatMap {
      ["count(c\($0))", "sum(hashint4extended(c\($0), k))", "0"]
    }
    let whole = table.columns.indices.reduce("0::int8") {
      "hashint8extended(coalesce(c\($1), -1)::int8, \($0))"
    }
    let bucket = table.key.isEmpty ? "0" : "k & \(RowSums.bucketCount - 1)"
    let first = [bucket, "count(*)", table.key.isEmpty ? "sum(\(whole))" : "0"]
    return """
      SELECT \((first + columns).joined(separator: ", "))
      FROM pg_temp.\(name)\(table.key.isEmpty ? "" : " GROUP BY 1")
      """
  }

  func bucket(of row: Row) -> (index: Int, sums: RowSums.Bucket) {
    var bucket = RowSums.Bucket(width: table.columns.count)
    bucket.rows = Int(row.text(1)) ?? 0
    bucket.whole = Self.sum(row, 2)
    for column in table.columns.indices {
      bucket.columns[column] = RowSums.Column(
        count: Int(row.text(3 + column * 3)) ?? 0, values: Self.sum(row, 4 + column * 3),
        forms: Self.sum(row, 5 + column * 3))
    }
    return (Int(row.text(0)) ?? 0, bucket)
  }

  /// The server sums without a limit; what matters is the sum's last 64 bits.
  private static func sum(_ row: Row, _ column: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: Int128(row.text(column)) ?? 0)
  }

  private func canonical(_ column: Int) -> String {
    if documentsAsText, table.columns[column].kind == .json { return "\(name(of: column))::text" }
    return table.columns[column].kind.canonicalSQL(of: name(of: column), version: version)
  }

  private func hash(_ text: String, _ seed: String) -> String {
    "hashtextextended((\(text)) COLLATE \"C\", \(seed))"
  }

  /// As `RowSums` says.
  private var seed: String {
    table.key.enumerated().reduce("0") { seed, part in
      let column = name(of: part.element)
      switch table.columns[part.element].kind.seeding {
      case .number where part.offset == 0: return "\(column)::int8"
      case .number: return "hashint8extended(\(column)::int8, \(seed))"
      case .uuid: return "uuid_hash_extended(\(column), \(seed))"
      case .text: return hash(canonical(part.element), seed)
      }
    }
  }

  private var wholeRow: String {
    table.columns.indices.reduce("0") {
      hash("coalesce(\(canonical($1)), E'\\x01NULL')", $0)
    }
  }
}
