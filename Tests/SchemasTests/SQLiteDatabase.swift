import Databases
import FoundationEssentials
import Schemas

/// A SQLite file for one test, removed with it.
final class SQLiteDatabase {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path + "/stairway-\(UUID().uuidString).db"
  }

  deinit {
    for suffix in ["", "-wal", "-shm", "-journal"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  func execute(_ script: String) throws {
    try SQLiteConnection(path: path, access: .createIfMissing).execute(script)
  }

  func rows(_ sql: String) throws -> [Row] {
    try SQLiteConnection(path: path, access: .createIfMissing).rows(sql)
  }

  /// The schema that the statements make in an empty database.
  static func snapshot(of statements: String...) throws -> Snapshot {
    let database = SQLiteDatabase()
    for statement in statements { try database.execute(statement) }
    return try SQLiteSchemaReader(path: database.path).snapshot()
  }

  /// What differs between the schemas of two scripts.
  static func difference(_ before: String, _ after: String) throws -> SchemaDifference {
    SchemaDifference(from: try snapshot(of: before), to: try snapshot(of: after))
  }
}
