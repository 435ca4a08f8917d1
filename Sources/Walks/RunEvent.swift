package import Databases
package import History

/// What a run tells while it goes on, for whoever shows progress.
package enum RunEvent: Sendable {
  /// Something that takes a moment before the walk begins: `starting PostgreSQL 15.18`.
  case preparing(Engine, String)
  /// The `index`th (1-based) of so many trials of one kind begins.
  case trying(Engine, String, index: Int, count: Int)
  /// The walk on this engine begins; so many revisions will be taken.
  case started(Engine, revisions: Int)
  /// One revision is begun, which will be the `index`th (1-based) of `count`.
  case beginning(Engine, RevisionID, index: Int, count: Int)
  /// One revision is done, as the `index`th (1-based) of `count`.
  case finished(Engine, RoundTripRecord, index: Int, count: Int)
  /// The engine is done, or given up.
  case ended(Engine)
}
