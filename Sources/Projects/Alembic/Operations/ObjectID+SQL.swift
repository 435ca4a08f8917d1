import Databases
import Schemas

extension Identifier {
  /// The name as SQL needs it: between quotes only where it is folded or reserved otherwise.
  var sql: String {
    let first = raw.unicodeScalars.first
    let isPlain =
      first.map { $0 == "_" || ("a"..."z").contains($0) } == true
      && raw.unicodeScalars.allSatisfy {
        $0 == "_" || ("a"..."z").contains($0) || ("0"..."9").contains($0)
      }
    return isPlain && !Self.reserved.contains(raw) ? raw : quoted
  }

  /// Words that PostgreSQL or SQLite reserve as a column's or table's name (PostgreSQL's Appendix C
  /// and <https://www.sqlite.org/lang_keywords.html>).
  private static let reserved = Set(
    """
    abort add all alter analyse analyze and any array as asc asymmetric authorization autoincrement \
    begin between binary both case cast check collate collation column commit concurrently \
    constraint create cross current_catalog current_date current_role current_schema current_time \
    current_timestamp current_user default deferrable delete desc distinct do drop each else end \
    escape except exists explain fail false fetch for foreign freeze from full glob grant group \
    having if ilike in index initially inner insert instead intersect into is isnull join lateral \
    leading left like limit localtime localtimestamp match natural not nothing notnull null offset \
    on only or order outer overlaps placing primary references replace returning right rollback \
    savepoint select session_user set similar some symmetric system_user table tablesample then to \
    trailing transaction true union unique update user using values variadic verbose view when \
    where window with
    """.split(separator: " ").map(String.init))
}

extension ObjectID {
  /// The whole name as SQL needs it; a routine's with its argument types.
  var sql: String {
    guard [.function, .procedure, .aggregate].contains(kind),
      let open = name.raw.firstIndex(of: "(")
    else { return qualified(name.sql) }
    return qualified(Identifier(String(name.raw[..<open])).sql) + name.raw[open...]
  }

  /// The relation that holds it, by its whole name.
  var holderSQL: String { qualified(holder.sql) }

  private func qualified(_ text: String) -> String {
    guard let schema, schema != "public" else { return text }
    return "\(schema.sql).\(text)"
  }

  /// The name of the relation that holds it, or its own.
  var holder: Identifier { path.first ?? name }

  /// `, schema="app"` where calls need it.
  var schemaArgument: String {
    guard let schema, schema != "public" else { return "" }
    return ", schema=\(PythonText.literal(schema))"
  }
}

extension SchemaObject {
  func text(_ name: PropertyName) -> String? {
    if case .text(let text)? = self[name] { text } else { nil }
  }

  func list(_ name: PropertyName) -> [String] {
    if case .list(let list)? = self[name] { list } else { [] }
  }

  func flag(_ name: PropertyName) -> Bool { self[name] == .flag(true) }

  func number(_ name: PropertyName) -> Int64? {
    if case .number(let number)? = self[name] { number } else { nil }
  }
}

/// Texts between single quotes, as SQL's literals.
func sqlLiteral(_ text: String) -> String {
  "'" + text.replacing("'", with: "''") + "'"
}
