/// Where a database is, in the form that its engine's client takes.
package enum DatabaseAddress: Sendable, Hashable {
  /// A SQLite file, as an absolute path.
  case sqlite(path: String)
  case postgresql(PostgresAddress)

  package var engine: Engine {
    switch self {
    case .sqlite: .sqlite
    case .postgresql: .postgresql
    }
  }
}
