internal import Databases
internal import Schemas

/// What is sent to the copy while the migrations run.
package enum TrafficPlan: Sendable, Hashable {
  /// The statements of a script, taken apart.
  case statements([String])
  /// Of each table that the migrations touch, one row by its key: read, and written as it is.
  case rowsByKey

  /// - Returns: nil for a script without statements.
  package init?(script: String) {
    let statements = PostgresScript(script).statements.map(\.sql)
    if statements.isEmpty { return nil }
    self = .statements(statements)
  }

  /// The statements to send.
  /// - Parameter touched: whether a table is one that the migrations touch.
  func statements(
    on connection: borrowing PostgresConnection, touching touched: (ObjectID) -> Bool
  ) throws -> [String] {
    switch self {
    case .statements(let statements): return statements
    case .rowsByKey:
      var all: [String] = []
      for row in try connection.rows(Self.tables) {
        let table = ObjectID(.table, schema: Identifier(row.text(0)), [Identifier(row.text(1))])
        guard touched(table), all.count < Self.most else { continue }
        let name = "\(Identifier(row.text(0)).quoted).\(table.name.quoted)"
        let key = try connection.rows("SELECT \(row.text(2)) FROM \(name) LIMIT 1")
        guard let condition = key.first?[0].text else { continue }
        all.append("SELECT * FROM \(name) WHERE \(condition)")
        if let column = row[3].text {
          all.append("UPDATE \(name) SET \(column) = \(column) WHERE \(condition)")
        }
      }
      return all
    }
  }

  /// A connection for each.
  private static let most = 16

  /// Tables with a primary key, the largest first: an expression that gives the condition which finds a
  /// row by its key, and a column that can be written.
  private static let tables = """
    SELECT n.nspname, c.relname,
      (SELECT string_agg(format('format(''%I = %%L'', %I)', a.attname, a.attname),
          ' || '' AND '' || ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)),
      (SELECT quote_ident(a.attname) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          AND a.attidentity <> 'a'
        ORDER BY a.attnum = ANY (i.indkey), a.attnum LIMIT 1)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND c.relpersistence <> 't'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY pg_table_size(c.oid) DESC, c.relname
    """
}
