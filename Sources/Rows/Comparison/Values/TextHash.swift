/// PostgreSQL's `hashtextextended` under the collation `C`, so that values read here and sums made in
/// the server can be held against each other.
///
/// The function is Bob Jenkins' `lookup3` as `hash_bytes_extended` in `src/common/hashfn.c` has it. Hash
/// partitioning stores what it gives, so it is the same in every version; it is that of a little-endian
/// machine.
enum TextHash {
  static func hash(_ text: String, seed: UInt64) -> UInt64 {
    var text = text
    return text.withUTF8 { hash(UnsafeRawBufferPointer($0), seed: seed) }
  }

  /// `hashint8extended`, which folds the number to 32 bits.
  static func hash(_ number: Int64, seed: UInt64) -> UInt64 {
    let high = UInt32(truncatingIfNeeded: number >> 32)
    let folded = UInt32(truncatingIfNeeded: number) ^ (number >= 0 ? high : ~high)
    return withUnsafeBytes(of: folded.littleEndian) { hash($0, seed: seed) }
  }

  /// `uuid_hash_extended`.
  static func hash(uuid text: String, seed: UInt64) -> UInt64 {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
    return bytes.withUnsafeBytes { hash($0, seed: seed) }
  }

  /// Counts places and calls nothing generic: every value of every large table comes by here.
  private static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    var state = State(count: bytes.count, seed: seed)
    var place = 0
    while bytes.count - place >= 12 {
      state.a &+= word(bytes, place)
      state.b &+= word(bytes, place + 4)
      state.c &+= word(bytes, place + 8)
      state.mix()
      place += 12
    }
    var offset: UInt32 = 0
    while place < bytes.count {
      let byte = UInt32(bytes[place])
      switch offset {
      case 0..<4: state.a &+= byte << (8 * offset)
      case 4..<8: state.b &+= byte << (8 * (offset - 4))
      // The lowest byte is kept for the length.
      default: state.c &+= byte << (8 * (offset - 7))
      }
      place += 1
      offset += 1
    }
    return state.finished()
  }

  /// Four bytes, the lowest first.
  private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
  }

  private struct State {
    var a: UInt32
    var b: UInt32
    var c: UInt32

    init(count: Int, seed: UInt64) {
      a = 0x9e37_79b9 &+ UInt32(truncatingIfNeeded: count) &+ 3_923_095
      b = a
      c = a
      guard seed != 0 else { return }
      a &+= UInt32(truncatingIfNeeded: seed >> 32)
      b &+= UInt32(truncatingIfNeeded: seed)
      mix()
    }

    mutating func mix() {
      func turn(_ x: inout UInt32, _ y: inout UInt32, _ z: inout UInt32, _ bits: UInt32) {
        x &-= z
        x ^= State.rotated(z, bits)
        z &+= y
      }
      turn(&a, &b, &c, 4)
      turn(&b, &c, &a, 6)
      turn(&c, &a, &b, 8)
      turn(&a, &b, &c, 16)
      turn(&b, &c, &a, 19)
      turn(&c, &a, &b, 4)
    }

    mutating func finished() -> UInt64 {
      func turn(_ x: inout UInt32, _ y: UInt32, _ bits: UInt32) {
        x ^= y
        x &-= State.rotated(y, bits)
      }
      turn(&c, b, 14)
      turn(&a, c, 11)
      turn(&b, a, 25)
      turn(&c, b, 16)
      turn(&a, c, 4)
      turn(&b, a, 14)
      turn(&c, b, 24)
      return UInt64(b) << 32 | UInt64(c)
    }

    private static func rotated(_ value: UInt32, _ bits: UInt32) -> UInt32 {
      value << bits | value >> (32 - bits)
    }
  }
}
