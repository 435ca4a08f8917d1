package import Databases

/// What sort of thing a schema object is; the raw value is its name in reports.
package enum ObjectKind: String, Sendable, Codable, CaseIterable, Comparable {
  case schema, `extension`, table, column, constraint, index, sequence, view
  case materializedView = "materialized view"
  case function, procedure, aggregate, trigger
  case eventTrigger = "event trigger"
  case rule, policy, type, domain, collation, conversion, cast, `operator`
  case operatorClass = "operator class"
  case operatorFamily = "operator family"
  case textSearchParser = "text search parser"
  case textSearchDictionary = "text search dictionary"
  case textSearchTemplate = "text search template"
  case textSearchConfiguration = "text search configuration"
  case statistics, publication, subscription, language
  case foreignDataWrapper = "foreign-data wrapper"
  case foreignServer = "foreign server"
  case userMapping = "user mapping"
  case foreignTable = "foreign table"
  case transform
  case accessMethod = "access method"
  case defaultPrivileges = "default privileges"
  case largeObject = "large object"
  case databaseSettings = "database settings"

  package static func < (left: ObjectKind, right: ObjectKind) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Names one schema object within a database: `column users.email`.
package struct ObjectID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  package let kind: ObjectKind
  /// The PostgreSQL schema it lies in; nil on SQLite and for what lies in none.
  package let schema: Identifier?
  /// Its own name last, the names of what holds it before: `[users, email]` for a column. What has
  /// no name (an unnamed constraint of SQLite) is named by its definition; functions carry their
  /// argument types.
  package let path: [Identifier]

  package init(_ kind: ObjectKind, schema: Identifier? = nil, _ path: [Identifier]) {
    self.kind = kind
    self.schema = schema
    self.path = path
  }

  package var name: Identifier { path.last ?? "" }

  /// The qualified name as sentences write it: `public` is left out.
  package var qualifiedName: String {
    let names = path.map(\.raw)
    guard let schema, schema != "public" else { return names.joined(separator: ".") }
    return ([schema.raw] + names).joined(separator: ".")
  }

  package var description: String { "\(kind.rawValue) \(qualifiedName)" }

  package static func < (left: ObjectID, right: ObjectID) -> Bool {
    if left.schema != right.schema { return (left.schema ?? "") < (right.schema ?? "") }
    if left.path != right.path { return left.path.lexicographicallyPrecedes(right.path) }
    return left.kind < right.kind
  }
}
