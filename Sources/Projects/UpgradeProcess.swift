package import History
package import Walks

/// A process that upgrades one database as the tool's own command does, and that can be stopped on its
/// way, or killed.
///
/// Used by one thread.
package protocol UpgradeProcess: AnyObject {
  /// Finds out what is applied and runs what is not, up to the target.
  /// - Parameters:
  ///   - target: as the tool's command takes it: a revision, `head` or `heads`.
  ///   - halt: where it is to wait; nil for nowhere.
  ///   - seconds: after which the process is given up.
  func upgrade(to target: String, until halt: UpgradeHalt?, seconds: Double) -> UpgradeProgress

  /// Lets it go on from where it waits.
  func proceed(seconds: Double) -> UpgradeProgress

  /// The same, and returns at once; all that can be done with the process then is to kill it.
  func letGo()

  /// Ends the process as it stands, so that none of its code is run any more.
  func kill()

  /// Ends the process. Also done when it is let go.
  func close()

  var versionTable: VersionTable { get }
}

/// Where an upgrade waits.
package enum UpgradeHalt: Sendable, Hashable {
  /// The tool has read which revisions are applied, and has begun none.
  case onceRead
  /// Just before the statement with this number, 1 for the first of all revisions, or just after it and
  /// before anything that follows, be it its commit. Those that only read are not counted.
  case before(Int)
  case after(Int)
}

/// How far an upgrade has come.
package enum UpgradeProgress: Sendable, Hashable {
  /// It waits, at this statement where it waits at one.
  case halted(StatementPlace?)
  case ended(UpgradeEnd)
}

/// What came of an upgrade.
package struct UpgradeEnd: Sendable, Hashable {
  package let answer: SessionAnswer
  /// The revisions that were run to their end and recorded, in order, whatever became of the
  /// transaction afterwards.
  package let completed: [RevisionID]
  /// All statements that were counted, in order.
  package let places: [StatementPlace]

  package init(
    _ answer: SessionAnswer, completed: [RevisionID] = [], places: [StatementPlace] = []
  ) {
    self.answer = answer
    self.completed = completed
    self.places = places
  }
}
