import Platform

/// What makes one copy's disguises others than the next one's; drawn for each, kept nowhere, so that
/// values that are guessed cannot be tried.
enum Secret {
  static func draw() -> String {
    let halves = [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)]
    return halves.map(RandomName.hexadecimal).joined()
  }
}

/// SipHash-2-4, a hash that cannot be foreseen without its key
/// (<https://www.aumasson.jp/siphash/siphash.pdf>).
struct KeyedHash: Sendable {
  private let key: (UInt64, UInt64)

  init(_ first: UInt64, _ second: UInt64) { key = (first, second) }

  /// - Parameter secret: of which the first 32 hexadecimal digits count.
  init(secret: String) {
    let digits = secret.padding(to: 32)
    key = (UInt64(digits.prefix(16), radix: 16) ?? 0, UInt64(digits.suffix(16), radix: 16) ?? 0)
  }

  func callAsFunction(_ bytes: some Collection<UInt8>) -> UInt64 {
    var v0 = key.0 ^ 0x736f_6d65_7073_6575
    var v1 = key.1 ^ 0x646f_7261_6e64_6f6d
    var v2 = key.0 ^ 0x6c79_6765_6e65_7261
    var v3 = key.1 ^ 0x7465_6462_7974_6573
    func rotated(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
    func mix() {
      v0 &+= v1
      v1 = rotated(v1, 13) ^ v0
      v0 = rotated(v0, 32)
      v2 &+= v3
      v3 = rotated(v3, 16) ^ v2
      v0 &+= v3
      v3 = rotated(v3, 21) ^ v0
      v2 &+= v1
      v1 = rotated(v1, 17) ^ v2
      v2 = rotated(v2, 32)
    }
    func take(_ word: UInt64) {
      v3 ^= word
      mix()
      mix()
      v0 ^= word
    }
    var word: UInt64 = 0
    var filled: UInt64 = 0
    for byte in bytes {
      word |= UInt64(byte) << (8 * filled)
      filled += 1
      if filled == 8 {
        take(word)
        (word, filled) = (0, 0)
      }
    }
    take(word | UInt64(bytes.count & 0xff) << 56)
    v2 ^= 0xff
    for _ in 0..<4 { mix() }
    return v0 ^ v1 ^ v2 ^ v3
  }
}

extension String {
  fileprivate func padding(to count: Int) -> String {
    let digits = filter(\.isHexDigit).prefix(count)
    return String(repeating: "0", count: count - digits.count) + digits
  }
}
