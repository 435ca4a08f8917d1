package import History
package import Schemas
package import Walks

/// What a run is given from outside: clocks, whether to stop, and who wants to know.
package struct RunContext: Sendable {
  /// Seconds since 1970, UTC.
  package let now: @Sendable () -> Double
  /// Whether the user asked the run to end; asked between steps.
  package let isInterrupted: @Sendable () -> Bool
  package let tell: @Sendable (RunEvent) -> Void
  /// Takes the schema after each revision's first upgrade; throws where it cannot be kept.
  package let keep: @Sendable (KeptSnapshot) throws -> Void

  package init(
    now: @escaping @Sendable () -> Double,
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    tell: @escaping @Sendable (RunEvent) -> Void = { _ in },
    keep: @escaping @Sendable (KeptSnapshot) throws -> Void = { _ in }
  ) {
    self.now = now
    self.isInterrupted = isInterrupted
    self.tell = tell
    self.keep = keep
  }
}

/// The schema that a revision leads to, with the one it was reached from.
package struct KeptSnapshot: Sendable {
  package let revision: RevisionID
  package let snapshot: Snapshot
  /// The revision kept just before on the same engine, and its schema; nil for the first.
  package let base: (revision: RevisionID, snapshot: Snapshot)?
}
