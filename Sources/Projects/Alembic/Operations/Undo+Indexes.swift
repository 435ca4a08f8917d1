import Databases
import Schemas

extension Undo {
  func droppingIndex(_ index: SchemaObject) -> AlembicOperation {
    let id = index.id
    let name = PythonText.literal(id.name)
    let table = PythonText.literal(id.holder)
    return .init(
      .dropIndexes, "drop_index(\(name), table_name=\(table)\(id.schemaArgument))")
  }

  func creatingIndex(_ index: SchemaObject) -> AlembicOperation {
    let id = index.id
    if index["partition-of"] != nil || index["valid"] == .flag(false) {
      return .none(for: id, "create it as it was before")
    }
    let plain: Set<PropertyName> = [
      "columns", "unique", "predicate", "method", "include", "comment", "clustered",
      "replica-identity", "statistics-targets", "depends-on-extensions", "name",
    ]
    guard index.hasOnly(plain), !index.list("columns").isEmpty else { return bySQL(index) }
    let prefix = engine.rawValue
    let elements = index.list("columns").map(element).joined(separator: ", ")
    var call =
      "create_index(\(PythonText.literal(id.name)), \(PythonText.literal(id.holder)), "
      + "[\(elements)]"
    if index.flag("unique") { call += ", unique=True" }
    if let method = index.text("method") {
      call += ", \(prefix)_using=\(PythonText.literal(method))"
    }
    if let predicate = index.text("predicate") {
      call += ", \(prefix)_where=\(PythonText.saText(predicate))"
    }
    let included = index.list("include").map(Self.unquoted)
    if !included.isEmpty { call += ", \(prefix)_include=\(PythonText.list(included))" }
    return .init(.createIndexes, call + "\(id.schemaArgument))")
  }

  private func bySQL(_ index: SchemaObject) -> AlembicOperation {
    let id = index.id
    if let definition = index.text("definition") { return .execute(.createIndexes, definition) }
    guard engine == .postgresql, !index.list("columns").isEmpty else {
      return .none(for: id, "create it as it was before")
    }
    var sql =
      "CREATE \(index.flag("unique") ? "UNIQUE " : "")INDEX \(id.name.sql) "
      + "ON \(id.holderSQL)"
    if let method = index.text("method") { sql += " USING \(method)" }
    sql += " (\(index.list("columns").joined(separator: ", ")))"
    let included = index.list("include")
    if !included.isEmpty { sql += " INCLUDE (\(included.joined(separator: ", ")))" }
    if index.flag("nulls-not-distinct") { sql += " NULLS NOT DISTINCT" }
    let options = index.list("options")
    if !options.isEmpty { sql += " WITH (\(options.joined(separator: ", ")))" }
    if let tablespace = index.text("tablespace") {
      sql += " TABLESPACE \(Identifier(tablespace).sql)"
    }
    if let predicate = index.text("predicate") { sql += " WHERE \(predicate)" }
    return .execute(.createIndexes, sql)
  }

  /// A column's name, or an expression with what else the engine wrote of it.
  private func element(_ text: String) -> String {
    Self.isName(text)
      ? PythonText.literal(Identifier(Self.unquoted(text))) : PythonText.saText(text)
  }

  /// Whether it is a column's name alone, between quotes or not.
  static func isName(_ text: String) -> Bool {
    text.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
      || text.hasPrefix("\"") && text.hasSuffix("\"")
        && text.dropFirst().dropLast().allSatisfy { $0 != "\"" }
  }
}
