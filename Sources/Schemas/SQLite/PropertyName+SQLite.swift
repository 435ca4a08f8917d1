/// What only SQLite's objects have.
extension PropertyName {
  /// Of a column: it is another name of the rowid, because it is the primary key and declared
  /// `INTEGER`, and so fills itself.
  package static let rowidAlias: PropertyName = "rowid-alias"
  package static let autoincrement: PropertyName = "autoincrement"
  /// Of a column: what happens to a row that breaks its NOT NULL.
  static let notNullConflict: PropertyName = "not-null-on-conflict"
  /// Of a constraint: what happens to a row that breaks it.
  static let onConflict: PropertyName = "on-conflict"
  /// Of a constraint that was given no name: its object's name is its definition.
  package static let unnamed: PropertyName = "unnamed"

  static let withoutRowid: PropertyName = "without-rowid"
  static let strict: PropertyName = "strict"
  /// Of a virtual table: what implements it.
  static let module: PropertyName = "module"

  static let userVersion: PropertyName = "user-version"
  static let applicationID: PropertyName = "application-id"
}
