import Databases
import Schemas

extension Undo {
  func droppingConstraint(_ constraint: SchemaObject) -> [AlembicOperation] {
    let id = constraint.id
    if constraint.flag("inherited") { return [] }
    if constraint.isOfDomain {
      let sql = "ALTER DOMAIN \(id.holderSQL) DROP CONSTRAINT \(id.name.sql)"
      return [.execute(.dropConstraints, sql)]
    }
    if constraint.flag("unnamed") { return droppingUnnamed(constraint) }
    let type: String? =
      switch constraint.text("constraint-type") {
      case "PRIMARY KEY": "primary"
      case "UNIQUE": "unique"
      case "FOREIGN KEY": "foreignkey"
      case "CHECK": "check"
      default: nil
      }
    let typeArgument = type.map { ", type_=\"\($0)\"" } ?? ""
    let name = self.name(of: constraint)
    let table = engine == .sqlite ? "" : ", \(PythonText.literal(id.holder))"
    return [
      .init(
        .dropConstraints, "drop_constraint(\(name)\(table)\(typeArgument)\(id.schemaArgument))",
        batch: batch(id))
    ]
  }

  func creatingConstraint(_ constraint: SchemaObject) -> [AlembicOperation] {
    let id = constraint.id
    if constraint.flag("inherited") { return [] }
    if constraint.isOfDomain, let definition = constraintSQL(constraint) {
      let sql = "ALTER DOMAIN \(id.holderSQL) ADD CONSTRAINT \(id.name.sql) \(definition)"
      return [.execute(.createKeys, sql)]
    }
    let phase: AlembicOperation.Phase =
      constraint.text("constraint-type") == "FOREIGN KEY" ? .createConstraints : .createKeys
    if constraint.flag("unnamed") {
      guard let expression = constraintExpression(constraint, isInCopy: true) else {
        return [.none(for: id, "create it as it was before")]
      }
      return [.init(phase, batch: batch(id, ["table_args": [expression]]))]
    }
    if let call = constraintCall(constraint) {
      return [.init(phase, call, batch: batch(id))]
    }
    guard engine == .postgresql, let definition = constraintSQL(constraint) else {
      return [.none(for: id, "create it as it was before")]
    }
    return [
      .execute(
        phase, "ALTER TABLE \(id.holderSQL) ADD CONSTRAINT \(id.name.sql) \(definition)")
    ]
  }

  func restoringConstraint(
    _ before: SchemaObject, from after: SchemaObject
  ) -> [AlembicOperation] { droppingConstraint(after) + creatingConstraint(before) }

  /// A check's name is marked as it is in the database: what naming conventions usually make of checks
  /// holds the given name, and would put it into another once more
  /// (<https://alembic.sqlalchemy.org/en/latest/naming.html>).
  private func name(of constraint: SchemaObject) -> String {
    let name = PythonText.literal(constraint.id.name)
    return constraint.text("constraint-type") == "CHECK" ? "op.f(\(name))" : name
  }

  /// `create_…(…)` without its receiver; nil where Alembic has no argument for what it is.
  private func constraintCall(_ constraint: SchemaObject) -> String? {
    guard constraint.hasOnly(Self.portableProperties) else { return nil }
    let id = constraint.id
    let columns = PythonText.list(constraint.list("columns"))
    let head = "\(name(of: constraint)), \(tableArgument(id))"
    let tail = "\(attributes(of: constraint))\(id.schemaArgument))"
    switch constraint.text("constraint-type") {
    case "PRIMARY KEY": return "create_primary_key(\(head)\(columns)\(tail)"
    case "UNIQUE": return "create_unique_constraint(\(head)\(columns)\(tail)"
    case "CHECK":
      guard let expression = constraint.text("expression") else { return nil }
      return "create_check_constraint(\(head)\(PythonText.saText(expression))\(tail)"
    case "FOREIGN KEY":
      let (schema, table) = referenced(constraint)
      let referents = PythonText.list(constraint.list("referenced-columns"))
      let source = id.schemaArgument.replacing(", schema=", with: ", source_schema=")
      let target = schema.map { ", referent_schema=\(PythonText.literal(Identifier($0)))" } ?? ""
      let name = PythonText.literal(id.name)
      let own = engine == .sqlite ? "" : "\(PythonText.literal(id.holder)), "
      return "create_foreign_key(\(name), \(own)\(PythonText.literal(Identifier(table))), "
        + "\(columns), \(referents)\(attributes(of: constraint))\(source)\(target))"
    default: return nil
    }
  }

