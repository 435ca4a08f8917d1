import Databases
import Platform
import Runner
import Scratch

/// The private PostgreSQL server that a watched run finds started, since that takes longer than most
/// runs.
///
/// A new one for each run, made while changes are waited for: roles, settings and what else no database
/// holds would go from one run to the next on the same one. Not `Sendable`: of the thread that watches.
final class SpareServer {
  private var current: ServerStart?
  private var programs: Path?
  private var make: (() -> ServerStart)?

  /// The start that a run takes its server from: of the one that waits, or a new one.
  ///
  /// - Parameters:
  ///   - settings: another folder of programs means another server.
  ///   - make: begins to start one.
  /// - Returns: nil of an engine or a server that is not kept waiting: files cost nothing, and on a
  ///   given server nobody stays connected.
  func start(
    _ engine: Engine, by settings: ScratchSettings, _ make: @escaping () -> ServerStart
  ) -> ServerStart? {
    guard engine == .postgresql, settings.postgresURL == nil else { return nil }
    if settings.postgresBinaries == programs, let current, current.isUsable { return current }
    let start = make()
    (current, programs, self.make) = (start, settings.postgresBinaries, make)
    return start
  }

  /// Begins to start the next run's where the last one has used up its own.
  func renew() {
    guard let make, current?.isUsable != true else { return }
    current = make()
  }
}
