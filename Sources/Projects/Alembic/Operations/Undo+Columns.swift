import Databases
import Schemas
import Walks

extension Undo {
  /// Places a call in the table's batch on SQLite.
  func batch(_ id: ObjectID, _ arguments: [String: [String]] = [:]) -> AlembicOperation.Batch? {
    engine == .sqlite ? .init(table: id.holder.raw, arguments: arguments) : nil
  }

  /// The table's name as first argument, but in a batch, which knows it.
  func tableArgument(_ id: ObjectID) -> String {
    engine == .sqlite ? "" : "\(PythonText.literal(id.holder)), "
  }

  func droppingColumn(_ column: SchemaObject) -> AlembicOperation {
    let id = column.id
    let name = PythonText.literal(id.name)
    return .init(
      .dropColumns, "drop_column(\(tableArgument(id))\(name)\(id.schemaArgument))",
      batch: batch(id))
  }

  func creatingColumn(_ column: SchemaObject) -> [AlembicOperation] {
    if isEmptyAtFirst(column) { return addingInSteps(column) }
    return [addingColumn(column)] + describing(column)
  }

  private func addingColumn(_ column: SchemaObject) -> AlembicOperation {
    let id = column.id
    guard let expression = columnExpression(column) else {
      let sql = "ALTER TABLE \(id.holderSQL) ADD COLUMN \(columnSQL(column))"
      return .execute(.addColumns, sql)
    }
    let call = "add_column(\(tableArgument(id))\(expression)\(id.schemaArgument))"
    var operation = AlembicOperation(.addColumns, call, batch: batch(id))
    operation.imports = types[id]?.imports ?? []
    return operation
  }

  /// Whether rows would have no value for a column that asks for one; SQLite adds no such column even to
  /// a table without rows (<https://www.sqlite.org/lang_altertable.html#altertabaddcol>).
  private func isEmptyAtFirst(_ column: SchemaObject) -> Bool {
    let filling: Set<PropertyName> = ["default", "generated", "identity", "not-null-on-conflict"]
    return column.flag("not-null") && filling.isDisjoint(with: column.properties.keys)
      && !column.flag("autoincrement") && !column.flag("inherited")
  }

  /// Adds a column with NULL allowed, and forbids NULL once it is filled.
  private func addingInSteps(_ column: SchemaObject) -> [AlembicOperation] {
    let id = column.id
    var optional = column
    optional["not-null"] = nil
    var adding = addingColumn(optional)
    let update = PythonText.literal("UPDATE \(id.holderSQL) SET \(id.name.sql) = …")
    var filling = AlembicOperation(.fillColumns, "# where there are rows: op.execute(\(update))")
    if engine == .sqlite, let expression = columnExpression(optional) {
      let call = "add_column(\(PythonText.literal(id.holder)), \(expression))"
      let imports = adding.imports
      adding = AlembicOperation(.addEmptyColumns, call)
      adding.imports = imports
      filling.phase = .addEmptyColumns
    } else if engine == .sqlite {
      (adding.phase, filling.phase) = (.addEmptyColumns, .addEmptyColumns)
    }
    var forbidding = altering(id, ["nullable=False"])
    if engine == .postgresql { forbidding.phase = .fillColumns }
    return [adding, filling, forbidding] + describing(column)
  }

  /// `sa.Column(…)`; nil where the column has something that SQLAlchemy's core has no word for.
  /// - Parameter key: the columns of the primary key that is made with it; SQLAlchemy would make an
  ///   integer one of these serial.
  func columnExpression(_ column: SchemaObject, key: [String] = []) -> String? {
    let collation = column.text("collation").map(Self.unquoted)
    guard column["not-null-on-conflict"] == nil, !column.flag("inherited"),
      let type = types[column.id]?.code
        ?? AlembicType.expression(
          for: column.text("type") ?? "", collation: collation, on: engine)
    else { return nil }
    var arguments = [PythonText.literal(column.id.name), type]
    if let generated = column.text("generated") {
      let persisted = column.flag("stored") ? "True" : "False"
      arguments.append("sa.Computed(\(PythonText.literal(generated)), persisted=\(persisted))")
    }
    if let identity = column.text("identity") {
      let always = identity == "ALWAYS" ? "True" : "False"
      let options = identitySequence(of: column).map(identityArguments) ?? ""
      arguments.append("sa.Identity(always=\(always)\(options))")
    }
    if let value = column.text("default") {
      arguments.append("server_default=\(serverDefault(value))")
    }
    if engine == .postgresql {
      guard let fed = selfFeeding(column, type, key: key) else { return nil }
      arguments += fed
    }
    arguments.append("nullable=\(column.flag("not-null") ? "False" : "True")")
    return "sa.Column(\(arguments.joined(separator: ", ")))"
  }

