import Databases

/// A page of a table's b-tree, taken apart
/// (<https://www.sqlite.org/fileformat2.html#b_tree_pages>).
struct PageContent {
  let bytes: [UInt8]
  private(set) var children: [UInt32] = []
  var records: [Record] = []

  /// nil where the page is not one of a table, or its parts do not lie within it.
  init?(_ bytes: [UInt8], number: UInt32, form: FileForm) {
    self.bytes = bytes
    var reader = ByteReader(bytes, at: number == 1 ? 100 : 0)
    guard let kind = reader.number(1), let _ = reader.number(2), let cells = reader.number(2),
      reader.skip(3)
    else { return nil }
    switch kind {
    case 5:
      guard let last = reader.number(4) else { return nil }
      for _ in 0..<cells {
        guard let offset = reader.number(2),
          let child = ByteReader(bytes, at: offset).peeked(4)
        else { return nil }
        children.append(UInt32(child))
      }
      children.append(UInt32(last))
    case 13:
      for _ in 0..<cells {
        guard let offset = reader.number(2),
          let record = Record(ByteReader(bytes, at: offset), form: form)
        else { return nil }
        records.append(record)
      }
    default: return nil
    }
  }
}

/// A row's content, some of which may have to be fetched from overflow pages
/// (<https://www.sqlite.org/fileformat2.html#record_format>).
struct Record {
  private var payload: [UInt8]
  /// How many bytes are still to come.
  private(set) var missing: Int
  /// The page on which they begin; 0 for none.
  private(set) var overflow: UInt32 = 0
  let rowid: Int64

  fileprivate init?(_ cell: ByteReader, form: FileForm) {
    var cell = cell
    guard let size = cell.varint(), let number = cell.varint(), size >= 0 else { return nil }
    rowid = Int64(number)
    let most = form.usableSize - 35
    var local = size
    if size > most {
      let least = (form.usableSize - 12) * 32 / 255 - 23
      let fitting = least + (size - least) % (form.usableSize - 4)
      local = fitting <= most ? fitting : least
    }
    guard let bytes = cell.bytes(local) else { return nil }
    payload = bytes
    missing = size - local
    if missing > 0 {
      guard let page = cell.number(4) else { return nil }
      overflow = UInt32(page)
    }
  }

  /// Takes what the page `overflow` holds of this record.
  mutating func append(overflowPage bytes: [UInt8], form: FileForm) {
    var reader = ByteReader(bytes, at: 0)
    let next = reader.number(4) ?? 0
    let part = reader.bytes(min(missing, form.usableSize - 4)) ?? []
    payload += part
    missing -= part.count
    overflow = missing > 0 ? UInt32(next) : max(overflow, 1)
  }

  /// The first values.
  func values(count: Int) -> [Value]? {
    var header = ByteReader(payload, at: 0)
    guard let headerSize = header.varint() else { return nil }
    var body = ByteReader(payload, at: headerSize)
    var values: [Value] = []
    while values.count < count, header.position < headerSize {
      guard let type = header.varint(), let value = body.value(serialType: type) else { return nil }
      values.append(value)
    }
    return values.count == count ? values : nil
  }
}

/// Reads big-endian numbers, and nothing beyond the end.
private struct ByteReader {
  private let content: [UInt8]
  private(set) var position: Int

  init(_ content: [UInt8], at position: Int) {
    self.content = content
    self.position = position
  }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count >= 0, position >= 0, position + count <= content.count else { return nil }
    defer { position += count }
    return Array(content[position..<position + count])
  }

  mutating func skip(_ count: Int) -> Bool {
    position += count
    return position <= content.count
  }

  mutating func number(_ width: Int) -> Int? {
    guard position >= 0, position + width <= content.count else { return nil }
    defer { position += width }
    return content[position..<position + width].reduce(0) { $0 << 8 | Int($1) }
  }

  func peeked(_ width: Int) -> Int? {
    var copy = self
    return copy.number(width)
  }

  /// A value as a record keeps it, by the type that the record's header says.
  mutating func value(serialType type: Int) -> Value? {
    switch type {
    case 0: return .null
    case 1...6:
      let width = [1, 2, 3, 4, 6, 8][type - 1]
      guard let bytes = bytes(width) else { return nil }
      let sign: Int64 = bytes[0] & 0x80 == 0 ? 0 : -1
      return .integer(bytes.reduce(sign) { $0 << 8 | Int64($1) })
    case 7:
      guard let bytes = bytes(8) else { return nil }
      return .real(Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
    case 8, 9: return .integer(Int64(type - 8))
    case 12...:
      guard let bytes = bytes((type - 12) / 2) else { return nil }
      return type % 2 == 1 ? Value(text: bytes) : .blob(bytes)
    default: return nil
    }
  }

  /// Seven bits a byte, nine bytes at most; the ninth gives eight.
  mutating func varint() -> Int? {
    var value: UInt64 = 0
    for index in 0..<9 {
      guard position < content.count else { return nil }
      let byte = content[position]
      position += 1
      if index == 8 { return Int(truncatingIfNeeded: value << 8 | UInt64(byte)) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte & 0x80 == 0 { return Int(truncatingIfNeeded: value) }
    }
    return nil
  }
}
