package import Databases
package import History
import Schemas

/// One object that a finding is about, by what stays when lines move and sentences are written anew.
package struct KnownFinding: Sendable, Hashable, Codable {
  package let rule: RuleName
  /// nil where it is about the history itself.
  package let engine: Engine?
  package let revision: RevisionID?
  /// As findings print it, `table users`; nil where the finding is about none.
  package let object: String?
  /// How the object differs: `added`, `removed`, or the properties, `type, not-null`. Only of a finding
  /// without a revision: such a one can become another tomorrow, where a merged revision stays as it is.
  package let change: String?

  package init(
    rule: RuleName, engine: Engine?, revision: RevisionID?, object: String?, change: String? = nil
  ) {
    self.rule = rule
    self.engine = engine
    self.revision = revision
    self.object = object
    self.change = change
  }
}

extension KnownFinding: Comparable {
  /// What is said of one revision stands together.
  private var key: [String] {
    [revision?.text ?? "", rule.text, engine?.rawValue ?? "", object ?? "", change ?? ""]
  }
  package static func < (left: Self, right: Self) -> Bool {
    left.key.lexicographicallyPrecedes(right.key)
  }
}

/// The findings that a history had when its team began: how many there are of each.
///
/// Several findings can share all of that; two of them do not excuse a third.
package struct Baseline: Sendable, Hashable {
  /// One kind of finding and how often it was there.
  package struct Entry: Sendable, Hashable, Codable {
    package let known: KnownFinding
    package let count: Int

    package init(_ known: KnownFinding, count: Int = 1) {
      self.known = known
      self.count = count
    }
  }

  /// None is nought.
  private var counts: [KnownFinding: Int] = [:]

  package init(_ entries: [Entry] = []) {
    for entry in entries { counts[entry.known, default: 0] += entry.count }
  }

  /// That in which all of these are known.
  package init(of findings: [Finding]) {
    for known in findings.flatMap(\.known) { counts[known, default: 0] += 1 }
  }

  /// All of them, in an order that does not depend on the history's.
  package var entries: [Entry] {
    counts.map { Entry($0.key, count: $0.value) }
      .sorted { $0.known < $1.known }
  }

  /// Takes one away.
  ///
  /// - Returns: whether there was one.
  mutating func take(_ known: KnownFinding) -> Bool {
    guard let count = counts[known], count > 0 else { return false }
    counts[known] = count > 1 ? count - 1 : nil
    return true
  }

  /// Both together.
  package static func + (left: Baseline, right: Baseline) -> Baseline {
    Baseline(left.entries + right.entries)
  }

  /// What is left when these are taken out.
  package static func - (left: Baseline, right: Baseline) -> Baseline {
    var rest = left
    for entry in right.entries {
      let count = rest.counts[entry.known, default: 0] - entry.count
      rest.counts[entry.known] = count > 0 ? count : nil
    }
    return rest
  }
}

extension Finding {
  /// What a baseline keeps of it: one for each of its objects.
  var known: [KnownFinding] {
    let objects: [ObjectID?] = objects.isEmpty ? [nil] : objects
    return objects.map {
      KnownFinding(
        rule: rule, engine: engine, revision: revision, object: $0?.description,
        change: revision == nil ? $0.flatMap(change) : nil)
    }
  }

  /// How an object differs, in the evidence; nil where that does not say it.
  private func change(of object: ObjectID) -> String? {
    guard let change = evidence.difference?.changes.first(where: { $0.id == object }) else {
      return nil
    }
    if change.before == nil { return "added" }
    if change.after == nil { return "removed" }
    let names = change.properties.filter { $0.weight == .structural }.map(\.name.text)
    return names.isEmpty ? nil : names.sorted().joined(separator: ", ")
  }
}

/// What became of a baseline in a run.
package struct BaselineUse: Sendable, Hashable {
  /// What matched no finding although this run would have shown it: it can be taken out.
  package let gone: Baseline
  /// What matched no finding and could not have, since this run did not come by there.
  package let unseen: Baseline

  package init(gone: Baseline, unseen: Baseline) {
    self.gone = gone
    self.unseen = unseen
  }
}
