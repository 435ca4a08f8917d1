import Databases

/// What catalog queries gave, put together to units.
struct CatalogRows {
  /// A unit that is being put together, or one that was.
  struct ReadUnit {
    var main: SchemaObject?
    var parts: [SchemaObject] = []
    /// The relation it is left out with.
    var belongsTo: UInt32?
    /// The names of the columns by `attnum`, which outlives renaming.
    var columns: [Int64: String] = [:]
  }

  private(set) var units: [UnitKey: ReadUnit] = [:]

  /// Takes the rows of one query in.
  mutating func add(_ table: ResultTable, of query: CatalogQuery) {
    let layout = RowLayout(table)
    for row in table.rows {
      guard let place = layout.place(of: row), let oid = place.unit else { continue }
      let object = SchemaObject(place.id, layout.properties(of: row))
      let key = UnitKey(catalog: query.catalog, oid: oid)
      if place.isMain {
        units[key, default: ReadUnit()].main = object
        units[key]?.belongsTo = place.belongsTo
      } else {
        units[key, default: ReadUnit()].parts.append(object)
        if let number = place.number { units[key]?.columns[number] = object.id.name.raw }
      }
    }
  }
}

/// Which columns of a result mean what; see `CatalogQuery`.
struct RowLayout {
  struct Place {
    let id: ObjectID
    let unit: UInt32?
    let isMain: Bool
    let belongsTo: UInt32?
    let number: Int64?
  }

  private enum Reading { case flag, number, text, list }

  private var special: [String: Int] = [:]
  private var properties: [(index: Int, name: PropertyName, reading: Reading)] = []

  init(_ table: ResultTable) {
    for (index, column) in table.columns.enumerated() {
      if column.name.hasPrefix("#") {
        special[column.name] = index
      } else {
        properties.append((index, PropertyName(column.name), Self.reading(of: column.typeOID)))
      }
    }
  }

  /// By `pg_type.oid`: bool; int2, int4, int8, oid; `text[]`, `name[]`; anything else is text.
  private static func reading(of type: UInt32) -> Reading {
    switch type {
    case 16: .flag
    case 20, 21, 23, 26: .number
    case 1009, 1003, 1015: .list
    default: .text
    }
  }

  /// nil for a row whose kind is unknown.
  func place(of row: Row) -> Place? {
    func text(_ name: String) -> String? { special[name].flatMap { row[$0].text } }
    func oid(_ name: String) -> UInt32? { text(name).flatMap { UInt32($0) } }
    guard let kind = text("#kind").flatMap(ObjectKind.init(rawValue:)), let name = text("#name")
    else { return nil }
    let path = [text("#in"), name].compactMap { $0.map { Identifier($0) } }
    return Place(
      id: ObjectID(kind, schema: text("#schema").map { Identifier($0) }, path),
      unit: oid("#unit"), isMain: text("#main") != "f", belongsTo: oid("#of"),
      number: text("#number").flatMap { Int64($0) })
  }

  func properties(of row: Row) -> [PropertyName: PropertyValue] {
    var values: [PropertyName: PropertyValue] = [:]
    for (index, name, reading) in properties {
      guard let text = row[index].text else { continue }
      values[name] =
        switch reading {
        case .flag: .flag(text == "t")
        case .number: Int64(text).map { .number($0) } ?? .text(text)
        case .list: .list(ArrayLiteral.elements(of: text))
        case .text: .text(text)
        }
    }
    return values
  }
}
