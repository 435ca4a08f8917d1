import Databases
import Schemas

/// Comments, owners and privileges, which objects of most kinds have.
extension Undo {
  /// What SQLite keeps in a file's header, 0 where nothing was set.
  func settingHeader(
    _ settings: SchemaObject, _ names: some Sequence<PropertyName>
  ) -> [AlembicOperation] {
    names.sorted().map { name in
      let pragma = name.text.split(separator: "-").joined(separator: "_")
      return .execute(.describe, "PRAGMA \(pragma) = \(settings.number(name) ?? 0)")
    }
  }

  /// What `ALTER DATABASE … SET` made of the server's settings. No statement names the database that it is
  /// run in, and its name is another one in production.
  func restoringSettings(
    _ before: SchemaObject, from after: SchemaObject
  ) -> [AlembicOperation] {
    let (old, new) = (Settings(before), Settings(after))
    let role = before.id.name
    let subject = role.raw == "all roles" ? "" : "ROLE \(role.sql) IN "
    return Set(old.values.keys).union(new.values.keys).sorted().compactMap { name in
      guard old.values[name] != new.values[name] else { return nil }
      let setting = Identifier(name).sql
      let action =
        old.values[name].map { "SET \(setting) TO \(sqlLiteral($0))" } ?? "RESET \(setting)"
      return .execute(
        .describe,
        "DO $$ BEGIN EXECUTE format(\(sqlLiteral("ALTER \(subject)DATABASE %I ")) "
          + "|| \(sqlLiteral(action)), current_database()); END $$")
    }
  }

  static let describingProperties: Set<PropertyName> = ["comment", "owner", "privileges"]

  /// What an object that was just made still lacks of what it was.
  func describing(_ object: SchemaObject) -> [AlembicOperation] {
    var bare = SchemaObject(object.id)
    bare["owner"] = object["owner"]
    var operations = description(from: bare, to: object, ["comment", "privileges"])
    if object.id.kind == .sequence, let owner = ownerColumn(object) {
      operations.append(.execute(.describe, "ALTER SEQUENCE \(object.id.sql) OWNED BY \(owner)"))
    }
    if object.id.kind == .column, engine == .postgresql {
      let extra: Set<PropertyName> = ["storage", "compression", "statistics-target", "options"]
      let names = extra.intersection(object.properties.keys)
      if !names.isEmpty { operations += restoringColumn(object, from: bare, names) }
    }
    return operations
  }

  func description(
    from after: SchemaObject, to before: SchemaObject, _ changed: Set<PropertyName>
  ) -> [AlembicOperation] {
    guard engine == .postgresql else { return [] }
    var operations: [AlembicOperation] = []
    if changed.contains("comment"), before["comment"] != after["comment"] {
      let text = before.text("comment").map(sqlLiteral) ?? "NULL"
      operations.append(.execute(.describe, "COMMENT ON \(subject(before.id)) IS \(text)"))
    }
    if changed.contains("owner"), let owner = before.text("owner") {
      let kind = before.id.kind.sql
      operations.append(
        .execute(.describe, "ALTER \(kind) \(before.id.sql) OWNER TO \(Identifier(owner).sql)"))
    }
    if changed.contains("privileges"), before["privileges"] != after["privileges"] {
      operations += restoringPrivileges(before, from: after)
    }
    return operations
  }

  private func subject(_ id: ObjectID) -> String {
    switch id.kind {
    case .column: "COLUMN \(id.holderSQL).\(id.name.sql)"
    case .constraint, .trigger, .rule, .policy: "\(id.kind.sql) \(id.name.sql) ON \(id.holderSQL)"
    default: "\(id.kind.sql) \(id.sql)"
    }
  }

