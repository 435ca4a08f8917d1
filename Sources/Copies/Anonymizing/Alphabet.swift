/// Letters that stand for each other in a disguise; capitals and small ones are the same alphabet, so
/// that what is equal but for its case stays so.
struct Alphabet: Hashable, Sendable {
  /// The first letter's number, of each case.
  let starts: [UInt32]
  let size: UInt32

  /// Digits, and the scripts in which most names are written; what is in none of them stays.
  static let all: [Alphabet] = [
    Alphabet(starts: [48], size: 10),
    Alphabet(starts: [97, 65], size: 26),
    // Latin-1, without the signs × and ÷ in the middle.
    Alphabet(starts: [0xe0, 0xc0], size: 23), Alphabet(starts: [0xf8, 0xd8], size: 7),
    // Greek, without the final sigma, which has no capital.
    Alphabet(starts: [0x3b1, 0x391], size: 17), Alphabet(starts: [0x3c3, 0x3a3], size: 7),
    Alphabet(starts: [0x430, 0x410], size: 32),
    Alphabet(starts: [0x5d0], size: 27),
    Alphabet(starts: [0x627], size: 20), Alphabet(starts: [0x641], size: 10),
    Alphabet(starts: [0x3041], size: 86), Alphabet(starts: [0x30a1], size: 90),
    Alphabet(starts: [0x4e00], size: 20_902), Alphabet(starts: [0xac00], size: 11_172),
  ]

  /// A letter taken apart: which alphabet, where in it, and the number of its case's first letter.
  struct Place: Hashable, Sendable {
    let alphabet: Int
    var index: UInt32
    let size: UInt32
    let start: UInt32
  }

  /// nil for what stays as it is.
  static func place(of letter: UInt32) -> Place? {
    for (number, alphabet) in all.enumerated() {
      for start in alphabet.starts where letter >= start && letter < start + alphabet.size {
        return Place(
          alphabet: number, index: letter - start, size: alphabet.size, start: start)
      }
    }
    return nil
  }
}
