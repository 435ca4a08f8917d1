/// Whether a tar archive reaches to its end, read a piece at a time: `pg_restore` 15 turns in circles at
/// one that does not.
///
/// Members are a header of 512 bytes, with the content's length in octal digits at 124, and the content
/// filled up to a multiple of that; a header of zeros ends the archive
/// (<https://www.gnu.org/software/tar/manual/html_node/Standard.html>).
struct TarCheck {
  private var header: [UInt8] = []
  /// Bytes of content that are still to come.
  private var left = 0
  private(set) var isWhole = false

  /// Takes the next piece.
  mutating func take(_ bytes: [UInt8]) {
    var index = 0
    while index < bytes.count, !isWhole {
      if left > 0 {
        let passed = min(left, bytes.count - index)
        left -= passed
        index += passed
        continue
      }
      let end = min(bytes.count, index + 512 - header.count)
      header += bytes[index..<end]
      index = end
      guard header.count == 512 else { return }
      if header.allSatisfy({ $0 == 0 }) {
        isWhole = true
      } else {
        left = (Self.length(header[124..<136]) + 511) / 512 * 512
        header = []
      }
    }
  }

  /// In octal digits, or in binary where the first bit is set: members of more than 8 GiB.
  private static func length(_ field: ArraySlice<UInt8>) -> Int {
    if let first = field.first, first & 0x80 != 0 {
      return field.dropFirst(4).reduce(0) { $0 << 8 | Int($1) }
    }
    return field.reduce(0) { (48...55).contains($1) ? $0 * 8 + Int($1 - 48) : $0 }
  }
}
