private import Platform
package import Scratch
private import Synchronization

/// A scratch server that is started while something else is done.
package final class ServerStart: Sendable {
  /// A server on its way from the thread that made it to the one that asks for it.
  private final class Handover: Sendable {
    private let server: Mutex<(any ScratchServer)?>

    init(_ server: sending any ScratchServer) { self.server = Mutex(server) }

    func take() -> sending (any ScratchServer)? { server.withLock { $0.take() } }

    var isReady: Bool { server.withLock { $0?.isRunning == true } }
  }

  /// What came of the start; nil until the job is done.
  private final class Outcome: Sendable {
    let made = Mutex<Result<Handover, any Error>?>(nil)
  }

  private let outcome = Outcome()
  private let job: BackgroundJob

  /// Begins to start it.
  package init(_ make: @escaping @Sendable () throws -> sending any ScratchServer) {
    job = BackgroundJob { [outcome] in
      let made = Result { Handover(try make()) }
      outcome.made.withLock { $0 = made }
    }
  }

  deinit {
    job.wait()
    (try? outcome.made.withLock { $0 }?.get())?.take()?.shutDown()
  }

  /// Whether the server may be asked for: it is on its way, or runs and was not handed over yet.
  package var isUsable: Bool {
    switch outcome.made.withLock({ $0 }) {
    case nil: true
    case .success(let made): made.isReady
    case .failure: false
    }
  }

  /// Waits for the server and hands it over; asked once.
  /// - Throws: what kept it from starting.
  package func server() throws -> any ScratchServer {
    job.wait()
    guard let server = try outcome.made.withLock({ $0 })?.get().take() else {
      throw ScratchError(.clusterFailed, "the scratch server was asked for twice")
    }
    return server
  }
}
