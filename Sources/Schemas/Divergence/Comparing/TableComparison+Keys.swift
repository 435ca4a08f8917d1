import Databases

extension TableComparison {
  /// The unique constraints and the indexes in which the tables differ.
  var keyDivergences: [Divergence] {
    var uniques = KeyMatching(
      sqlite: keys(of: sqlite, unique: true), postgresql: keys(of: postgresql, unique: true))
    var indexes = KeyMatching(
      sqlite: keys(of: sqlite, unique: false), postgresql: keys(of: postgresql, unique: false))
    let differing = uniques.pairAlike() + indexes.pairAlike()
    let halves = uniques.pairAcross(&indexes)
    var found = (differing + halves).map { divergence($0, $1) }
    found += (uniques.sqlite + indexes.sqlite).map { divergence($0, nil) }
    found += (uniques.postgresql + indexes.postgresql).map { divergence(nil, $0) }
    return found
  }

  private func keys(of table: PortableTable, unique: Bool) -> [PortableKey] {
    let primary = Set(table.primaryKey.map { PortableExpression.name($0) })
    return table.parts.filter { part in
      part.id.kind == .index || part[.constraintType] == .text("UNIQUE")
    }.map {
      PortableKey($0, of: table, booleans: booleans, caseless: unique ? caseless(in: table) : [])
    }.filter { key in
      guard key.isUnique == unique, covers(key.names) else { return false }
      // The primary key says it already.
      return !(unique && key.predicate == nil && key.uniqueness == primary)
    }
  }

  /// SQLite's columns that ignore case, where PostgreSQL's do not.
  private func caseless(in table: PortableTable) -> Set<String> {
    guard table.engine == .sqlite else { return [] }
    return Set(
      columns.filter { _, pair in
        pair.sqlite.object.string(.collation)?.uppercased() == "NOCASE"
          && pair.postgresql.object[.collation] == nil
          && pair.postgresql.typeText?.hasSuffix("citext") != true
      }.map(\.key))
  }

  private func divergence(_ own: PortableKey?, _ other: PortableKey?) -> Divergence {
    let aspect: Divergence.Aspect =
      own?.isUnique == true || other?.isUnique == true ? .unique : .index
    let key = other ?? own
    let columns = key?.object.texts(.columns) ?? []
    return Divergence(
      aspect == .index
        ? id(ofNamed: key?.object) : id(of: own?.object, other?.object, columns: key?.names ?? []),
      aspect, sqlite: own?.text, postgresql: other?.text, columns: columns,
      onSQLite: own?.object, onPostgreSQL: other?.object)
  }

  private func id(ofNamed index: SchemaObject?) -> ObjectID {
    ObjectID(
      .index, schema: postgresql.portableID.schema,
      [postgresql.id.name, index?.id.name ?? ""])
  }

  /// What a constraint is known by: its column where it has one, else the name that somebody gave it,
  /// else the table.
  func id(
    of own: SchemaObject?, _ other: SchemaObject?, columns: Set<String>
  ) -> ObjectID {
    if columns.count == 1, let column = columns.first { return id(ofColumn: column) }
    let schema = postgresql.portableID.schema
    func named(_ object: SchemaObject) -> ObjectID {
      ObjectID(object.id.kind, schema: schema, [postgresql.id.name, object.id.name])
    }
    if let other, !AutomaticName.isAutomatic(other, on: postgresql.id.name) { return named(other) }
    if let own, own[.unnamed] != .flag(true) { return named(own) }
    return other.map(named) ?? postgresql.portableID
  }
}

/// Pairs keys of both engines that do the same.
private struct KeyMatching {
  /// What has found no partner.
  private(set) var sqlite: [PortableKey]
  private(set) var postgresql: [PortableKey]

  /// Pairs what is equal, and lets those go that only one engine can have or understand, each with
  /// what stands for it on the other.
  init(sqlite: [PortableKey], postgresql: [PortableKey]) {
    self.sqlite = sqlite
    self.postgresql = postgresql
    takeOut { $0.equals($1) && $0.hasName(of: $1) }
    takeOut { $0.equals($1) && !$0.isNamesake(in: postgresql) && !$1.isNamesake(in: sqlite) }
    letSpecialOnesGo()
    // What differs from its namesake is told as that, though another may be equal to it.
    let (own, others) = (self.sqlite, self.postgresql)
    self.sqlite = own.filter { key in
      key.isNamesake(in: others) || !postgresql.contains { key.equals($0) }
    }
    self.postgresql = others.filter { key in
      key.isNamesake(in: own) || !sqlite.contains { $0.equals(key) }
    }
  }

  /// Takes out pairs, each key once.
  private mutating func takeOut(_ match: (PortableKey, PortableKey) -> Bool) {
    var others = postgresql
    sqlite.removeAll { own in
      guard let place = others.firstIndex(where: { match(own, $0) }) else { return false }
      others.remove(at: place)
      return true
    }
    postgresql = others
  }

  private mutating func letSpecialOnesGo() {
    for special in self.postgresql where !special.isPortable {
      if let stand = self.sqlite.firstIndex(where: { $0.resembles(special) }) {
        self.sqlite.remove(at: stand)
      }
    }
    self.postgresql.removeAll { !$0.isPortable }
    for special in self.sqlite where !special.isPortable {
      if let stand = self.postgresql.firstIndex(where: { $0.resembles(special) }) {
        self.postgresql.remove(at: stand)
      }
    }
    self.sqlite.removeAll { !$0.isPortable }
  }

  /// Takes out those that are meant to be the same and are not.
  mutating func pairAlike() -> [(PortableKey?, PortableKey?)] {
    Self.pairs(&sqlite, &postgresql)
  }

  /// Takes out unique keys with the plain index that the other engine has in their place.
  mutating func pairAcross(_ indexes: inout KeyMatching) -> [(PortableKey?, PortableKey?)] {
    Self.pairs(&sqlite, &indexes.postgresql) + Self.pairs(&indexes.sqlite, &postgresql)
  }

  private static func pairs(
    _ own: inout [PortableKey], _ others: inout [PortableKey]
  ) -> [(PortableKey?, PortableKey?)] {
    var pairs: [(PortableKey?, PortableKey?)] = []
    for isByName in [true, false] {
      own.removeAll { key in
        let match = others.firstIndex { isByName ? key.hasName(of: $0) : key.resembles($0) }
        guard let match else { return false }
        pairs.append((key, others.remove(at: match)))
        return true
      }
    }
    return pairs
  }
}
