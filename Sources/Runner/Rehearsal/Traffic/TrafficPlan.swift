internal import Databases
internal import Schemas

/// What is sent to the copy while the migrations run.
package enum TrafficPlan: Sendable, Hashable {
  /// The statements of a script.
  case script(String)
  /// Of each table that the migrations touch, one row by its key: read, and written as it is.
  case rowsByKey

  /// - Returns: nil for a script without statements.
  package init?(script: String) {
    // Where a statement begins is the same on both engines.
    if PostgresScript(script).statements.isEmpty { return nil }
    self = .script(script)
  }

  /// One that is sent.
  struct Statement: Sendable, Hashable {
    let sql: String
    /// Where it begins in the script; nil of one that nobody wrote.
    let line: Int?
  }

  /// The statements to send.
  /// - Parameter touched: whether a table is one that the migrations touch.
  func statements(
    on address: DatabaseAddress, touching touched: (ObjectID) -> Bool
  ) throws -> [Statement] {
    switch (self, address) {
    case (.script(let text), .postgresql):
      return PostgresScript(text).statements.map(Statement.init)
    case (.script(let text), .sqlite): return SQLiteScript(text).statements.map(Statement.init)
    case (.rowsByKey, .postgresql(let server)):
      return try Self.rows(on: PostgresConnection(server, readOnly: true), touching: touched)
        .map { Statement(sql: $0, line: nil) }
    case (.rowsByKey, .sqlite(let path)):
      return try Self.rows(
        on: SQLiteConnection(path: path, access: .readOnly), touching: touched
      ).map { Statement(sql: $0, line: nil) }
    }
  }

  /// A connection for each.
  private static let most = 16

  /// Reads the row that the condition finds, and writes it as it is.
  /// - Parameter column: quoted; nil where none can be written.
  private static func statements(of table: String, where condition: String, column: String?)
    -> [String]
  {
    let read = "SELECT * FROM \(table) WHERE \(condition)"
    guard let column else { return [read] }
    return [read, "UPDATE \(table) SET \(column) = \(column) WHERE \(condition)"]
  }

  private static func rows(
    on connection: borrowing SQLiteConnection, touching touched: (ObjectID) -> Bool
  ) throws -> [String] {
    var all: [String] = []
    let tables = try connection.rows(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' "
        + "ORDER BY name")
    for table in tables.map({ Identifier($0.text(0)) })
    where all.count < most && touched(ObjectID(.table, [table])) {
      // Without generated columns; `pk` is a column's place in the key, from 1.
      let columns = try connection.rows(
        "SELECT name, pk FROM pragma_table_xinfo(?) WHERE hidden = 0", [.text(table.raw)]
      ).map { (name: Identifier($0.text(0)).quoted, isKey: $0[1].integer != 0) }
      let key = columns.filter(\.isKey).map(\.name)
      guard !key.isEmpty else { continue }
      let literals = try connection.rows(
        "SELECT \(key.map { "quote(\($0))" }.joined(separator: ", ")) FROM \(table.quoted) LIMIT 1")
      guard let row = literals.first else { continue }
      let condition = key.enumerated().map { "\($1) = \(row.text($0))" }
      all += statements(
        of: table.quoted, where: condition.joined(separator: " AND "),
        column: columns.first { !$0.isKey }?.name ?? key.first)
    }
    return all
  }

  private static func rows(
    on connection: borrowing PostgresConnection, touching touched: (ObjectID) -> Bool
  ) throws -> [String] {
    var all: [String] = []
    for row in try connection.rows(Self.tables) {
      let table = ObjectID(.table, schema: Identifier(row.text(0)), [Identifier(row.text(1))])
      guard touched(table), all.count < most else { continue }
      let name = "\(Identifier(row.text(0)).quoted).\(table.name.quoted)"
      let key = try connection.rows("SELECT \(row.text(2)) FROM \(name) LIMIT 1")
      guard let condition = key.first?[0].text else { continue }
      all += statements(of: name, where: condition, column: row[3].text)
    }
    return all
  }

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

extension TrafficPlan.Statement {
  fileprivate init(_ statement: ScriptStatement) {
    self.init(sql: statement.sql, line: statement.line)
  }
}
