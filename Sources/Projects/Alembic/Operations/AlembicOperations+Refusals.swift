import Databases
import Walks

extension AlembicOperations {
  /// What has to be done to the rows before a statement that was refused for what they hold; nil where
  /// nothing is certain.
  func preparing(rowsFor failure: StepFailure) -> String? {
    guard let refused = RefusedStatement(failure) else { return nil }
    switch failure.sqlState {
    case "23502": return fillingFirst(refused)
    case "23505":
      return refused.uniqueColumns.map { Self.makingUnique($0.columns, of: $0.table) }
    case "23503":
      return refused.foreignKey.map(Self.removingDangling) ?? Self.sparingReferences
    case "23514":
      return refused.check.map { check in
        Self.first(
          "bring the rows into what the check allows before it is added",
          "UPDATE \(check.table) SET … WHERE NOT (\(check.condition))")
      }
    case "22001": return shortening(refused)
    case "22003", "22P02", "22007", "22008": return converting(refused)
    case nil: return preparing(sqliteRowsFor: refused)
    default: return nil
    }
  }

  private func fillingFirst(_ refused: RefusedStatement) -> String? {
    if let (table, column) = refused.addedColumn { return Self.addingInSteps(column, to: table) }
    return refused.alteredColumn.map { altered in
      Self.first(
        "fill the column before NULL is forbidden",
        "UPDATE \(altered.table) SET \(altered.column) = … WHERE \(altered.column) IS NULL")
    }
  }

  private static func addingInSteps(_ column: String, to table: String) -> String {
    let place = "\(arguments(ofTable: table)), "
    let name = PythonText.literal(unquoted(column))
    return """
      add the column with NULL allowed, fill it, and forbid NULL then:
      op.add_column(\(call(place, "sa.Column(\(name), …, nullable=True)", of: table)))
      \(executing("UPDATE \(table) SET \(column) = …").joined(separator: "\n"))
      op.alter_column(\(call(place, "\(name), nullable=False", of: table)))
      """
  }

  /// A default that PostgreSQL cannot bring into the column's new type, however its values are converted.
  static func droppingDefault(_ refused: RefusedStatement?) -> String {
    let sentence = "drop the default before the type is changed, and set the new one after it"
    guard let (table, column, _) = refused?.alteredColumn else {
      return "\(sentence): op.alter_column(…, server_default=None)"
    }
    let place = "\(arguments(ofTable: table)), "
    let name = PythonText.literal(unquoted(column))
    let change = "type_=…, postgresql_using=\"…\", server_default=…"
    return """
      \(sentence):
      op.alter_column(\(call(place, "\(name), server_default=None", of: table)))
      op.alter_column(\(call(place, "\(name), \(change)", of: table)))
      """
  }

  private func shortening(_ refused: RefusedStatement) -> String? {
    guard let altered = refused.alteredColumn,
      let length = altered.type?.firstMatch(of: /\((\d+)\)/)?.1
    else { return nil }
    return Self.first(
      "cut or move what is too long before the type is changed",
      "UPDATE \(altered.table) SET \(altered.column) = left(\(altered.column), \(length)) "
        + "WHERE length(\(altered.column)) > \(length)")
  }

  private func converting(_ refused: RefusedStatement) -> String? {
    refused.alteredColumn.flatMap { altered in
      altered.type.map { type in
        let using = PythonText.literal(
          "CASE WHEN … THEN \(altered.column)::\(type.lowercased()) END")
        return
          "mend the values that are no \(type.lowercased()) first, or say how to convert them: "
          + "postgresql_using=\(using)"
      }
    }
  }

  private static func makingUnique(_ columns: String, of table: String) -> String {
    "give rows that have the same values others, or merge them, before the constraint is made; "
      + "this finds them: SELECT \(columns), count(*) FROM \(table) GROUP BY \(columns) "
      + "HAVING count(*) > 1"
  }

  private static func removingDangling(
    _ key: (table: String, columns: [String], parent: String, others: [String])
  ) -> String {
    let given = key.columns.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
    let same = zip(key.columns, key.others).map { "p.\($1) = \(key.table).\($0)" }
      .joined(separator: " AND ")
    return first(
      "mend the rows that point nowhere, or remove them, before the key is added",
      "DELETE FROM \(key.table) WHERE \(given) "
        + "AND NOT EXISTS (SELECT 1 FROM \(key.parent) p WHERE \(same))")
  }

