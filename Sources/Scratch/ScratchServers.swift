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

  /// Whether a server of this engine was named or its programs are installed; nothing is started.
  package static func canFind(engine: Engine, settings: ScratchSettings) -> Bool {
    switch engine {
    case .sqlite: true
    case .postgresql:
      settings.postgresURL != nil || (try? PostgresBinaries(settings)) != nil
    }
  }
}
