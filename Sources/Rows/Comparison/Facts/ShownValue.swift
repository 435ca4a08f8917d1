/// A value for people, or what may be told of it where values are hidden.
package struct ShownValue: Hashable, Sendable, Codable {
  /// The column's type, or SQLite's storage class.
  package let type: String
  /// In characters of the value's text; 0 for NULL.
  package let length: Int
  package let isNull: Bool
  /// The value's text, cut after `limit` characters; nil for NULL and where values are hidden.
  package private(set) var text: String?

  package static let limit = 200

  /// - Parameter other: the column of another time beside whose value it is shown: of a `real` beside a
  ///   more exact number, all digits.
  init(_ cell: Cell, of column: ColumnImage, besides other: ColumnImage? = nil) {
    let isShort = other.map { $0.kind == column.kind } ?? true
    let whole: String? =
      switch (column.kind, cell.text) {
      case (.boolean, let text?): text == "1" ? "true" : "false"
      case (.single, let text?) where isShort: Float(text).map { String($0) } ?? text
      case (_, let text): text
      }
    switch column.kind {
    case .dynamic, .dynamicJSON: type = cell.storageClass
    default: type = column.type
    }
    isNull = cell.isNull
    length = whole?.count ?? 0
    text = whole.map { $0.count > Self.limit ? $0.prefix(Self.limit) + "…" : $0 }
  }

  /// Without its text.
  var redacted: ShownValue {
    var value = self
    value.text = nil
    return value
  }
}