  /// What tells SQLAlchemy whether the column gets a sequence of its own (`serial`): of itself it does
  /// where it alone is an integer primary key; nil for one that has one and is in no key.
  private func selfFeeding(_ column: SchemaObject, _ type: String, key: [String]) -> [String]? {
    let isKey = key.contains(column.id.name.raw) && type.hasSuffix("Integer()")
    if column.flag("autoincrement") {
      return isKey ? (key.count > 1 ? ["autoincrement=True"] : []) : nil
    }
    let isOtherwiseFed = column["identity"] != nil || column["default"] != nil
    return isKey && !isOtherwiseFed ? ["autoincrement=False"] : []
  }

  private func typeSQL(_ column: SchemaObject) -> String {
    let type = column.text("type") ?? ""
    guard engine == .postgresql, column.flag("autoincrement") else { return type }
    return ["smallint": "smallserial", "integer": "serial", "bigint": "bigserial"][type] ?? type
  }

  /// The column as `CREATE TABLE` has it.
  func columnSQL(_ column: SchemaObject) -> String {
    var words = [column.id.name.sql, typeSQL(column)]
    if let collation = column.text("collation") { words.append("COLLATE \(collation)") }
    if let generated = column.text("generated") {
      let kind = column.flag("stored") ? "STORED" : "VIRTUAL"
      words.append("GENERATED ALWAYS AS (\(generated)) \(kind)")
    }
    if let identity = column.text("identity") {
      words.append("GENERATED \(identity) AS IDENTITY" + identitySQL(column))
    }
    if let value = column.text("default") { words.append("DEFAULT \(defaultSQL(value))") }
    if column.flag("not-null") {
      words.append("NOT NULL")
      if let action = column.text("not-null-on-conflict") {
        words.append("ON CONFLICT \(action)")
      }
    }
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }

  func restoringColumn(
    _ before: SchemaObject, from after: SchemaObject, _ changed: Set<PropertyName>
  ) -> [AlembicOperation] {
    if changed.contains("generated") || changed.contains("stored"), before["generated"] != nil {
      return [droppingColumn(after)]
        + creatingColumn(before).map { operation in
          var later = operation
          later.phase = max(operation.phase, .dropColumns)
          return later
        }
    }
    return alterColumn(before, from: after, changed)
      + changed.sorted().flatMap { restoringProperty($0, of: before, from: after) }
  }

