import Databases
import Schemas

extension Undo {
  /// The statement that makes an object of a kind that Alembic has no operation for; nil where what
  /// was recorded does not say all of it.
  func creation(of object: SchemaObject) -> String? {
    let id = object.id
    switch id.kind {
    case .view, .materializedView: return view(object)
    case .trigger, .rule, .statistics:
      guard object["enabled"] == nil, !object.flag("inherited") else { return nil }
      return object.text("definition")
    case .function, .procedure: return routine(object)
    case .schema: return "CREATE SCHEMA \(id.sql)"
    case .extension:
      let schema = object.text("schema").flatMap { $0 == "public" ? nil : $0 }
      return "CREATE EXTENSION IF NOT EXISTS \(id.sql)"
        + (schema.map { " SCHEMA \(Identifier($0).sql)" } ?? "")
    case .sequence:
      let type = object.text("type").map { $0 == "bigint" ? "" : " AS \($0)" } ?? ""
      return "CREATE SEQUENCE \(id.sql)\(type)" + sequenceOptions(object)
    case .type: return type(object)
    case .domain: return domain(object)
    case .policy: return policy(object)
    default: return nil
    }
  }

  private func view(_ view: SchemaObject) -> String? {
    guard let definition = view.text("definition") else { return nil }
    if engine == .sqlite, definition.uppercased().hasPrefix("CREATE ") { return definition }
    let options = view.list("options")
    let with = options.isEmpty ? "" : " WITH (\(options.joined(separator: ", ")))"
    let query = definition.hasSuffix(";") ? String(definition.dropLast()) : definition
    let populated = view["populated"] == .flag(false) ? "\nWITH NO DATA" : ""
    let columns = view.list("columns").map { Identifier($0).sql }.joined(separator: ", ")
    let names = columns.isEmpty ? "" : " (\(columns))"
    return "CREATE \(view.id.kind.sql) \(view.id.sql)\(names)\(with) AS\n\(query)\(populated)"
  }

  private func routine(_ routine: SchemaObject) -> String? {
    let other: Set<PropertyName> = ["sql-body", "library", "window", "support", "transforms"]
    guard other.isDisjoint(with: routine.properties.keys), let body = routine.text("definition"),
      let language = routine.text("language")
    else { return nil }
    let name = routine.id.sql.prefix { $0 != "(" }
    var words = ["\(name)(\(routine.text("arguments") ?? ""))"]
    if routine.id.kind == .function, let returns = routine.text("returns") {
      words.append("RETURNS \(returns)")
    }
    words.append("LANGUAGE \(Identifier(language).sql)")
    if let volatility = routine.text("volatility") { words.append(volatility) }
    if routine.flag("strict") { words.append("STRICT") }
    if routine.flag("security-definer") { words.append("SECURITY DEFINER") }
    if routine.flag("leakproof") { words.append("LEAKPROOF") }
    if let parallel = routine.text("parallel") { words.append("PARALLEL \(parallel)") }
    if let cost = routine.text("cost") { words.append("COST \(cost)") }
    if let rows = routine.text("rows") { words.append("ROWS \(rows)") }
    for setting in routine.list("configuration") {
      guard let equals = setting.firstIndex(of: "=") else { return nil }
      let value = String(setting[setting.index(after: equals)...])
      let name = String(setting[..<equals])
      words.append("SET \(name) TO \(name == "search_path" ? value : sqlLiteral(value))")
    }
    var quote = "$$"
    while body.contains(quote) { quote = "$_" + quote.dropFirst() }
    words.append("AS \(quote)\(body)\(quote)")
    return "CREATE OR REPLACE \(routine.id.kind.sql) " + words.joined(separator: " ")
  }

