import Databases
import Schemas

/// Constraints that have no name, as SQLite's mostly are: a batch gives them one by a naming convention
/// while it copies the table
/// (<https://alembic.sqlalchemy.org/en/latest/batch.html#dropping-unnamed-or-named-foreign-keys>).
extension Undo {
  func droppingUnnamed(_ constraint: SchemaObject) -> [AlembicOperation] {
    let id = constraint.id
    guard engine == .sqlite else { return [.none(for: id, "it has no name")] }
    // Nobody reads a check that has no name: it goes with every copy.
    if constraint.text("constraint-type") == "CHECK" {
      return [.init(.dropConstraints, batch: batch(id, ["recreate": ["\"always\""]]))]
    }
    guard let (convention, name, type) = convention(of: constraint) else {
      return [.none(for: id, "it has no name, and no naming convention gives it one")]
    }
    var arguments = reading(constraint, name)
    arguments["naming_convention"] = [convention]
    let call = "drop_constraint(\(PythonText.literal(name)), type_=\"\(type)\")"
    return [.init(.dropConstraints, call, batch: batch(id, arguments))]
  }

  /// SQLAlchemy reads no `UNIQUE` that stands behind a column's default or a type with parentheses; those
  /// that it reads are named by the convention, and are the same then.
  private func reading(_ constraint: SchemaObject, _ name: String) -> [String: [String]] {
    guard constraint.text("constraint-type") == "UNIQUE" else { return [:] }
    let columns = constraint.list("columns").map { PythonText.literal(Identifier($0)) }
    let arguments = columns + ["name=\(PythonText.literal(name))"]
    return ["reflect_args": ["sa.UniqueConstraint(\(arguments.joined(separator: ", ")))"]]
  }

  /// What keeps a constraint without a name that stays, where another one's drop has a convention name
  /// all of its kind.
  func keepingUnnamed(
    _ constraint: SchemaObject, in operations: [AlembicOperation]
  ) -> [AlembicOperation] {
    let conventions = operations.flatMap { $0.batch?.arguments["naming_convention"] ?? [] }
    guard let own = convention(of: constraint)?.convention, conventions.contains(own) else {
      return []
    }
    return droppingUnnamed(constraint) + creatingConstraint(constraint)
  }

  /// The entry of the convention, the name that it gives, and the constraint's kind in Alembic's words.
  private func convention(
    of constraint: SchemaObject
  ) -> (convention: String, name: String, type: String)? {
    let table = constraint.id.holder.raw
    let columns = constraint.list("columns").joined(separator: "_")
    switch constraint.text("constraint-type") {
    case "FOREIGN KEY":
      let referred = constraint.text("referenced-table") ?? ""
      return (
        #""fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s""#,
        "fk_\(table)_\(columns)_\(referred)", "foreignkey"
      )
    case "UNIQUE":
      return (
        #""uq": "uq_%(table_name)s_%(column_0_N_name)s""#, "uq_\(table)_\(columns)", "unique"
      )
    case "PRIMARY KEY": return (#""pk": "pk_%(table_name)s""#, "pk_\(table)", "primary")
    default: return nil
    }
  }
}
