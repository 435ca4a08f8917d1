import Databases

extension PortableType {
  /// The type that PostgreSQL's `format_type` names.
  /// - Parameter types: the database's own enums and domains.
  init(postgresql text: String, types: PostgresOwnTypes) {
    let (name, arguments) = Self.parts(of: text)
    if let domain = types.base(of: text) {
      self.init(postgresql: domain, types: types)
      return
    }
    if let labels = types.labels(of: text) {
      self.init(.enumeration, labels: labels)
      return
    }
    if name.hasSuffix("]") {
      self.init(.other)
      return
    }
    switch name {
    case "smallint": self.init(.integer, bytes: 2)
    case "integer": self.init(.integer, bytes: 4)
    case "bigint": self.init(.integer, bytes: 8)
    case "character varying": self.init(.text, length: arguments.first)
    case "character": self.init(.fixedText, length: arguments.first ?? 1)
    case "numeric":
      self.init(
        .numeric, precision: arguments.first, scale: arguments.count > 1 ? arguments[1] : nil)
    default:
      self.init(Self.postgresFamilies[name] ?? .other)
      isForeign = family == .other && !Self.withCounterparts.contains { name.hasPrefix($0) }
    }
  }

  private static let postgresFamilies: [String: Family] = [
    "boolean": .boolean, "text": .text, "name": .text, "bytea": .binary,
    "real": .float, "double precision": .float,
    "date": .date, "time without time zone": .time, "time with time zone": .time,
    "timestamp without time zone": .dateTime, "timestamp with time zone": .dateTime,
    "interval": .interval, "json": .json, "jsonb": .json, "uuid": .uuid,
  ]

  /// Types whose values people keep on SQLite too, under whatever type.
  private static let withCounterparts = [
    "inet", "cidr", "macaddr", "hstore", "public.hstore", "public.citext", "money", "bit", "xml",
    "oid", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "interval",
    "citext",
  ]
}

/// The enums and domains of one PostgreSQL database, by their names as `format_type` writes them.
struct PostgresOwnTypes {
  private var labels: [String: [String]] = [:]
  private var bases: [String: String] = [:]
  private var checked: Set<String> = []

  init(in snapshot: Snapshot) {
    guard snapshot.engine == .postgresql else { return }
    for unit in snapshot.units(of: .type) {
      if case .list(let labels)? = unit.objects[0]["labels"] {
        self.labels[Self.key(unit.id)] = labels
      }
    }
    for unit in snapshot.units(of: .domain) {
      if case .text(let base)? = unit.objects[0][.type] { bases[Self.key(unit.id)] = base }
      let isChecked = unit.objects.contains { $0.id.kind == .constraint }
      if isChecked { checked.insert(Self.key(unit.id)) }
    }
  }

  func labels(of type: String) -> [String]? { labels[Self.key(type)] }
  func base(of type: String) -> String? { bases[Self.key(type)] }
  /// Whether the type is a domain that checks its values.
  func isChecked(_ type: String) -> Bool { checked.contains(Self.key(type)) }

  /// The enum of this name as an object.
  static func id(of type: String) -> ObjectID {
    let names = key(type).split(separator: ".", maxSplits: 1).map { Identifier(String($0)) }
    return names.count == 2
      ? ObjectID(.type, schema: names[0], [names[1]]) : ObjectID(.type, schema: "public", names)
  }

  private static func key(_ id: ObjectID) -> String {
    (id.schema.map { "\($0.raw)." } ?? "") + id.name.raw
  }

  private static func key(_ type: String) -> String { type.filter { $0 != "\"" } }
}
