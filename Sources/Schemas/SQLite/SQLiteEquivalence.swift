import Databases

/// Property changes that read differently and that matter to no statement in SQLite.
enum SQLiteEquivalence {
  static func covers(
    _ name: PropertyName, of column: (before: SchemaObject, after: SchemaObject),
    in unit: (before: SchemaUnit, after: SchemaUnit)
  ) -> Bool {
    let (before, after) = column
    guard after.id.kind == .column else { return false }
    switch name {
    case .type:
      // `INT` and `INTEGER` have the same affinity; that only the second makes a rowid alias is a
      // property of its own (<https://www.sqlite.org/lang_createtable.html#rowid>).
      return integers.isSuperset(of: [before[name], after[name]])
    case .notNull:
      // SQL's primary keys never hold NULL, SQLite's may, by an old mistake that it keeps
      // (<https://www.sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls>). Every tool
      // that rebuilds a table spells it out; to lose what was spelt out is another matter.
      return before[name] == nil && inPrimaryKey(before, of: unit.before)
        && inPrimaryKey(after, of: unit.after)
    default: return false
    }
  }

  private static let integers: Set<PropertyValue?> = [.text("INT"), .text("INTEGER")]

  private static func inPrimaryKey(_ column: SchemaObject, of unit: SchemaUnit) -> Bool {
    unit.objects.contains { object in
      guard object[.constraintType] == .text("PRIMARY KEY"),
        case .list(let columns)? = object[.columns]
      else { return false }
      return columns.contains { $0 == column.id.name.raw || $0.hasPrefix(column.id.name.raw + " ") }
    }
  }
}