  /// What `op.alter_column` can do, in one call.
  private func alterColumn(
    _ before: SchemaObject, from after: SchemaObject, _ changed: Set<PropertyName>
  ) -> [AlembicOperation] {
    let id = before.id
    var arguments: [String] = []
    var operations: [AlembicOperation] = []
    let conversion = PostgresConversion(
      from: after.text("type") ?? "", to: before.text("type") ?? "")
    let dropsDefault =
      engine == .postgresql && changed.contains("type") && after["default"] != nil
      && !conversion.carriesDefault
    if dropsDefault { operations.append(altering(id, ["server_default=None"])) }
    if !changed.isDisjoint(with: ["type", "collation", "rowid-alias"]) {
      let collation = before.text("collation").map(Self.unquoted)
      let type = before.text("type") ?? ""
      let expression =
        types[id]?.code ?? AlembicType.expression(for: type, collation: collation, on: engine)
      if let expression,
        engine == .sqlite || !changed.contains("collation")
      {
        arguments.append("type_=\(expression)")
        if engine == .postgresql, changed.contains("type") {
          let cast = PythonText.literal(conversion.using(id.name.sql))
          arguments.append("postgresql_using=\(cast)")
        }
      } else if engine == .postgresql {
        let collate = " COLLATE \(before.text("collation") ?? "\"default\"")"
        operations.append(
          .execute(
            .alterColumns,
            "ALTER TABLE \(id.holderSQL) ALTER COLUMN \(id.name.sql) TYPE \(type)"
              + (changed.contains("collation") ? collate : "")
              + (changed.contains("type") ? " USING \(conversion.using(id.name.sql))" : "")))
      } else {
        operations.append(.none(for: id, "SQLAlchemy has no type \(type)"))
      }
    }
    if changed.contains("not-null") {
      arguments.append("nullable=\(before.flag("not-null") ? "False" : "True")")
    }
    if changed.contains("default") || dropsDefault, before["generated"] == nil {
      let value = before.text("default").map(serverDefault)
      if value != nil || !dropsDefault { arguments.append("server_default=\(value ?? "None")") }
    }
    guard !arguments.isEmpty else { return operations }
    var operation = altering(id, arguments)
    operation.imports = types[id]?.imports ?? []
    return operations + [operation]
  }

  private func altering(_ id: ObjectID, _ arguments: [String]) -> AlembicOperation {
    let call =
      "alter_column(\(tableArgument(id))\(PythonText.literal(id.name)), "
      + "\(arguments.joined(separator: ", "))\(id.schemaArgument))"
    return .init(.alterColumns, call, batch: batch(id))
  }

  /// `sa.text("…")` of a default; expressions stand between parentheses, which SQLite asks for.
  private func serverDefault(_ value: String) -> String { PythonText.saText(defaultSQL(value)) }

  private func defaultSQL(_ value: String) -> String {
    guard engine == .sqlite else { return value }
    let isLiteral =
      value.hasPrefix("'") || value.hasPrefix("\"") || value.hasPrefix("(")
      || value.hasPrefix("x'") || value.hasPrefix("X'") || Double(value) != nil
      || value.allSatisfy { $0.isLetter || $0 == "_" }
    return isLiteral ? value : "(\(value))"
  }

  static func unquoted(_ name: String) -> String {
    guard name.count > 1, name.hasPrefix("\""), name.hasSuffix("\"") else { return name }
    return String(name.dropFirst().dropLast().replacing("\"\"", with: "\""))
  }
}

extension Undo {
  /// What `op.alter_column` has no word for.
  private func restoringProperty(
    _ name: PropertyName, of before: SchemaObject, from after: SchemaObject
  ) -> [AlembicOperation] {
    let id = before.id
    func alter(_ action: String) -> [AlembicOperation] {
      [.execute(.describe, "ALTER TABLE \(id.holderSQL) ALTER COLUMN \(id.name.sql) \(action)")]
    }
    switch name {
    case "type", "collation", "not-null", "default", "rowid-alias", "position": return []
    case "autoincrement":
      let value = before.flag("autoincrement") ? "True" : "False"
      return [
        .init(
          .alterColumns,
          batch: batch(id, ["table_kwargs": ["\"sqlite_autoincrement\": \(value)"]]))
      ]
    case "generated" where engine == .postgresql: return alter("DROP EXPRESSION")
    case "stored": return []
    case "identity":
      guard let identity = before.text("identity") else { return alter("DROP IDENTITY") }
      return alter(
        after["identity"] == nil
          ? "ADD GENERATED \(identity) AS IDENTITY" + identitySQL(before)
          : "SET GENERATED \(identity)")
    case "storage":
      let text: Set = ["text", "jsonb", "json", "bytea", "character varying"]
      let type = before.text("type")?.split(separator: "(").first.map(String.init) ?? ""
      guard let storage = before.text("storage") ?? (text.contains(type) ? "EXTENDED" : nil) else {
        return [.none(for: id, "restore its storage")]
      }
      return alter("SET STORAGE \(storage)")
    case "compression": return alter("SET COMPRESSION \(before.text("compression") ?? "default")")
    case "statistics-target":
      return alter("SET STATISTICS \(before.number("statistics-target") ?? -1)")
    case "options": return options(before, from: after, "options")
    default: return [.none(for: id, "restore its \(name)")]
    }
  }
}
