package import Schemas

/// A lock on a relation that was there before the rehearsal, from when it was taken until it was let
/// go.
package struct HeldLock: Sendable, Hashable, Codable {
  /// The table or index; nil where it is the whole file.
  package let relation: ObjectID?
  package let mode: LockMode
  /// What an application's statements on the table wait for meanwhile.
  package let blocks: Blocking
  /// The place among the step's statements of the one that took it; nil where that was none of those
  /// that are recorded.
  package let statement: Int?
  /// Seconds after the step's begin: when the statement was sent that took it.
  package let taken: Double
  /// Seconds for which others kept the statement from it first, as far as was seen from outside.
  package var waited: Double
  /// Seconds from when it was given until the transaction, or the statement where there was none, ended; may last beyond the
  /// step where several revisions share a transaction.
  package let held: Double

  package init(
    relation: ObjectID?, mode: LockMode, statement: Int?, taken: Double, waited: Double = 0,
    held: Double
  ) {
    self.relation = relation
    self.mode = mode
    // A lock on an index keeps those from the table who plan to use the index, which is everybody: the
    // planner opens all of them.
    self.blocks = mode.blocks
    self.statement = statement
    self.taken = taken
    self.waited = waited
    self.held = held
  }

  /// The table that waits, for one on an index too; nil for the whole file.
  package var table: ObjectID? { relation?.heldBy }
}

extension ObjectID {
  /// The table of an index; what is no index itself.
  package var heldBy: ObjectID {
    kind == .index && path.count > 1
      ? ObjectID(.table, schema: schema, Array(path.dropLast())) : self
  }
}
