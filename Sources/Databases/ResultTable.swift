/// What one statement gave: its columns with their types, and its rows.
package struct ResultTable: Sendable, Hashable {
  /// A column by the name that the statement gave it.
  package struct Column: Sendable, Hashable {
    package let name: String
    /// PostgreSQL's `pg_type.oid`; built-in types have the same on every server.
    package let typeOID: UInt32

    package init(name: String, typeOID: UInt32) {
      self.name = name
      self.typeOID = typeOID
    }
  }

  package let columns: [Column]
  package let rows: [Row]

  package init(columns: [Column], rows: [Row]) {
    self.columns = columns
    self.rows = rows
  }
}
