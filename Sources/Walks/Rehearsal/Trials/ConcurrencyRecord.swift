package import History
package import Rows
package import Schemas

/// What came of several instances that ran the pending revisions at the same moment.
package struct ConcurrencyRecord: Sendable, Hashable, Codable {
  package var instances: [InstanceRecord]
  /// How many had found out what is pending before the first one began with it.
  package var met: Int
  /// The revisions that the version table held when all had ended, in order, also one that is there twice.
  package var versionsAfter: [RevisionID]
  /// From what one instance makes of the copy to what these made; nil where that could not be compared.
  package var schema: SchemaDifference?
  /// Likewise, without what differs between two upgrades that nobody disturbs, and without any value.
  package var rows: RowsDifference?
  /// Who waited for whom when the instances were given up, a sentence each.
  package var waits: [String]
  /// Why it could not be tried; nil where it was.
  package var fault: Fault?

  package init(
    instances: [InstanceRecord] = [], met: Int = 0, versionsAfter: [RevisionID] = [],
    schema: SchemaDifference? = nil, rows: RowsDifference? = nil, waits: [String] = [],
    fault: Fault? = nil
  ) {
    self.instances = instances
    self.met = met
    self.versionsAfter = versionsAfter
    self.schema = schema
    self.rows = rows
    self.waits = waits
    self.fault = fault
  }

  /// All that keeps it from being judged.
  package var faults: [Fault] {
    [fault].compactMap(\.self)
      + instances.compactMap { if case .unjudged(let fault) = $0.outcome { fault } else { nil } }
  }

  /// The revisions that more than one instance ran to their end, in the order of the first that did.
  package var repeated: [RevisionID] {
    let all = instances.flatMap(\.completed)
    var seen: Set<RevisionID> = []
    return all.filter { one in
      all.count { $0 == one } > 1 && seen.insert(one).inserted
    }
  }
}

/// One of several upgrades of the same database.
package struct InstanceRecord: Sendable, Hashable, Codable {
  /// Only `succeeded`, `failed` or `unjudged`.
  package var outcome: StepOutcome
  /// The revision at which it stopped; nil where it reached its end, or had begun none.
  package var stoppedAt: RevisionID?
  /// What it ran to the end and recorded, in order, whatever became of its transaction then; empty where
  /// it found nothing to do.
  package var completed: [RevisionID]
  /// Seconds.
  package var duration: Double
  /// It did not end, and was killed after so long.
  package var isHung: Bool

  package init(
    _ outcome: StepOutcome, stoppedAt: RevisionID? = nil, completed: [RevisionID] = [],
    duration: Double = 0, isHung: Bool = false
  ) {
    self.outcome = outcome
    self.stoppedAt = stoppedAt
    self.completed = completed
    self.duration = duration
    self.isHung = isHung
  }

  /// What it raised.
  package var failure: StepFailure? {
    if case .failed(let failure) = outcome { failure } else { nil }
  }
}
