import Databases
import Schemas

/// Reads a column's shape from its object.
struct ColumnReader {
  let object: SchemaObject
  let engine: Engine
  /// Whether the table is a STRICT one of SQLite.
  let isStrict: Bool
  let types: TypeReader

  var shape: ColumnShape {
    let text = object.text(.type) ?? ""
    let type = engine == .postgresql ? types.type(text) : SQLiteType(text).type
    let own = object.text(.defaultValue)
    return ColumnShape(
      name: object.id.name, typeText: text, type: type,
      isNotNull: object[.notNull] != nil || type.domains.contains(where: \.isNotNull),
      defaultValue: own ?? type.domains.lazy.compactMap(\.defaultValue).first,
      generated: object.text(.generated).map {
        .init(expression: $0, isStored: object[.stored] != nil)
      },
      identity: object.text("identity").flatMap(ColumnShape.Identity.init),
      sequence: own.flatMap(Self.sequence), isRowidAlias: object[.rowidAlias] != nil,
      collation: object.text(.collation),
      affinity: engine == .sqlite ? SQLiteType(text).affinity(isStrict: isStrict) : nil)
  }

  /// The sequence of `nextval('public.t_id_seq'::regclass)`.
  private static func sequence(_ defaultValue: String) -> String? {
    let words = SQLWord.words(of: defaultValue)
    guard words.count >= 3, words[0] == .word("nextval"), words[1] == .symbol("("),
      case .string(let name) = words[2]
    else { return nil }
    return name
  }
}
