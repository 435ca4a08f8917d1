import Databases
import Schemas

extension Undo {
  func creatingTable(_ table: SchemaObject) -> [AlembicOperation] {
    let id = table.id
    let columns = parts(of: id, .column)
    if let module = table.text("module") {
      let arguments = table.text("definition") ?? ""
      return [
        .execute(.createTables, "CREATE VIRTUAL TABLE \(id.sql) USING \(module)\(arguments)")
      ]
    }
    let special: Set<PropertyName> = [
      "partition-key", "partition-bound", "inherits", "of-type", "access-method",
    ]
    guard special.isDisjoint(with: table.properties.keys) else {
      return [.none(for: id, "create it as it was before")]
    }
    let constraints = parts(of: id, .constraint)
    // Foreign keys come last where they can be added: tables may refer to each other.
    let inside = constraints.filter {
      engine == .sqlite || $0.text("constraint-type") != "FOREIGN KEY"
    }
    let later = constraints.filter { constraint in
      !inside.contains { $0.id == constraint.id }
    }.flatMap { creatingConstraint($0) }
    let described = describing(table) + bareProperties(of: table)
    guard let call = createTable(table, columns, inside) else {
      guard let sql = tableSQL(table, columns, inside) else {
        return [.none(for: id, "create it as it was before")]
      }
      return [.execute(.createTables, sql)] + later + described
    }
    return [.init(.createTables, call)] + later + described
  }

  private func createTable(
    _ table: SchemaObject, _ columns: [SchemaObject], _ constraints: [SchemaObject]
  ) -> String? {
    let key =
      constraints.first { $0.text("constraint-type") == "PRIMARY KEY" }?.list("columns") ?? []
    let columnTexts = columns.compactMap { columnExpression($0, key: key) }
    let constraintTexts = constraints.compactMap { constraintExpression($0) }
    guard columnTexts.count == columns.count, constraintTexts.count == constraints.count else {
      return nil
    }
    var arguments = [PythonText.literal(table.id.name)] + columnTexts + constraintTexts
    if engine == .sqlite, columns.contains(where: { $0.flag("autoincrement") }) {
      arguments.append("sqlite_autoincrement=True")
    }
    if table.flag("without-rowid") { arguments.append("sqlite_with_rowid=False") }
    if table.flag("strict") { arguments.append("sqlite_strict=True") }
    if table.flag("unlogged") { arguments.append("prefixes=[\"UNLOGGED\"]") }
    let schema = table.id.schemaArgument.dropFirst(2)
    if !schema.isEmpty { arguments.append(String(schema)) }
    return "create_table(\n" + arguments.map { "    \($0),\n" }.joined() + ")"
  }

