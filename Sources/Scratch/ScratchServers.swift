package import Databases
package import Platform

/// The way to scratch databases of either engine.
package enum ScratchServers {
  /// Finds or starts a server of this engine, after removing what killed runs have left.
  ///
  /// For PostgreSQL: the given server where a URL is set, else a private cluster from the newest
  /// binaries found.
  /// - Throws: `ScratchError`; `no-server` where there is neither.
  package static func find(
    engine: Engine, settings: ScratchSettings, interruption: Interruption? = nil
  ) throws -> sending any ScratchServer {
    ScratchFolder.sweep(settings)
    switch engine {
    case .sqlite: return try SQLiteScratch(settings)
    case .postgresql:
      if let url = settings.postgresURL { return try PostgresServer(url: url) }
      return try PostgresCluster(settings, interruption: interruption)
    }
  }

  /// Why no server of this engine can be had: none was named and no programs are there. Nothing is
  /// started.
  /// - Returns: nil where one can.
  package static func absence(of engine: Engine, settings: ScratchSettings) -> String? {
    guard engine == .postgresql, settings.postgresURL == nil else { return nil }
    do {
      _ = try PostgresBinaries(settings)
      return nil
    } catch {
      return (error as? ScratchError)?.message ?? "\(error)"
    }
  }
}
