/// What became of a value that is not as it was.
package enum ValueChange: String, Sendable, Codable, Hashable, CaseIterable, Comparable,
  CodingKeyRepresentable
{
  // The value is the same, written otherwise.
  /// `1` and `1.0` in a type that keeps the difference.
  case scale
  /// A JSON document with its members in another order, or other blanks.
  case documentOrder = "document-order"
  /// Trailing blanks that `char(n)` does not count.
  case padding
  /// A clock's time that became a moment, or the other way round: the same in UTC, and another in every
  /// session with another time zone.
  case timeZone = "time-zone"
  /// SQLite: `1` and `'1'`.
  case storageClass = "storage-class"
  /// Another type's way to write the same.
  case spelling

  // The value is another.
  /// It became NULL.
  case nulled
  /// It was NULL.
  case filled
  /// A time moved by whole quarters of an hour, by less than a day and a time zone.
  case shifted
  /// A number or time with fewer digits, or one that went through a less exact type.
  case rounded
  /// Only its beginning is left.
  case truncated
  case replaced
  /// It pointed to a row that was not there, and became NULL under a foreign key that needs one.
  case unlinked
  /// SQLite: a text that is no number became one, or bytes that are no UTF-8 a text; PostgreSQL would
  /// refuse either.
  case misread

  /// Whether the value is still the same one.
  package var keepsValue: Bool {
    switch self {
    case .scale, .documentOrder, .padding, .timeZone, .storageClass, .spelling: true
    case .nulled, .filled, .shifted, .rounded, .truncated, .replaced, .unlinked, .misread: false
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
