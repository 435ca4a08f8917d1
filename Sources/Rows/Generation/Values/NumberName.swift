import Databases

/// What the name of a column of numbers makes expect.
struct NumberName {
  private let words: [Substring]

  init(_ column: Identifier) {
    words = column.raw.lowercased().split { !$0.isLetter }
  }

  /// Whether a negative number is as likely as another: not where the name says that something is counted,
  /// measured, numbered, paid or referred to.
  var isSigned: Bool {
    !words.isEmpty
      && words.allSatisfy { !Self.natural.contains($0) && !Self.natural.contains($0.singular) }
  }

  private static let natural: Set<Substring> = [
    "age", "amount", "attempt", "byte", "capacity", "cent", "code", "cost", "count", "counter",
    "created", "day", "depth", "duration", "enabled", "expires", "fee", "flag", "height", "hour",
    "id", "index", "interval", "is", "kind", "length", "level", "limit", "mode", "modified",
    "month", "ms", "nr", "no", "num", "number", "order", "page", "percent", "pid", "port",
    "position", "price", "priority", "qty", "quantity", "rank", "rating", "retry", "retries",
    "role", "second", "seq", "sequence", "size", "stage", "state", "status", "step", "stock",
    "time", "timestamp", "total", "type", "unit", "updated", "user", "version", "volume", "week",
    "weight", "width", "year",
  ]
}

extension Substring {
  /// Without the `s` of a plural.
  fileprivate var singular: Substring { hasSuffix("s") ? dropLast() : self }
}
