/// How large a table may be for its values to be kept, where larger ones leave only sums.
package struct RowLimits: Hashable, Sendable {
  package var rows: Int
  /// As the table lies on disk.
  package var bytes: Int

  /// 10 000 rows and 8 MiB unless said otherwise: two images of a table of that size are held at once.
  package init(rows: Int = 10_000, bytes: Int = 8 << 20) {
    self.rows = rows
    self.bytes = bytes
  }

  /// For some buckets of a large table: of one with ten million rows, five hold about 50 000.
  static let buckets = RowLimits(rows: 100_000, bytes: 256 << 20)
}
