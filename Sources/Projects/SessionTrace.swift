package import History

/// What the migration's own connections showed of themselves while revisions were run.
///
/// All moments are seconds since the order began, on a clock that stood still while the connections
/// were being looked at.
package struct SessionTrace: Sendable, Hashable, Decodable {
  /// The order's begin on the machine's monotonic clock.
  package let clock: Double
  package let duration: Double
  /// Every revision that was begun, in order.
  package let parts: [Part]
  /// Only those that were measured, in order.
  package let statements: [Statement]
  package let locks: [Lock]
  /// Those that were ended, one way or the other; statements outside of one are not among them.
  package let transactions: [Transaction]
  /// How often a connection could not be looked at.
  package let unread: Int

  package struct Part: Sendable, Hashable, Decodable {
    package let revision: RevisionID
    package let began: Double
    /// nil where the revision did not come to its end.
    package let ended: Double?
  }

  package struct Statement: Sendable, Hashable, Decodable {
    /// Its place among the answer's statements.
    package let statement: Int
    package let began: Double
    package let ended: Double
    /// The same two moments on the machine's monotonic clock.
    package let clock: [Double]
    package let wal: Int?
    /// PostgreSQL: the relations that the connection has a lock on, where something about them is new;
    /// all where something is, of a statement that is alone.
    package let relations: [Relation]?
    /// It ran outside of a transaction, so that its locks were gone when the session could look.
    package let isAlone: Bool?
    /// It was sent outside of a transaction, and measured in one of its own.
    package let isWrapped: Bool?
    /// SQLite: tables and indexes whose content lies elsewhere now.
    package let roots: [String]?
  }

  /// A relation as a transaction of PostgreSQL sees it, by its oid, with what was done to it since the
  /// statement before.
  package struct Relation: Sendable, Hashable, Decodable {
    package let relation: Int
    /// nil where it has no file any more.
    package let file: Int?
    /// Begun from the first row on, and rows read so.
    package let scans: Int
    package let read: Int
    package let inserted: Int
    package let updated: Int
    package let deleted: Int
    /// There is none any more.
    package let isGone: Bool?
    /// Of an index that is seen for the first time: its table's oid, and its name.
    package let table: Int?
    package let name: String?
  }

  /// A moment on the machine's clock, on that of the trace.
  package func moment(ofClock clock: Double) -> Double {
    guard let place = statements.lastIndex(where: { $0.clock[0] <= clock }) else { return 0 }
    let statement = statements[place]
    if clock <= statement.clock[1] { return statement.began + clock - statement.clock[0] }
    let next = statements.indices.contains(place + 1) ? statements[place + 1].began : duration
    return min(next, statement.ended + clock - statement.clock[1])
  }

  package struct Lock: Sendable, Hashable, Decodable {
    /// The relation's oid; nil for the whole file.
    package let relation: Int?
    package let mode: String
    package let statement: Int?
    package let taken: Double
    package let released: Double

    package init(
      relation: Int?, mode: String, statement: Int?, taken: Double, released: Double
    ) {
      self.relation = relation
      self.mode = mode
      self.statement = statement
      self.taken = taken
      self.released = released
    }
  }

  package struct Transaction: Sendable, Hashable, Decodable {
    package let began: Double
    package let committing: Double
    package let ended: Double
    package let isCommitted: Bool
  }
}
