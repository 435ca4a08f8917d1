package import Databases
package import Platform

/// A server of Stairway's own, from the installed programs: in a folder of this run's, reached over
/// a Unix socket that only this account can open, with nothing that outlives a crash written safely.
package final class PostgresCluster: ScratchServer {
  /// The name of the data folder in the run's folder; the guard and the sweep look for it.
  static let dataName = "data"

  package let engine = Engine.postgresql
  package let checkpointsAreCheap = false
  private let folder: ScratchFolder
  private let server: PostgresServer
  private let postmaster: ChildProcess
  private let clock: Clock

  package var version: String { server.version }
  package var origin: String { "private cluster in \(folder.path.parent)" }

  package var isRunning: Bool { postmaster.status == nil && Files.isFolder(folder.path) }

  /// The server's address, with the database that commands about databases are given in.
  package let address: PostgresAddress

  /// Makes and starts the cluster; takes about a second.
  /// - Throws: `ScratchError` `no-server`, `cluster-failed` with the programs' own words, `disk-full`
  ///   or `interrupted`.
  package init(_ settings: ScratchSettings, interruption: Interruption? = nil) throws {
    let binaries = try PostgresBinaries(settings)
    let owner = try Self.owner()
    folder = try ScratchFolder(
      in: settings.places(room: settings.roomForCluster, openToAll: owner != nil),
      settings: settings, mode: owner == nil ? 0o700 : 0o711)
    clock = settings.clock
    let start = ClusterStart(
      binaries: binaries, folder: folder.path, owner: owner, settings: settings,
      interruption: interruption)
    do {
      (postmaster, address) = try start.run()
      do {
        server = try PostgresServer(address, origin: "private cluster", isPrivate: true)
      } catch {
        postmaster.terminate(within: 0)
        throw error
      }
    } catch {
      folder.remove()
      throw ScratchError(
        error, .clusterFailed, "cannot start a private PostgreSQL cluster",
        fix: "set STAIRWAY_POSTGRES_URL to a server's address, or leave it out: --engine sqlite")
    }
  }

  deinit { shutDown() }

  package func lend() throws -> any ScratchDatabase {
    if let status = postmaster.status {
      let words =
        ClusterStart.lastLines(of: folder.path / ClusterStart.logName) ?? "its log is gone"
      throw ScratchError(
        .clusterFailed, "the private PostgreSQL cluster \(status): \(words)",
        fix: "run it again, or set STAIRWAY_POSTGRES_URL to a server's address")
    }
    return try server.lend()
  }

  /// Stops it at once, as if the power had failed: nothing of it is kept.
  package func shutDown() {
    server.shutDown()
    postmaster.quit(within: 10, clock: clock)
    folder.remove()
  }

  /// Ends the guard of the folder, as somebody does who kills all of a run's processes.
  func killGuard() { folder.killGuard() }

  /// Whom the server runs as: this account, but not root, which PostgreSQL refuses to run as.
  private static func owner() throws -> UserAccount? {
    guard UserAccount.effectiveUID == 0 else { return nil }
    if let account = UserAccount(named: "postgres") ?? UserAccount(named: "nobody") {
      return account
    }
    throw ScratchError(
      .clusterFailed, "PostgreSQL does not run as root, and there is no account postgres or nobody",
      fix: "useradd --system postgres")
  }
}
