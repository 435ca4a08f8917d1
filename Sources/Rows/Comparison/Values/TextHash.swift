/// PostgreSQL's `hashtextextended` under the collation `C`, so that values read here and sums made in
/// the server can be held against each other.
///
/// The function is Bob Jenkins' `lookup3` as `hash_bytes_extended` in `src/common/hashfn.c` has it. Hash
/// partitioning stores what it gives, so it is the same in every version; it is that of a little-endian
/// machine.
enum TextHash {
  static func hash(_ text: String, seed: UInt64) -> UInt64 {
    var text = text
    return text.withUTF8 { bytes in
      let count = bytes.count
      var state = State(count: count, seed: seed)
      var start = 0
      while count - start >= 12 {
        state.a &+= word(at: start)
        state.b &+= word(at: start + 4)
        state.c &+= word(at: start + 8)
        state.mix()
        start += 12
      }
      for offset in 0..<(count - start) {
        let byte = UInt32(bytes[start + offset])
        switch offset {
        case 0..<4: state.a &+= byte << (8 * UInt32(offset))
        case 4..<8: state.b &+= byte << (8 * UInt32(offset - 4))
        // The lowest byte is kept for the length.
        default: state.c &+= byte << (8 * UInt32(offset - 7))
        }
      }
      return state.finished()

      func word(at index: Int) -> UInt32 {
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
          | UInt32(bytes[index + 3]) << 24
      }
    }
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
