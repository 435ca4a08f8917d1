import Databases

/// Holds the tables of two engines against each other.
struct SchemaComparison {
  let sqlite: PortableSchema
  let postgresql: PortableSchema

  var divergences: [Divergence] {
    let pairs = self.pairs
    var found = pairs.flatMap { TableComparison(sqlite: $0, postgresql: $1).divergences }
    let paired = (sqlite: Set(pairs.map(\.0.id)), postgresql: Set(pairs.map(\.1.id)))
    for table in sqlite.tables
    where !paired.sqlite.contains(table.id) && !postgresql.others.contains(table.key) {
      found.append(Self.missing(table))
    }
    for table in postgresql.tables
    where !paired.postgresql.contains(table.id) && !sqlite.others.contains(table.key)
      && table.isInPublic
    {
      found.append(Self.missing(table))
    }
    found += sqlite.views.filter { !postgresql.hasReadable($0.id) }.map { view in
      Divergence(
        view.id, .view, sqlite: view.string(.definition), postgresql: nil, onSQLite: view)
    }
    found += postgresql.views.filter { !sqlite.hasReadable($0.id) }.map { view in
      Divergence(
        view.id.portable, .view, sqlite: nil, postgresql: view.string(.definition),
        onPostgreSQL: view)
    }
    return found
  }

  private static func missing(_ table: PortableTable) -> Divergence {
    let names = table.columns.map(\.object.id.name.raw).joined(separator: ", ")
    let text = "TABLE (\(names))"
    let object = SchemaObject(table.id)
    return switch table.engine {
    case .sqlite:
      Divergence(table.id, .table, sqlite: text, postgresql: nil, onSQLite: object)
    case .postgresql:
      Divergence(
        table.portableID, .table, sqlite: nil, postgresql: text, onPostgreSQL: object)
    }
  }

  /// Tables of the same name. SQLite has no schemas: a table in another one than `public` has a
  /// counterpart of its own name there, or of both names.
  private var pairs: [(PortableTable, PortableTable)] {
    var open = Dictionary(sqlite.tables.map { ($0.key, $0) }) { first, _ in first }
    var pairs: [(PortableTable, PortableTable)] = []
    // Those in `public` choose first, and of those the ones whose name is written the same.
    let names = Set(sqlite.tables.map(\.id.name))
    let ordered = postgresql.tables.map { table in
      (table, rank: !table.isInPublic ? 2 : names.contains(table.id.name) ? 0 : 1)
    }.sorted { $0.rank < $1.rank }.map(\.0)
    for table in ordered {
      let schema = table.id.schema?.raw.lowercased() ?? "public"
      let names =
        (table.isInPublic ? [] : ["\(schema).\(table.key)", "\(schema)_\(table.key)"])
        + [table.key]
      if let name = names.first(where: { open[$0] != nil }),
        let other = open.removeValue(forKey: name)
      {
        pairs.append((other, table))
      }
    }
    return pairs
  }
}

extension PortableTable {
  var isInPublic: Bool { id.schema == nil || id.schema == "public" }

  /// Without the schema `public`, as allowances name it.
  var portableID: ObjectID { id.portable }
}

extension ObjectID {
  /// Without the schema `public`, which SQLite's objects do not have.
  var portable: ObjectID { schema == "public" ? ObjectID(kind, path) : self }
}