  /// `sa.…Constraint(…)`, for a table that is made as a whole.
  ///
  /// - Parameter isInCopy: whether the table is a batch's copy, beside which no other table is known.
  func constraintExpression(_ constraint: SchemaObject, isInCopy: Bool = false) -> String? {
    guard constraint.hasOnly(Self.portableProperties) else { return nil }
    let columns = constraint.list("columns")
    let attributes = attributes(of: constraint)
    let name = constraint.flag("unnamed") ? "" : ", name=\(name(of: constraint))"
    let arguments = columns.map { PythonText.literal(Identifier($0)) }.joined(separator: ", ")
    switch constraint.text("constraint-type") {
    case "PRIMARY KEY": return "sa.PrimaryKeyConstraint(\(arguments)\(name)\(attributes))"
    case "UNIQUE": return "sa.UniqueConstraint(\(arguments)\(name)\(attributes))"
    case "CHECK":
      guard let expression = constraint.text("expression") else { return nil }
      return "sa.CheckConstraint(\(PythonText.saText(expression))\(name)\(attributes))"
    case "FOREIGN KEY":
      let (schema, table) = referenced(constraint)
      let target = [schema, table].compactMap { $0 }.joined(separator: ".")
      let referents = constraint.list("referenced-columns").map { "\(target).\($0)" }
      guard !referents.isEmpty else { return nil }
      let others = constraint.list("referenced-columns").map {
        "sa.Column(\(PythonText.literal(Identifier($0))))"
      }
      let stub = ([PythonText.literal(Identifier(table)), "sa.MetaData()"] + others)
        .joined(separator: ", ")
      let targets = isInCopy ? "list(sa.Table(\(stub)).c)" : PythonText.list(referents)
      return "sa.ForeignKeyConstraint(\(PythonText.list(columns)), \(targets)\(name)\(attributes))"
    default: return nil
    }
  }

  /// What follows `ADD CONSTRAINT name`.
  func constraintSQL(_ constraint: SchemaObject) -> String? {
    if let definition = constraint.text("definition") { return definition }
    func names(_ list: [String]) -> String {
      "(" + list.map { Identifier($0).sql }.joined(separator: ", ") + ")"
    }
    let columns = constraint.list("columns")
    var words: [String]
    switch constraint.text("constraint-type") {
    case "PRIMARY KEY": words = ["PRIMARY KEY", names(columns)]
    case "UNIQUE":
      words = ["UNIQUE"] + (constraint.flag("nulls-not-distinct") ? ["NULLS NOT DISTINCT"] : [])
      words.append(names(columns))
    case "CHECK":
      guard let expression = constraint.text("expression") else { return nil }
      words = ["CHECK (\(expression))"] + (constraint.flag("no-inherit") ? ["NO INHERIT"] : [])
    case "FOREIGN KEY":
      let (schema, table) = referenced(constraint)
      let target = [schema, table].compactMap { $0.map { Identifier($0).sql } }
      words = ["FOREIGN KEY", names(columns), "REFERENCES \(target.joined(separator: "."))"]
      words.append(names(constraint.list("referenced-columns")))
      if let match = constraint.text("match") { words.append("MATCH \(match)") }
      if let action = constraint.text("on-update") { words.append("ON UPDATE \(action)") }
      if let action = constraint.text("on-delete") { words.append("ON DELETE \(action)") }
      let set = constraint.list("on-delete-columns")
      if !set.isEmpty { words.append(names(set)) }
    default: return nil
    }
    let included = constraint.list("include")
    if !included.isEmpty { words.append("INCLUDE \(names(included))") }
    let options = constraint.list("options")
    if !options.isEmpty { words.append("WITH (\(options.joined(separator: ", ")))") }
    if let deferrable = constraint.text("deferrable") { words.append(deferrable) }
    if constraint.flag("not-valid") { words.append("NOT VALID") }
    return words.joined(separator: " ")
  }

  /// The referenced table; its schema where the reader wrote one before it.
  private func referenced(_ constraint: SchemaObject) -> (schema: String?, table: String) {
    let name = constraint.text("referenced-table") ?? ""
    guard engine == .postgresql, let dot = name.firstIndex(of: ".") else {
      let schema = constraint.id.schema.flatMap { $0 == "public" ? nil : $0.raw }
      return (schema, name)
    }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }

  private func attributes(of constraint: SchemaObject) -> String {
    var text = ""
    if let action = constraint.text("on-delete") { text += ", ondelete=\"\(action)\"" }
    if let action = constraint.text("on-update") { text += ", onupdate=\"\(action)\"" }
    if let match = constraint.text("match") { text += ", match=\"\(match)\"" }
    if let deferrable = constraint.text("deferrable") {
      text += ", deferrable=True"
      if deferrable.hasSuffix("DEFERRED") { text += ", initially=\"DEFERRED\"" }
    }
    if let conflict = constraint.text("on-conflict") {
      text += ", sqlite_on_conflict=\"\(conflict)\""
    }
    return text
  }

  private static let portableProperties: Set<PropertyName> = [
    "constraint-type", "columns", "expression", "referenced-table", "referenced-columns",
    "on-delete", "on-update", "match", "deferrable", "on-conflict", "unnamed", "comment", "name",
    "triggers-not-enabled", "clustered", "replica-identity", "index-comment",
  ]
}

extension SchemaObject {
  /// Whether it checks a domain's values, which it calls VALUE, and no table's columns.
  fileprivate var isOfDomain: Bool {
    text("constraint-type") == "CHECK" && self["columns"] == nil
      && text("expression")?.contains("VALUE") == true
  }

  /// Whether it has no property but these.
  func hasOnly(_ names: Set<PropertyName>) -> Bool { properties.keys.allSatisfy(names.contains) }
}
