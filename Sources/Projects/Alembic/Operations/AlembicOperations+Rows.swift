package import Databases
import Schemas
package import Walks

extension AlembicOperations {
  package func lines(for mend: RowMend, on engine: Engine) -> [String] {
    switch mend {
    case .rename(let object, let name): renaming(object, to: name, on: engine)
    case .fill(let column):
      Self.executing("UPDATE \(column.holderSQL) SET \(column.name.sql) = …")
    case .advance(let sequence, let column):
      Self.executing(
        "SELECT setval(\(sqlLiteral(sequence.sql)), max(\(column.name.sql))) "
          + "FROM \(column.holderSQL)")
    case .deleteDangling(let columns, let parent, let others):
      Self.executing(Self.deletion(of: columns, without: parent, others))
    case .suspendReferences:
      // The pragma does nothing within a transaction
      // (<https://www.sqlite.org/pragma.html#pragma_foreign_keys>); PostgreSQL refuses it.
      [
        "if op.get_context().dialect.name == \"sqlite\":",
        "    with op.get_context().autocommit_block():",
        "        op.execute(\"PRAGMA foreign_keys=OFF\")",
      ]
    case .convertTime(let column, let isMoment):
      [
        "op.alter_column(\(PythonText.literal(column.holder)), \(PythonText.literal(column.name)), "
          + "type_=sa.DateTime(timezone=\(isMoment ? "True" : "False")), "
          + "postgresql_using=\(PythonText.literal("\(column.name.sql) AT TIME ZONE 'UTC'"))"
          + "\(column.schemaArgument))"
      ]
    case .allow(let rule, let object):
      ["# stairway: allow \(rule)\(object.map { " \($0.qualifiedName)" } ?? "") because …"]
    }
  }

  static func executing(_ sql: String) -> [String] {
    AlembicScript([.execute(.alterColumns, sql)]).lines
  }

  /// The rows that refer to nothing. A row with a NULL in the key refers to nothing on purpose
  /// (`MATCH SIMPLE`).
  private static func deletion(
    of columns: [ObjectID], without parent: ObjectID, _ others: [Identifier]
  ) -> String {
    guard let first = columns.first else { return "" }
    let table = first.holderSQL
    let given = columns.map { "\($0.name.sql) IS NOT NULL" }.joined(separator: " AND ")
    let same = zip(columns, others).map { "p.\($1.sql) = \(table).\($0.name.sql)" }
      .joined(separator: " AND ")
    return "DELETE FROM \(table) WHERE \(given) "
      + "AND NOT EXISTS (SELECT 1 FROM \(parent.sql) p WHERE \(same))"
  }

  private func renaming(_ object: ObjectID, to name: Identifier, on engine: Engine) -> [String] {
    let new = PythonText.literal(name)
    guard object.kind == .column else {
      return ["op.rename_table(\(PythonText.literal(object.name)), \(new)\(object.schemaArgument))"]
    }
    let undo = Undo(SchemaDifference(), on: engine)
    let call =
      "alter_column(\(undo.tableArgument(object))\(PythonText.literal(object.name)), "
      + "new_column_name=\(new)\(engine == .sqlite ? "" : object.schemaArgument))"
    return AlembicScript([.init(.alterColumns, call, batch: undo.batch(object))]).lines
  }
}
