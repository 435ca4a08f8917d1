/// A SQL name as the catalog holds it: raw text, neither quoted nor folded.
package struct Identifier: Hashable, Sendable, Comparable, Codable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let raw: String

  package init(_ raw: String) { self.raw = raw }
  package init(stringLiteral value: String) { self.init(value) }
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(raw)
  }

  package var description: String { raw }

  /// The name between double quotes, as both engines read it whatever it holds.
  package var quoted: String {
    "\"" + raw.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  package static func < (left: Identifier, right: Identifier) -> Bool { left.raw < right.raw }
}