  private func type(_ type: SchemaObject) -> String? {
    switch type.text("form") {
    case "enum":
      let labels = type.list("labels").map(sqlLiteral).joined(separator: ", ")
      return "CREATE TYPE \(type.id.sql) AS ENUM (\(labels))"
    case "composite":
      let attributes = parts(of: type.id, .column).map {
        "\($0.id.name.sql) \($0.text("type") ?? "")"
      }
      return "CREATE TYPE \(type.id.sql) AS (\(attributes.joined(separator: ", ")))"
    default: return nil
    }
  }

  private func domain(_ domain: SchemaObject) -> String? {
    guard let type = domain.text("type") else { return nil }
    var sql = "CREATE DOMAIN \(domain.id.sql) AS \(type)"
    if let collation = domain.text("collation") { sql += " COLLATE \(collation)" }
    if let value = domain.text("default") { sql += " DEFAULT \(value)" }
    if domain.flag("not-null") { sql += " NOT NULL" }
    for constraint in parts(of: domain.id, .constraint) {
      guard let check = constraintSQL(constraint) else { return nil }
      sql += " CONSTRAINT \(constraint.id.name.sql) \(check)"
    }
    return sql
  }

  private func policy(_ policy: SchemaObject) -> String {
    var sql = "CREATE POLICY \(policy.id.name.sql) ON \(policy.id.holderSQL)"
    if policy.flag("restrictive") { sql += " AS RESTRICTIVE" }
    if let command = policy.text("command") { sql += " FOR \(command)" }
    let roles = policy.list("roles")
    if !roles.isEmpty {
      sql += " TO " + roles.map { Identifier($0).sql }.joined(separator: ", ")
    }
    if let using = policy.text("using") { sql += " USING (\(using))" }
    if let check = policy.text("with-check") { sql += " WITH CHECK (\(check))" }
    return sql
  }

  private func sequenceOptions(_ sequence: SchemaObject) -> String {
    var sql = ""
    for (name, word) in [
      ("increment", "INCREMENT"), ("minimum", "MINVALUE"), ("maximum", "MAXVALUE"),
      ("start", "START"), ("cache", "CACHE"),
    ] as [(PropertyName, String)] {
      if let number = sequence.number(name) { sql += " \(word) \(number)" }
    }
    return sequence.flag("cycle") ? sql + " CYCLE" : sql
  }

  /// ` (START 100)` after an identity's words; empty where it counts as PostgreSQL does of itself.
  func identitySQL(_ column: SchemaObject) -> String {
    let options = identitySequence(of: column).map(sequenceOptions) ?? ""
    return options.isEmpty ? "" : " (\(options.dropFirst()))"
  }

  /// The arguments of `sa.Identity`.
  func identityArguments(_ sequence: SchemaObject) -> String {
    let numbers: [(PropertyName, String)] = [
      ("start", "start"), ("increment", "increment"), ("minimum", "minvalue"),
      ("maximum", "maxvalue"), ("cache", "cache"),
    ]
    let given = numbers.compactMap { name, word in
      sequence.number(name).map { ", \(word)=\($0)" }
    }
    return given.joined() + (sequence.flag("cycle") ? ", cycle=True" : "")
  }

  func restoringSequence(
    _ before: SchemaObject, from after: SchemaObject, _ changed: Set<PropertyName>
  ) -> [AlembicOperation] {
    var sql = "ALTER SEQUENCE \(before.id.sql)"
    for name in changed.sorted() {
      switch name {
      case "type": sql += " AS \(before.text(name) ?? "bigint")"
      case "increment": sql += " INCREMENT \(before.number(name) ?? 1)"
      case "minimum": sql += before.number(name).map { " MINVALUE \($0)" } ?? " NO MINVALUE"
      case "maximum": sql += before.number(name).map { " MAXVALUE \($0)" } ?? " NO MAXVALUE"
      case "cache": sql += " CACHE \(before.number(name) ?? 1)"
      case "cycle": sql += before.flag(name) ? " CYCLE" : " NO CYCLE"
      case "owned-by": sql += " OWNED BY \(ownerColumn(before) ?? "NONE")"
      case "start": sql += " START \(before.firstNumber)"
      default: return [.none(for: before.id, "restore its \(name)")]
      }
    }
    let moved = changed.contains("start") ? moving(before, from: after) : []
    return moved + [.execute(.describe, sql)]
  }

