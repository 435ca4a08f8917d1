package import Databases

/// A throwaway database: lent to one walk, put back to earlier states, dropped at the end.
///
/// Used by one thread. Nobody may be connected to it while it is copied, restored or dropped.
package protocol ScratchDatabase: AnyObject {
  /// Where it is now; another one after `restore`, where the engine restores by switching.
  var address: DatabaseAddress { get }

  /// Keeps a copy of the present state.
  func checkpoint() throws -> Checkpoint

  /// Puts the state of the checkpoint back; the checkpoint stays usable.
  func restore(_ checkpoint: Checkpoint) throws

  /// Lets a checkpoint go, and what it takes up.
  func discard(_ checkpoint: Checkpoint)

  /// Empties the database, as it was when it was lent.
  func reset() throws

  /// Drops it and all its checkpoints.
  func drop()
}

/// A kept state of a scratch database, by the name of the file or database that holds it.
package struct Checkpoint: Sendable, Hashable {
  package let name: String
  package init(name: String) { self.name = name }
}

/// Where scratch databases of one engine come from.
package protocol ScratchServer: AnyObject {
  var engine: Engine { get }
  /// The engine's version, e.g. `15.18`.
  var version: String { get }
  /// How it was come by, for the record, without credentials.
  var origin: String { get }

  /// Whether a checkpoint costs so little (a file copy) that one can be taken before every revision.
  var checkpointsAreCheap: Bool { get }

  /// Whether it has not ended by itself, as far as is known without asking it.
  var isRunning: Bool { get }

  /// A new empty database.
  func lend() throws -> any ScratchDatabase

  /// Drops everything that was lent and stops what was started. Also done when it is let go.
  func shutDown()
}

extension ScratchServer {
  package var isRunning: Bool { true }
}
