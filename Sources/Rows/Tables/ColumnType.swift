package import Databases
package import Schemas

/// What kind of values a column holds: the type's meaning, taken apart from its spelling.
///
/// SQLite enforces none of it outside STRICT tables; there it is what the declared name promises,
/// and `ColumnShape.affinity` is what happens.
package indirect enum ColumnType: Hashable, Sendable {
  case boolean
  /// 16, 32 or 64 bits.
  case integer(bits: Int)
  /// Without precision: any number that PostgreSQL can hold.
  case numeric(precision: Int?, scale: Int)
  /// 32 or 64 bits.
  case real(bits: Int)
  case money
  /// Up to so many characters.
  case text(limit: Int?)
  /// `character(n)`: trailing blanks do not count.
  case character(Int)
  /// PostgreSQL's one-byte `"char"`.
  case byteCharacter
  /// PostgreSQL's `name`, 63 bytes at most.
  case name
  /// Text whose case does not count (the extension `citext`).
  case caselessText
  case bytes
  case date
  /// Digits after the second, 6 where nothing is said.
  case time(withZone: Bool, digits: Int)
  case timestamp(withZone: Bool, digits: Int)
  /// The fields that it is cut down to, like `year to month`; nil for all.
  case interval(fields: String?, digits: Int)
  case uuid
  case json
  /// JSON that is kept by its meaning: order and blanks do not count.
  case jsonb
  case xml
  /// Exactly so many bits, or up to so many.
  case bits(Int?, varying: Bool)
  case inet
  case cidr
  case macAddress(bytes: Int)
  case textSearchVector
  case textSearchQuery
  /// PostgreSQL's `point`, `line`, `lseg`, `box`, `path`, `polygon` or `circle`.
  case geometric(String)
  /// Keys and values (the extension `hstore`).
  case hstore
  /// The labels in their order.
  case enumeration([String])
  case array(of: ColumnType)
  case range(of: ColumnType)
  case multirange(of: ColumnType)
  case composite([Field])
  case domain(DomainShape)
  /// SQLite's column without a type, and `ANY`.
  case any
  /// A type that nothing is known of, by its name.
  case other(String)

  /// An attribute of a composite type.
  package struct Field: Hashable, Sendable {
    package let name: Identifier
    package let type: ColumnType
    package init(name: Identifier, type: ColumnType) {
      self.name = name
      self.type = type
    }
  }

  /// The type beneath all domains.
  package var base: ColumnType {
    if case .domain(let domain) = self { domain.type.base } else { self }
  }

  /// The domains around the type, the outermost first.
  package var domains: [DomainShape] {
    if case .domain(let domain) = self { [domain] + domain.type.domains } else { [] }
  }

  package var isText: Bool {
    switch base {
    case .text, .character, .byteCharacter, .name, .caselessText: true
    default: false
    }
  }

  package var isArray: Bool { if case .array = base { true } else { false } }

  package var isNumber: Bool {
    switch base {
    case .integer, .numeric, .real, .money: true
    default: false
    }
  }
}

/// A domain: a type with constraints of its own.
package struct DomainShape: Hashable, Sendable {
  package let name: TableName
  /// What it stands on, a domain again perhaps.
  package let type: ColumnType
  package let isNotNull: Bool
  package let defaultValue: String?
  /// They speak of `VALUE`.
  package let checks: [CheckShape]
}
