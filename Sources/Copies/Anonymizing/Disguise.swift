import Databases

/// Other values for the ones in production, computed in this process: for SQLite, which has no
/// functions of its own for it.
///
/// `fake` is a permutation of all texts of one shape: each half of the letters is shifted by a hash of
/// the other, four times in turn (a Feistel network), which can be undone and so never maps two
/// values to one.
struct Disguise: Sendable {
  private let hash: KeyedHash

  init(secret: String) { hash = KeyedHash(secret: secret) }

  /// A number that a text has every time.
  static func number(of text: String, secret: String) -> UInt64 {
    KeyedHash(secret: secret)(Array(text.utf8))
  }

  // MARK: Hashes

  /// 32 hexadecimal digits for a text or a blob, another number for a number.
  func hash(_ value: Value) -> Value {
    switch value {
    case .null: .null
    case .integer(let number): .integer(permuted(number))
    case .real(let number):
      .real(Double(hash(Array(String(number).utf8)) % 1_000_000_000) / 1_000)
    case .text(let text): .text(digits(Array(text.utf8)))
    case .undecodedText(let bytes): .text(digits(bytes))
    case .blob(let bytes): .blob(Array(digits(bytes).utf8))
    }
  }

  private func digits(_ bytes: [UInt8]) -> String {
    [UInt8(1), 2].map { part in
      let digits = String(hash([part] + bytes), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Another number of the same sign, below 2⁶² in size; different numbers stay different.
  private func permuted(_ number: Int64) -> Int64 {
    let size = number.magnitude
    guard size < 1 << 62 else { return number }
    var (left, right) = (size >> 31, size & 0x7fff_ffff)
    repeat {
      for round in UInt8(0)..<4 {
        let mixed = hash([round] + bytes(right)) & 0x7fff_ffff
        (left, right) = (right, left ^ mixed)
      }
    } while number < 0 && left == 0 && right == 0
    let result = Int64(left << 31 | right)
    return number < 0 ? -result : result
  }

  private func bytes(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  // MARK: Fakes

  /// A value of the same shape.
  func fake(_ value: Value) -> Value {
    switch value {
    case .null: .null
    case .integer(let number): .integer(fake(number))
    case .real(let number): .real(fake(number))
    case .text(let text): .text(fake(text))
    case .undecodedText(let bytes): Value(text: fake(bytes))
    case .blob(let bytes): .blob(fake(bytes))
    }
  }

  private func fake(_ bytes: [UInt8]) -> [UInt8] {
    shifted(bytes.map { Alphabet.Place(alphabet: 0, index: UInt32($0), size: 256, start: 0) })
      .map { UInt8($0.index) }
  }

  /// Applied until it holds what the value held: the permutation of those that do.
  private func fake(_ number: Int64) -> Int64 {
    guard number != .min else { return number }
    var digits = String(number.magnitude)
    while true {
      digits = plain(digits)
      let isLonger = digits.count > 1 && digits.hasPrefix("0")
      // Zero has no sign: a negative number that became it could meet another.
      let isZero = digits == "0" && number < 0
      if !isLonger, !isZero, let value = Int64(digits) { return number < 0 ? -value : value }
    }
  }

  private func fake(_ number: Double) -> Double {
    guard number.isFinite else { return number }
    let text = String(number)
    let end = text.firstIndex(of: "e") ?? text.endIndex
    var mantissa = String(text[..<end])
    let hasZero = mantissa.first { $0 != "-" } == "0"
    repeat { mantissa = plain(mantissa) } while (mantissa.first { $0 != "-" } == "0") != hasZero
    return Double(mantissa + text[end...]) ?? number
  }

  /// A date stays a date and a UUID one, which applications read from texts in SQLite.
  func fake(_ text: String) -> String {
    if let moment = TextMoment(text) { return moment.disguised(hash).text }
    if Self.isUUID(text) { return uuid(text) }
    // What has the shape of either and is none must not become one: two would then be the same.
    var fake = text
    repeat { fake = plain(fake) } while TextMoment(fake) != nil || Self.isUUID(fake)
    return fake
  }

  private func plain(_ text: String) -> String {
    disguised(text) { Alphabet.place(of: $0) }
  }

  private func uuid(_ text: String) -> String {
    disguised(text) { letter in
      for (alphabet, start, size) in [(0, UInt32(48), UInt32(10)), (1, 97, 6), (1, 65, 6)]
      where letter >= start && letter < start + size {
        return Alphabet.Place(alphabet: alphabet, index: letter - start, size: size, start: start)
      }
      return nil
    }
  }

  private func disguised(
    _ text: String, _ place: (UInt32) -> Alphabet.Place?
  ) -> String {
    var scalars = Array(text.unicodeScalars)
    let found = scalars.indices.compactMap { index in
      place(scalars[index].value).map { (index, $0) }
    }
    let places = shifted(found.map(\.1))
    for ((index, _), place) in zip(found, places) {
      if let scalar = Unicode.Scalar(place.start + place.index) { scalars[index] = scalar }
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private func shifted(_ given: [Alphabet.Place]) -> [Alphabet.Place] {
    var places = given
    for round in UInt8(0)..<4 {
      let half = Int(round & 1)
      var other: [UInt8] = [round]
      for (number, place) in places.enumerated() where number & 1 != half {
        other += [UInt8(place.alphabet), UInt8(place.index & 0xff), UInt8(place.index >> 8)]
      }
      let mixed = hash(other)
      for number in places.indices where number & 1 == half {
        let shift = hash(bytes(mixed) + bytes(UInt64(number))) % UInt64(places[number].size)
        places[number].index = (places[number].index + UInt32(shift)) % places[number].size
      }
    }
    return places
  }

  /// 32 hexadecimal digits, or with hyphens after 8, 12, 16 and 20.
  private static func isUUID(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let hyphens = bytes.indices.filter { bytes[$0] == UInt8(ascii: "-") }
    guard bytes.count == 32 && hyphens.isEmpty || bytes.count == 36 && hyphens == [8, 13, 18, 23]
    else { return false }
    return text.allSatisfy { $0 == "-" || $0.isHexDigit && $0.isASCII }
  }
}
