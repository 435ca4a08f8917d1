package import Databases
package import Walks

extension AlembicOperations {
  package func mending(_ failure: StepFailure, on engine: Engine) -> String? {
    let known =
      switch engine {
      case .postgresql: postgresql(failure)
      case .sqlite: sqlite(failure)
      }
    return known ?? preparing(rowsFor: failure)
  }

  private func postgresql(_ failure: StepFailure) -> String? {
    let message = failure.message
    switch failure.sqlState {
    case "42804" where message.hasPrefix("default for column "):
      return Self.droppingDefault(RefusedStatement(failure))
    case "42804" where message.contains("cannot be cast automatically"):
      return "say how to convert: op.alter_column(…, postgresql_using=\"column::type\")"
    case "55006" where message.contains("pending trigger events"):
      return """
        have deferred constraints checked after the last statement that writes to the table and before \
        this one, or move one of them to a revision with a transaction of its own:
        \(Self.executing("SET CONSTRAINTS ALL IMMEDIATE").joined(separator: "\n"))
        """
    case "25001", "55P04":
      return "leave the transaction for it: with op.get_context().autocommit_block(): …"
    case "42704" where message.hasPrefix("type "):
      return "create the type first: sa.Enum(…, name=\"…\").create(op.get_bind(), checkfirst=True)"
    case "0A000" where message.contains("used by a view"):
      return "drop the view before the change and create it again afterwards, in both directions"
    case "2BP01":
      return "drop what depends on it first, each in an operation of its own"
    case "42710" where message.hasPrefix("type "):
      return "drop the type where the table is dropped: sa.Enum(name=\"…\").drop(op.get_bind())"
    case "42710":
      // PostgreSQL quotes names as they are.
      guard let role = message.firstMatch(of: /^role "(.+)" already exists$/) else { return nil }
      let statement = PythonText.literal("DROP ROLE \(Identifier(String(role.1)).sql)")
      return "drop the role in downgrade(), which no database's own schema shows: "
        + "op.execute(\(statement))"
    default: return nil
    }
  }

  private func sqlite(_ failure: StepFailure) -> String? {
    let message = failure.message
    if failure.kind == .unsupportedByEngine || message.contains("No support for ALTER") {
      return
        "use batch mode, which copies the table: with op.batch_alter_table(\"…\") as batch_op: "
        + "…"
    }
    if message.contains("No such constraint") {
      return "the constraint has no name in the database: give op.batch_alter_table a "
        + "naming_convention, and drop it by the name that this gives it"
    }
    if message.contains("error in view") {
      return "drop the view before the change and create it again afterwards, in both directions"
    }
    return nil
  }
}