  private static let sparingReferences =
    "delete or mend the rows that refer to those that go before these go"

  /// SQLite's own sentences; Alembic changes its tables by copying their rows.
  private func preparing(sqliteRowsFor refused: RefusedStatement) -> String? {
    let message = refused.failure.message
    if message.contains("Cannot add a NOT NULL column with default value NULL"),
      let (table, column) = refused.addedColumn
    {
      return """
        give the column a server_default, or add it with NULL allowed, fill it, and forbid NULL then:
        \(Self.addingInBatches(column, to: table))
        """
    }
    let named = message.firstMatch(of: /(NOT NULL|UNIQUE) constraint failed: (.+)/)
    if let named, refused.isCopy {
      let columns = named.2.split(separator: ", ").map { $0.split(separator: ".").map(String.init) }
      guard let table = columns.first?.first.map(Self.withoutCopy),
        columns.allSatisfy({ $0.count == 2 })
      else { return nil }
      let names = columns.map { $0[1] }.joined(separator: ", ")
      return named.1 == "UNIQUE"
        ? Self.makingUnique(names, of: table)
        : Self.first(
          "fill the column before NULL is forbidden",
          "UPDATE \(table) SET \(names) = … WHERE \(names) IS NULL")
    }
    if let named, named.1 == "NOT NULL", refused.isCopying,
      let column = named.2.split(separator: ".").last
    {
      return "copy a value where there is NULL: coalesce(\(column), …) in the SELECT"
    }
    if message.contains("Cannot add a column with non-constant default"),
      let (table, column) = refused.addedColumn
    {
      return """
        add the column without the default, fill it, and give it the default then:
        \(Self.addingInBatches(column, to: table, then: "server_default=sa.text(\"…\")"))
        """
    }
    if message.hasPrefix("UNIQUE constraint failed"), let key = refused.uniqueColumns {
      return Self.makingUnique(key.columns, of: key.table)
    }
    if message.hasPrefix("CHECK constraint failed"), refused.isCopy {
      return "bring the rows into what the check allows before the table is copied"
    }
    return message.hasPrefix("FOREIGN KEY constraint failed") ? Self.sparingReferences : nil
  }

  private static func addingInBatches(
    _ column: String, to table: String, then change: String = "nullable=False"
  ) -> String {
    let name = PythonText.literal(unquoted(column))
    let batch = "with op.batch_alter_table(\(arguments(ofTable: table))) as batch_op:"
    return """
      op.add_column(\(arguments(ofTable: table)), sa.Column(\(name), …, nullable=True))
      \(executing("UPDATE \(table) SET \(column) = …").joined(separator: "\n"))
      \(batch)
          batch_op.alter_column(\(name), \(change))
      """
  }

  private static func first(_ sentence: String, _ sql: String) -> String {
    "\(sentence):\n\(executing(sql).joined(separator: "\n"))"
  }

  private static func withoutCopy(_ table: String) -> String {
    table.hasPrefix("_alembic_tmp_") ? String(table.dropFirst(13)) : table
  }

  private static func call(_ place: String, _ arguments: String, of table: String) -> String {
    let parts = table.split(separator: ".")
    let schema =
      parts.count == 2 ? ", schema=\(PythonText.literal(unquoted(String(parts[0]))))" : ""
    return place + arguments + schema
  }

  private static func arguments(ofTable table: String) -> String {
    PythonText.literal(unquoted(table.split(separator: ".").last.map(String.init) ?? table))
  }

  private static func unquoted(_ name: String) -> String {
    guard name.hasPrefix("\""), name.hasSuffix("\""), name.count > 1 else { return name }
    return String(name.dropFirst().dropLast()).replacing("\"\"", with: "\"")
  }
}

extension RefusedStatement {
  /// Whether it writes rows that it reads from a table.
  fileprivate var isCopying: Bool {
    failure.statement?.firstMatch(of: /(?i)^\s*INSERT\b.*\bSELECT\b/.dotMatchesNewlines()) != nil
  }

  /// Whether it copies a table's rows into the one that takes its place.
  var isCopy: Bool { failure.statement?.contains("_alembic_tmp_") == true }
}