  func restoringPrivileges(
    _ before: SchemaObject, from after: SchemaObject
  ) -> [AlembicOperation] {
    let old = AccessList(before)
    let new = AccessList(after)
    let grantees = Set(old.privileges.keys).union(new.privileges.keys).sorted()
    let owner = before.id.kind == .defaultPrivileges ? before.id.holder.raw : before.text("owner")
    let operations = grantees.filter { $0 != owner }.flatMap { grantee in
      let should = old.privileges[grantee] ?? []
      let has = new.privileges[grantee] ?? []
      return [
        access("REVOKE", has.subtracting(should), "FROM", grantee, before.id),
        access("GRANT", should.subtracting(has), "TO", grantee, before.id),
      ].compactMap { $0 }
    }
    return operations.isEmpty
      ? [.none(for: before.id, "restore its privileges")] : operations
  }

  /// What leads over from an object to those of its kind that are yet to be made.
  private func future(_ id: ObjectID) -> String {
    guard id.kind == .defaultPrivileges else { return "" }
    let schema = id.schema.map { " IN SCHEMA \($0.sql)" } ?? ""
    return "ALTER DEFAULT PRIVILEGES FOR ROLE \(id.holder.sql)\(schema) "
  }

  private func access(
    _ verb: String, _ privileges: Set<String>, _ preposition: String, _ grantee: String,
    _ id: ObjectID
  ) -> AlembicOperation? {
    guard !privileges.isEmpty else { return nil }
    let role = grantee.isEmpty ? "PUBLIC" : grantee
    let column = id.kind == .column ? " (\(id.name.sql))" : ""
    let names = privileges.sorted().map { $0 + column }.joined(separator: ", ")
    let object: String? =
      switch id.kind {
      case .column: id.holderSQL
      case .table, .view, .materializedView, .foreignTable: id.sql
      case .foreignServer, .foreignDataWrapper:
        "FOREIGN \(id.kind == .foreignServer ? "SERVER" : "DATA WRAPPER") \(id.sql)"
      case .defaultPrivileges: id.name.raw.uppercased()
      case .sequence, .function, .procedure, .schema, .type, .domain, .language:
        "\(id.kind.sql) \(id.sql)"
      default: nil
      }
    guard let object else { return .none(for: id, "restore its privileges") }
    return .execute(.describe, "\(future(id))\(verb) \(names) ON \(object) \(preposition) \(role)")
  }
}

/// What `ALTER DATABASE … SET` says, by the setting's name.
private struct Settings {
  let values: [String: String]

  init(_ object: SchemaObject) {
    let pairs = object.list("settings").compactMap { setting -> (String, String)? in
      guard let equals = setting.firstIndex(of: "=") else { return nil }
      return (String(setting[..<equals]), String(setting[setting.index(after: equals)...]))
    }
    values = Dictionary(pairs) { first, _ in first }
  }
}

/// What an access control list says, by grantee; the empty name is everybody.
private struct AccessList {
  let privileges: [String: Set<String>]

  /// An object without a list has what `acldefault` gives it: everybody may call functions and use
  /// types.
  init(_ object: SchemaObject) {
    guard object["privileges"] != nil else {
      privileges =
        switch object.id.kind {
        case .function, .procedure: ["": ["EXECUTE"]]
        case .type, .domain, .language: ["": ["USAGE"]]
        // Of a schema they are added to these.
        case .defaultPrivileges where object.id.schema == nil:
          switch object.id.name {
          case "functions": ["": ["EXECUTE"]]
          case "types": ["": ["USAGE"]]
          default: [:]
          }
        default: [:]
        }
      return
    }
    var privileges: [String: Set<String>] = [:]
    for entry in object.list("privileges") {
      guard let equals = entry.firstIndex(of: "="), let slash = entry.lastIndex(of: "/") else {
        continue
      }
      let letters = entry[entry.index(after: equals)..<slash]
      privileges[String(entry[..<equals]), default: []].formUnion(
        letters.compactMap { Self.names[$0] })
    }
    self.privileges = privileges
  }

  private static let names: [Character: String] = [
    "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "D": "TRUNCATE",
    "x": "REFERENCES", "t": "TRIGGER", "X": "EXECUTE", "U": "USAGE", "C": "CREATE",
    "c": "CONNECT", "T": "TEMPORARY", "m": "MAINTAIN",
  ]
}
