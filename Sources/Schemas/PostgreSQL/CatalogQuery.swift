/// One query over PostgreSQL's catalogs and what its rows become.
///
/// The columns whose names begin with `#` place the row in the snapshot; each of the others is a
/// property under its own name, absent where it is NULL:
/// - `#unit`: the oid of the unit, in `catalog`;
/// - `#main`: true where the row is the unit's own object, not a part of it (absent: true);
/// - `#kind`, `#schema`, `#in` (what holds it, where something does), `#name`: the object's id;
/// - `#of`: the oid of the relation it belongs to and is left out with;
/// - `#number`: a column's `attnum`.
struct CatalogQuery: Sendable {
  /// The catalog whose oids tell its units apart.
  let catalog: String
  /// The catalog without whose rows it gives none.
  let source: String
  /// The codes in `pg_class.relkind` of the relations for which it gives rows; nil for all.
  let kinds: String?
  /// The query's text in a scope.
  let text: @Sendable (CatalogScope) -> String

  init(
    _ catalog: String, from source: String? = nil, kinds: String? = nil,
    _ text: @escaping @Sendable (CatalogScope) -> String
  ) {
    self.catalog = catalog
    self.source = source ?? catalog
    self.kinds = kinds
    self.text = text
  }
}

extension CatalogQuery {
  /// Whether relations of these kinds, nil for one that is not known, may have rows here.
  func mayGive(of kinds: Set<Character?>) -> Bool {
    guard let own = self.kinds else { return true }
    return kinds.contains { $0.map(own.contains) ?? true }
  }

  /// Everything that makes a snapshot, in no order that matters.
  static let all: [CatalogQuery] =
    relations + routines + types + schemas + operators + textSearch + foreign + publications
    + database

  /// What hangs on a row of `pg_class`: read again as one when any of it has changed.
  static let relations: [CatalogQuery] = [
    relation, compositeType, column, constraint, index, identitySequence, sequence, trigger, rule,
    policy,
  ]
  static let routines: [CatalogQuery] = [routine, aggregate]
  static let types: [CatalogQuery] = [type, domain, domainConstraint]
}

/// A unit by where the catalogs keep it.
struct UnitKey: Hashable, Sendable {
  let catalog: String
  let oid: UInt32
}
