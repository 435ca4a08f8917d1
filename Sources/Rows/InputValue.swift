/// A value to be written into a column, as a fixture or a generator says it; what it becomes is the
/// engine's and the column's business.
package enum InputValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// A number that `Int64` does not hold, in the spelling in which it was given: `0.10`, `1e400`.
  case decimal(String)
  /// Text, and every type that is written as text: dates, UUIDs, enum labels, intervals, ranges.
  case text(String)
  case bytes([UInt8])
  /// An array's elements; lists within make it one of more dimensions.
  case list([InputValue])
  /// A JSON document as text.
  case json(String)
}
