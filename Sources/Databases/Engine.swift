/// The database engines that Stairway knows, by the names that settings and reports use.
package enum Engine: String, Sendable, Codable, CaseIterable, Comparable, CustomStringConvertible {
  case sqlite
  case postgresql

  package var description: String { rawValue }

  /// The engine's name as its own documentation spells it, for sentences.
  package var title: String {
    switch self {
    case .sqlite: "SQLite"
    case .postgresql: "PostgreSQL"
    }
  }

  package static func < (left: Engine, right: Engine) -> Bool {
    left == .sqlite && right == .postgresql
  }
}
