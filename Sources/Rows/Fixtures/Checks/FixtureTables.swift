import Databases
import Schemas

/// Finds the tables that fixtures name.
struct FixtureTables {
  private let engine: Engine
  /// By name, on SQLite in lower case.
  private let tables: [Identifier: [TableShape]]
  private let names: [String]
  private let views: Set<Identifier>

  /// - Parameter views: what can be read like a table, and takes no rows.
  init(_ tables: [TableShape], engine: Engine, views: [TableName] = []) {
    self.views = Set(views.map { Self.key($0.name, engine) })
    self.engine = engine
    self.tables = Dictionary(grouping: tables) { Self.key($0.name.name, engine) }
    names = tables.map(\.description)
  }

  /// The table of that name. On PostgreSQL one without a schema is `public`'s, else that of the only
  /// schema that has one; on SQLite the schemas `main` and `public` mean nothing, so that a fixture
  /// can serve both engines.
  func table(_ name: TableName) -> Result<TableShape, Refusal> {
    let found = tables[Self.key(name.name, engine)] ?? []
    switch (engine, name.schema) {
    case (.sqlite, nil), (.sqlite, "main"), (.sqlite, "public"):
      if let table = found.first { return .success(table) }
    case (.sqlite, _): break
    case (.postgresql, let schema):
      if let table = found.first(where: { $0.name.schema == schema ?? "public" }) {
        return .success(table)
      }
      guard schema == nil else { break }
      if found.count == 1 { return .success(found[0]) }
      if found.count > 1 {
        return .failure(
          Refusal(
            message: "there are \(found.count) tables \(name.name), and none in public",
            fix: "name one of \(shortList(found.map(\.description)))"))
      }
    }
    if views.contains(Self.key(name.name, engine)) {
      return .failure(
        Refusal(
          message: "\(name.written) is a view", fix: "write rows of the tables that it reads"))
    }
    return .failure(Refusal(message: "there is no table \(name.written)", fix: fix(name)))
  }

  private func fix(_ name: TableName) -> String {
    if let near = Spelling.nearest(to: name.written, among: names)
      ?? Spelling.nearest(to: name.name.raw, among: names)
    {
      return "did you mean \(near)?"
    }
    return names.isEmpty
      ? "there are no tables yet: write the row at a later revision"
      : "name one of the tables that there are: \(shortList(names)); rows of one that \(other.title) "
        + "alone has belong in <revision>.\(other.rawValue).yml"
  }

  private var other: Engine { engine == .sqlite ? .postgresql : .sqlite }

  private static func key(_ name: Identifier, _ engine: Engine) -> Identifier {
    engine == .sqlite ? Identifier(name.raw.lowercased()) : name
  }
}
