package import Databases

/// Where a connection that the project prepared finds tables whose models name no schema.
package struct DefaultSchema: Sendable, Hashable, Codable {
  /// nil on SQLite, whose objects have none.
  package let name: Identifier?

  /// - Parameter name: as the connection says; `public` on PostgreSQL where it was not asked.
  package init(_ name: Identifier? = nil, on engine: Engine) {
    self.name = engine == .postgresql ? name ?? "public" : nil
  }

  /// The table that a model calls so.
  package func table(_ name: String, in schema: String?) -> ObjectID {
    ObjectID(.table, schema: resolved(schema), [Identifier(name)])
  }

  /// Whether the object lies in the schema that a model or the tool calls so; nil and the empty name
  /// stand for the connection's own.
  package func holds(_ id: ObjectID, in schema: String?) -> Bool {
    id.schema == resolved(schema)
  }

  private func resolved(_ schema: String?) -> Identifier? {
    guard let schema, !schema.isEmpty else { return name }
    return Identifier(schema)
  }
}
