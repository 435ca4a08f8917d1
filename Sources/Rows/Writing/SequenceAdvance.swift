import Databases
import Schemas

/// Which of PostgreSQL's sequences lie behind the keys that were written, and how they are moved.
struct SequenceAdvance {
  private struct Column: Hashable {
    let table: TableName
    let name: Identifier
    let sequence: String?
  }

  /// By column, the outermost keys that each width of integer holds: a sequence of 32 bits is to be
  /// moved past the keys that it would reach, not past those beyond.
  private var keys: [Column: [Int64]] = [:]
  private var order: [Column] = []

  init(_ rows: [PlannedRow]) {
    for row in rows {
      for cell in row.cells where cell.column.isCounted {
        let column = Column(
          table: row.table.name, name: cell.column.name, sequence: cell.column.sequence)
        switch cell.value {
        case .integer(let key): add(key, to: column)
        case .text(let text), .decimal(let text):
          if let key = Int64(text) { add(key, to: column) }
        default: continue
        }
      }
    }
  }

  private static let widths = [Int64(Int16.max), Int64(Int32.max), Int64.max]

  private mutating func add(_ key: Int64, to column: Column) {
    if keys[column] == nil {
      order.append(column)
      keys[column] = []
    }
    guard let known = keys[column] else { return }
    var kept: Set<Int64> = []
    for width in Self.widths {
      let inside = (known + [key]).filter { $0.magnitude <= UInt64(width) }
      if let top = inside.max() { kept.insert(top) }
      if let bottom = inside.min() { kept.insert(bottom) }
    }
    keys[column] = kept.sorted()
  }

  /// One statement for each column that counts. The last number of a range is not taken: a sequence
  /// that stands there gives no more.
  var statements: [String] {
    order.map { column in
      let sequence =
        column.sequence.map { "to_regclass(\(PostgresText.literal($0)))" }
          ?? """
          pg_get_serial_sequence(\(PostgresText.literal(column.table.quoted)), \
          \(PostgresText.literal(column.name.raw)))::regclass
          """
      let list = (keys[column] ?? []).map(String.init).joined(separator: ",")
      return """
        SELECT setval(s.seqrelid::regclass, k.key)
        FROM pg_catalog.pg_sequence s, LATERAL (
          SELECT CASE WHEN s.seqincrement > 0 THEN max(u) ELSE min(u) END AS key
          FROM unnest('{\(list)}'::bigint[]) u
          WHERE u BETWEEN s.seqmin AND s.seqmax
            AND u <> CASE WHEN s.seqincrement > 0 THEN s.seqmax ELSE s.seqmin END) k
        WHERE s.seqrelid = \(sequence) AND CASE WHEN s.seqincrement > 0
          THEN k.key > coalesce(pg_sequence_last_value(s.seqrelid), s.seqstart - s.seqincrement)
          ELSE k.key < coalesce(pg_sequence_last_value(s.seqrelid), s.seqstart - s.seqincrement) END
        """
    }
  }
}
