/// What a property says; names are stable, they stand in snapshots' JSON.
///
/// A struct rather than an enum, so that each engine's reader declares the names it fills beside the
/// query that fills them.
package struct PropertyName: Hashable, Sendable, Codable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let text: String
  package init(_ text: String) { self.text = text }
  package init(stringLiteral value: String) { self.init(value) }
  package init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
  package var description: String { text }
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// Encoded as the keys of a JSON object, not as a list of keys and values in turn.
extension PropertyName: CodingKeyRepresentable {
  package var codingKey: any CodingKey { Key(stringValue: text) }
  package init?<T: CodingKey>(codingKey: T) { self.init(codingKey.stringValue) }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// A property's value, in the engine's own canonical text wherever it is text.
package enum PropertyValue: Hashable, Sendable {
  case text(String)
  case number(Int64)
  case flag(Bool)
  /// Where the order matters: enum labels, index columns.
  case list([String])
}

extension PropertyValue: CustomStringConvertible {
  package var description: String {
    switch self {
    case .text(let text): text
    case .number(let number): String(number)
    case .flag(let flag): flag ? "yes" : "no"
    case .list(let items): "(" + items.joined(separator: ", ") + ")"
    }
  }
}

extension PropertyValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .number(number)
    } else if let items = try? container.decode([String].self) {
      self = .list(items)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    case .flag(let flag): try container.encode(flag)
    case .list(let items): try container.encode(items)
    }
  }
}

/// One object of a schema with everything that defines it, but for what is an object of its own.
package struct SchemaObject: Hashable, Sendable, Codable {
  package let id: ObjectID
  /// What defines it. A property that the engine leaves at its default is absent, so that a newer
  /// server's new property does not change old snapshots.
  package var properties: [PropertyName: PropertyValue]

  package init(_ id: ObjectID, _ properties: [PropertyName: PropertyValue] = [:]) {
    self.id = id
    self.properties = properties
  }

  package subscript(name: PropertyName) -> PropertyValue? {
    get { properties[name] }
    set { properties[name] = newValue }
  }
}
