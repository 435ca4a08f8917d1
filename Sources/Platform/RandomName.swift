private import Glibc

/// Names for what is Stairway's own and must not meet anybody else's: prefix, process, random part.
package enum RandomName {
  /// This process's number.
  package static var ownProcess: Int32 { getpid() }

  /// `prefix-<pid>-<16 hexadecimal digits>`, with another separator where one is given.
  package static func make(prefix: String, separator: String = "-") -> String {
    var generator = SystemRandomNumberGenerator()
    return make(prefix: prefix, separator: separator, process: getpid(), using: &generator)
  }

  /// The same from a given process number and source of randomness.
  package static func make(
    prefix: String, separator: String = "-", process: Int32,
    using generator: inout some RandomNumberGenerator
  ) -> String {
    [prefix, String(process), hexadecimal(UInt64.random(in: .min ... .max, using: &generator))]
      .joined(separator: separator)
  }

  /// Sixteen lower-case digits, leading zeros included.
  package static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
