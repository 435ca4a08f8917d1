import Databases
import Schemas

/// Reads PostgreSQL's type names as `format_type` writes them.
struct TypeReader {
  let snapshot: Snapshot

  func type(_ text: String) -> ColumnType {
    var words = SQLWord.words(of: text)
    if words.suffix(2) == [.symbol("["), .symbol("]")] {
      words.removeLast(2)
      return .array(of: type(words, text: String(text.dropLast(2))))
    }
    return type(words, text: text)
  }

  private func type(_ words: [SQLWord], text: String) -> ColumnType {
    if words == [.quoted("char")] { return .byteCharacter }
    if words.contains(.symbol(".")) { return userType(words, text: text) }
    var numbers: [Int] = []
    var name: [String] = []
    var isNegative = false
    for word in words {
      switch word {
      case .word(let text): name.append(text)
      case .number(let digits):
        numbers.append((Int(digits) ?? 0) * (isNegative ? -1 : 1))
        isNegative = false
      case .symbol("-"): isNegative = true
      default: break
      }
    }
    return builtIn(name.joined(separator: " "), numbers) ?? .other(text)
  }

  private func builtIn(_ name: String, _ numbers: [Int]) -> ColumnType? {
    switch name {
    case "boolean": .boolean
    case "smallint": .integer(bits: 16)
    case "integer": .integer(bits: 32)
    case "bigint": .integer(bits: 64)
    case "numeric": .numeric(precision: numbers.first, scale: numbers.dropFirst().first ?? 0)
    case "real": .real(bits: 32)
    case "double precision": .real(bits: 64)
    case "money": .money
    case "text": .text(limit: nil)
    case "character varying": .text(limit: numbers.first)
    case "character": .character(numbers.first ?? 1)
    case "bpchar": .text(limit: nil)
    case "name": .name
    case "bytea": .bytes
    case "uuid": .uuid
    case "json": .json
    case "jsonb": .jsonb
    case "xml": .xml
    case "bit": .bits(numbers.first ?? 1, varying: false)
    case "bit varying": .bits(numbers.first, varying: true)
    case "inet": .inet
    case "cidr": .cidr
    case "macaddr": .macAddress(bytes: 6)
    case "macaddr8": .macAddress(bytes: 8)
    case "tsvector": .textSearchVector
    case "tsquery": .textSearchQuery
    case "point", "line", "lseg", "box", "path", "polygon", "circle": .geometric(name)
    default: time(name, digits: numbers.first ?? 6) ?? Self.ranges[name]
    }
  }

  private func time(_ name: String, digits: Int) -> ColumnType? {
    switch name {
    case "date": return .date
    case "time without time zone": return .time(withZone: false, digits: digits)
    case "time with time zone": return .time(withZone: true, digits: digits)
    case "timestamp without time zone": return .timestamp(withZone: false, digits: digits)
    case "timestamp with time zone": return .timestamp(withZone: true, digits: digits)
    default:
      guard name == "interval" || name.hasPrefix("interval ") else { return nil }
      let fields = String(name.dropFirst("interval ".count))
      return .interval(fields: fields.isEmpty ? nil : fields, digits: digits)
    }
  }

  private static let ranges: [String: ColumnType] = {
    let elements: [String: ColumnType] = [
      "int4": .integer(bits: 32), "int8": .integer(bits: 64),
      "num": .numeric(precision: nil, scale: 0), "date": .date,
      "ts": .timestamp(withZone: false, digits: 6), "tstz": .timestamp(withZone: true, digits: 6),
    ]
    var types: [String: ColumnType] = [:]
    for (name, element) in elements {
      types["\(name)range"] = .range(of: element)
      types["\(name)multirange"] = .multirange(of: element)
    }
    return types
  }()

  // MARK: The user's own

  private func userType(_ words: [SQLWord], text: String) -> ColumnType {
    let names = words.prefix { $0.name != nil || $0 == .symbol(".") }.compactMap(\.name)
    guard names.count == 2 else { return .other(text) }
    let name = TableName(schema: Identifier(names[0]), Identifier(names[1]))
    if let unit = snapshot[ObjectID(.domain, schema: name.schema, [name.name])] {
      return .domain(domain(unit, name))
    }
    guard let unit = snapshot[ObjectID(.type, schema: name.schema, [name.name])] else {
      return ofExtension(names[1]) ?? multirange(named: names) ?? .other(text)
    }
    let main = unit.objects[0]
    switch main.text("form") {
    case "enum": return .enumeration(main.list("labels") ?? [])
    case "range": return .range(of: type(main.text("subtype") ?? ""))
    case "composite":
      let fields = unit.objects.filter { $0.id.kind == .column }
        .sorted { $0.number(.position) < $1.number(.position) }
      return .composite(
        fields.map { .init(name: $0.id.name, type: type($0.text(.type) ?? "")) })
    default: return .other(text)
    }
  }

  private func domain(_ unit: SchemaUnit, _ name: TableName) -> DomainShape {
    let main = unit.objects[0]
    return DomainShape(
      name: name, type: type(main.text(.type) ?? ""), isNotNull: main[.notNull] != nil,
      defaultValue: main.text(.defaultValue),
      checks: unit.objects.filter { $0.id.kind == .constraint && $0.constraintType == "CHECK" }
        .map { CheckShape(name: $0.id.name, expression: $0.text(.expression) ?? "") })
  }

  private func ofExtension(_ name: String) -> ColumnType? {
    switch name {
    case "citext": .caselessText
    case "hstore": .hstore
    default: nil
    }
  }

  /// The multirange that came with a range type of the user's.
  private func multirange(named names: [String]) -> ColumnType? {
    for unit in snapshot.ordered where unit.id.kind == .type {
      guard let text = unit.objects[0].text("multirange"),
        SQLWord.words(of: text).compactMap(\.name) == names
      else { continue }
      return .multirange(of: type(unit.objects[0].text("subtype") ?? ""))
    }
    return nil
  }
}
