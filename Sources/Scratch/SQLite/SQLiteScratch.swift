package import Databases
import Platform

/// SQLite files in a folder of this run's own, in memory where there is room.
package final class SQLiteScratch: ScratchServer {
  package let engine = Engine.sqlite
  package let version: String
  package let origin: String
  package let checkpointsAreCheap = true
  private let folder: ScratchFolder
  private var lent = 0

  /// - Throws: `ScratchError` `cannot-write` or `disk-full`.
  package init(_ settings: ScratchSettings) throws {
    folder = try ScratchFolder(
      in: settings.places(room: settings.roomForFiles), settings: settings)
    version = SQLiteConnection.libraryVersion
    origin = "files in \(folder.path.parent)"
  }

  deinit { shutDown() }

  package func lend() throws -> any ScratchDatabase {
    lent += 1
    return try SQLiteScratchDatabase(folder.path / "scratch-\(lent).db")
  }

  package func shutDown() { folder.remove() }
}