  /// A start alone counts only for a sequence that is made anew: one that has not come so far is led
  /// there, and one that is past it goes on.
  private func moving(_ before: SchemaObject, from after: SchemaObject) -> [AlembicOperation] {
    let isAscending = (before.number("increment") ?? 1) > 0
    let (start, old) = (before.firstNumber, after.firstNumber)
    guard isAscending ? start > old : start < old else { return [] }
    let name = sqlLiteral(before.id.sql)
    let further = isAscending ? "greatest" : "least"
    return [
      .execute(.describe, "SELECT setval(\(name), \(further)(nextval(\(name)), \(start)), false)")
    ]
  }

  /// `table.column` as SQL needs it.
  func ownerColumn(_ sequence: SchemaObject) -> String? {
    sequence.text("owned-by").map { owner in
      owner.split(separator: ".").map { Identifier(String($0)).sql }.joined(separator: ".")
    }
  }

  /// Labels that are missing can be added, others renamed; those too many cannot be taken away.
  func restoringLabels(_ before: SchemaObject, from after: SchemaObject) -> [AlembicOperation] {
    let old = before.list("labels")
    let new = after.list("labels")
    // None is ever taken away: where as many are there, those in the place of others are these.
    if old.count == new.count {
      let renamed = zip(new, old).filter { $0 != $1 }
      if renamed.allSatisfy({ !old.contains($0) && !new.contains($1) }) {
        return renamed.map { label, name in
          .execute(
            .createHolders,
            "ALTER TYPE \(before.id.sql) RENAME VALUE \(sqlLiteral(label)) TO \(sqlLiteral(name))")
        }
      }
    }
    guard new == old.filter(new.contains) else {
      let what =
        new.allSatisfy(old.contains)
        ? "put an enum's labels in another order" : "take labels from an enum"
      return [
        .none(
          for: before.id,
          "PostgreSQL cannot \(what); make the type anew with "
            + "\(old.joined(separator: ", ")) and alter its columns to it")
      ]
    }
    return old.enumerated().filter { !new.contains($0.element) }.map { index, label in
      let next = old[(index + 1)...].first { new.contains($0) }
      let place = next.map { " BEFORE \(sqlLiteral($0))" } ?? ""
      // Before its transaction is committed, a label cannot be used.
      return .executeCommitted(
        .addLabels, "ALTER TYPE \(before.id.sql) ADD VALUE \(sqlLiteral(label))\(place)")
    }
  }

  func restoringDomain(_ before: SchemaObject, _ changed: Set<PropertyName>) -> [AlembicOperation] {
    changed.sorted().map { name in
      let alter = "ALTER DOMAIN \(before.id.sql)"
      switch name {
      case "default":
        let action = before.text(name).map { "SET DEFAULT \($0)" } ?? "DROP DEFAULT"
        return .execute(.alterColumns, "\(alter) \(action)")
      case "not-null":
        return .execute(.alterColumns, "\(alter) \(before.flag(name) ? "SET" : "DROP") NOT NULL")
      default: return .none(for: before.id, "restore its \(name)")
      }
    }
  }

  func triggerState(_ trigger: SchemaObject) -> String {
    let action =
      switch trigger.text("enabled") {
      case "disabled": "DISABLE"
      case "replica": "ENABLE REPLICA"
      case "always": "ENABLE ALWAYS"
      default: "ENABLE"
      }
    return "ALTER TABLE \(trigger.id.holderSQL) \(action) TRIGGER \(trigger.id.name.sql)"
  }
}

extension SchemaObject {
  /// Where a sequence begins.
  fileprivate var firstNumber: Int64 {
    let isAscending = (number("increment") ?? 1) > 0
    return number("start")
      ?? (isAscending ? number("minimum") ?? 1 : number("maximum") ?? -1)
  }
}
