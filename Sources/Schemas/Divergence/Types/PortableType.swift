/// A column's type as far as both engines can have it.
struct PortableType: Hashable {
  /// What sort of values it holds.
  enum Family: Hashable {
    case boolean, integer, float, numeric, text, fixedText, binary
    case date, time, dateTime, interval
    case json, uuid, enumeration
    /// What SQLite has no counterpart of, or what nobody knows here: anything may stand for it.
    case other
  }

  let family: Family
  /// Of an integer: its bytes; nil where the declaration leaves that open.
  var bytes: Int?
  /// Of texts: the most characters.
  var length: Int?
  var precision: Int?
  var scale: Int?
  /// Of an enumeration: its labels.
  var labels: [String]?
  /// Whether values of this type can only be kept on PostgreSQL: a column of it need not be on
  /// SQLite.
  var isForeign = false

  init(
    _ family: Family, bytes: Int? = nil, length: Int? = nil, precision: Int? = nil,
    scale: Int? = nil, labels: [String]? = nil
  ) {
    self.family = family
    self.bytes = bytes
    self.length = length
    self.precision = precision
    self.scale = scale
    self.labels = labels
  }

  /// The name of a type as it is written, in small letters and without its arguments, and these.
  static func parts(of text: String) -> (name: String, arguments: [Int]) {
    guard let open = text.firstIndex(of: "("),
      let close = text[open...].firstIndex(of: ")")
    else { return (text.lowercased(), []) }
    let name = text[..<open] + text[text.index(after: close)...]
    let arguments = text[text.index(after: open)..<close].split(separator: ",").compactMap {
      Int($0.split(separator: " ").joined())
    }
    return (
      name.lowercased().split(separator: " ").joined(separator: " "), arguments
    )
  }
}

/// How the type that a column has on SQLite stands to the one that it has on PostgreSQL.
enum TypeRelation: Hashable {
  case same
  case length
  case precision
  /// Both hold whole numbers, of other sizes.
  case size
  /// SQLite has no such type, and people keep its values in this one: by itself no fault, but one
  /// where only one engine's column was changed.
  case variant
  case different
}

extension PortableType {
  /// How a column of this type on SQLite stands to one of `other` on PostgreSQL.
  func relation(to other: PortableType) -> TypeRelation {
    if family == .other || other.family == .other { return .same }
    guard family == other.family else {
      return Self.stands(family, for: other.family)
    }
    switch family {
    case .text, .fixedText:
      return length == other.length ? .same : .length
    case .numeric:
      return precision == other.precision && (scale ?? 0) == (other.scale ?? 0) ? .same : .precision
    case .integer:
      return sizeRelation(to: other)
    default: return .same
    }
  }

  /// `INTEGER` holds 64 bits on SQLite, and is the only type that fills a key by itself, so that it
  /// stands for bigint too.
  private func sizeRelation(to other: PortableType) -> TypeRelation {
    guard let bytes, let others = other.bytes, bytes != others else { return .same }
    return bytes == 4 && others == 8 ? .same : .size
  }

  private static func stands(_ family: Family, for other: Family) -> TypeRelation {
    let (usual, variants): (Set<Family>, Set<Family>) =
      switch other {
      case .uuid: ([.text, .fixedText, .binary], [])
      case .json: ([.text, .fixedText], [.binary])
      case .enumeration: ([.text, .fixedText], [.integer])
      case .interval: ([.dateTime, .time, .text, .integer, .float, .numeric], [])
      case .boolean: ([], [.integer])
      case .numeric: ([], [.text, .fixedText, .integer, .float])
      case .date, .time, .dateTime: ([], [.text, .fixedText, .integer, .float])
      default: ([], [])
      }
    return usual.contains(family) ? .same : variants.contains(family) ? .variant : .different
  }
}