  private func tableSQL(
    _ table: SchemaObject, _ columns: [SchemaObject], _ constraints: [SchemaObject]
  ) -> String? {
    var elements = columns.map(columnSQL)
    for constraint in constraints {
      guard let definition = constraintSQL(constraint) else { return nil }
      let named = constraint.flag("unnamed") ? "" : "CONSTRAINT \(constraint.id.name.sql) "
      elements.append(named + definition)
    }
    let kind = table.flag("unlogged") ? "UNLOGGED TABLE" : "TABLE"
    let options = [
      table.flag("strict") ? "STRICT" : nil, table.flag("without-rowid") ? "WITHOUT ROWID" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
    return "CREATE \(kind) \(table.id.sql) (\n  " + elements.joined(separator: ",\n  ") + "\n)"
      + (options.isEmpty ? "" : " \(options)")
  }

  /// What a table has beyond its columns, on one that was just made.
  private func bareProperties(of table: SchemaObject) -> [AlembicOperation] {
    let made: Set<PropertyName> = ["unlogged", "strict", "without-rowid"]
    let names = Set(table.properties.keys).subtracting(made).subtracting(
      Self.describingProperties)
    return restoringTable(table, from: SchemaObject(table.id), names)
  }

  func restoringTable(
    _ before: SchemaObject, from after: SchemaObject, _ changed: Set<PropertyName>
  ) -> [AlembicOperation] {
    changed.sorted().flatMap { name -> [AlembicOperation] in
      func alter(_ action: String) -> [AlembicOperation] {
        [.execute(.describe, "ALTER TABLE \(before.id.sql) \(action)")]
      }
      switch name {
      case "row-security":
        return alter("\(before.flag(name) ? "ENABLE" : "DISABLE") ROW LEVEL SECURITY")
      case "force-row-security":
        return alter("\(before.flag(name) ? "" : "NO ")FORCE ROW LEVEL SECURITY")
      case "unlogged": return alter("SET \(before.flag(name) ? "UNLOGGED" : "LOGGED")")
      case "replica-identity" where before.text(name) != "index":
        return alter("REPLICA IDENTITY \(before.text(name)?.uppercased() ?? "DEFAULT")")
      case "options": return options(before, from: after, name)
      case "toast-options": return options(before, from: after, name, prefix: "toast.")
      case "tablespace":
        return alter("SET TABLESPACE \(Identifier(before.text(name) ?? "pg_default").sql)")
      case "strict", "without-rowid":
        let argument = name == "strict" ? "sqlite_strict" : "sqlite_with_rowid"
        let value = before.flag(name) == (name == "strict") ? "True" : "False"
        return [
          .init(
            .alterColumns,
            batch: batch(before.id, ["table_kwargs": ["\"\(argument)\": \(value)"]]))
        ]
      case "partition-bound": return restoringPartition(before, from: after)
      case "inherits": return restoringInheritance(before, from: after)
      default: return [.none(for: before.id, "restore its \(name)")]
      }
    }
  }

  /// A partition's bound and its parent change together: both are undone with the bound.
  private func restoringPartition(
    _ before: SchemaObject, from after: SchemaObject
  ) -> [AlembicOperation] {
    var operations: [AlembicOperation] = []
    if after["partition-bound"] != nil, let parent = after.list("inherits").first {
      operations.append(
        .execute(.alterColumns, "ALTER TABLE \(parent) DETACH PARTITION \(after.id.sql)"))
    }
    if let bound = before.text("partition-bound"), let parent = before.list("inherits").first {
      operations.append(
        .execute(.describe, "ALTER TABLE \(parent) ATTACH PARTITION \(before.id.sql) \(bound)"))
    }
    return operations
  }

  private func restoringInheritance(
    _ before: SchemaObject, from after: SchemaObject
  ) -> [AlembicOperation] {
    guard before["partition-bound"] == nil, after["partition-bound"] == nil else { return [] }
    let old = before.list("inherits")
    let new = after.list("inherits")
    return new.filter { !old.contains($0) }.map {
      .execute(.describe, "ALTER TABLE \(before.id.sql) NO INHERIT \($0)")
    }
      + old.filter { !new.contains($0) }.map {
        .execute(.describe, "ALTER TABLE \(before.id.sql) INHERIT \($0)")
      }
  }

  /// `SET` and `RESET` of storage options, of a table, a view or a column.
  func options(
    _ before: SchemaObject, from after: SchemaObject, _ name: PropertyName, prefix: String = ""
  ) -> [AlembicOperation] {
    let old = before.list(name)
    let new = after.list(name)
    func key(_ option: String) -> String {
      prefix + (option.split(separator: "=").first.map(String.init) ?? option)
    }
    let subject =
      before.id.kind == .column
      ? "TABLE \(before.id.holderSQL) ALTER COLUMN \(before.id.name.sql)"
      : "\(before.id.kind.sql) \(before.id.sql)"
    let gone = new.map(key).filter { !old.map(key).contains($0) }
    let set = old.filter { !new.contains($0) }.map { prefix + $0 }
    var operations: [AlembicOperation] = []
    if !gone.isEmpty {
      operations.append(
        .execute(.describe, "ALTER \(subject) RESET (\(gone.joined(separator: ", ")))"))
    }
    if !set.isEmpty {
      operations.append(
        .execute(.describe, "ALTER \(subject) SET (\(set.joined(separator: ", ")))"))
    }
    return operations
  }
}
