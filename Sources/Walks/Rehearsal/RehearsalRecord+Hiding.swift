import Databases

extension RehearsalRecord {
  /// Takes production's values out of what was said while it ran: engines' messages, and the literals of
  /// statements that read or write rows, which may come from others. Those that change the schema stay
  /// as they are: their literals are in the files.
  /// - Parameter names: every name of the schemas that were seen.
  package mutating func hideValues(keeping names: Set<String>) {
    let hiding = ValueHiding(
      on: engine, keeping: names.union(namesInStatements), because: .production)
    steps.hideValues(hiding)
    rollback?.steps.hideValues(hiding)
    secondUpgrade?.steps.hideValues(hiding)
    concurrency?.hideValues(hiding)
    interruptions?.hideValues(hiding)
    guard var traffic else { return }
    for place in traffic.statements.indices {
      traffic.statements[place].failures = traffic.statements[place].failures.map {
        TrafficFailure(
          phase: $0.phase, message: hiding.hidden(message: $0.message), sqlState: $0.sqlState,
          count: $0.count, longest: $0.longest)
      }
    }
    self.traffic = traffic
  }
}

extension RehearsalRecord {
  /// The words of all statements that were sent on its ways, without their literals.
  package var namesInStatements: Set<String> {
    let ways = [steps, rollback?.steps ?? [], secondUpgrade?.steps ?? []]
    return ways.joined().flatMap(\.statements).reduce(into: []) {
      $0.formUnion($1.sql.wordsOutsideOfLiterals)
    }
  }
}

extension ConcurrencyRecord {
  fileprivate mutating func hideValues(_ hiding: ValueHiding) {
    for place in instances.indices {
      instances[place].outcome = hiding.hidden(instances[place].outcome)
    }
    waits = waits.map(hiding.hidden(sql:))
    fault = fault.map(hiding.hidden)
  }
}

extension InterruptionsRecord {
  fileprivate mutating func hideValues(_ hiding: ValueHiding) {
    for trial in trials.indices {
      let place = trials[trial].place
      if !place.sql.changesSchema {
        trials[trial].place = StatementPlace(
          revision: place.revision, sql: hiding.hidden(sql: place.sql), line: place.line)
      }
      guard let again = trials[trial].again else { continue }
      trials[trial].again?.outcome = hiding.hidden(again.outcome)
    }
    fault = fault.map(hiding.hidden)
  }
}

extension [StepMeasurement] {
  fileprivate mutating func hideValues(_ hiding: ValueHiding) {
    for step in indices {
      self[step].outcome = hiding.hidden(self[step].outcome)
      for place in self[step].statements.indices {
        self[step].statements[place].hideValues(hiding)
      }
    }
  }
}

extension StatementMeasurement {
  fileprivate mutating func hideValues(_ hiding: ValueHiding) {
    let hidden = StatementMeasurement(
      sql: sql.changesSchema ? sql : hiding.hidden(sql: sql), line: line, begin: begin,
      duration: duration, error: error.map { _ in hiding.hiddenMessage }, walBytes: walBytes,
      rewritten: rewritten, scanned: scanned, built: built, rows: rows)
    self = hidden
  }
}

extension String {
  /// Whether its first word is one that rows have no part in.
  fileprivate var changesSchema: Bool {
    let first = drop { !$0.isLetter }.prefix { $0.isLetter }.lowercased()
    return ["create", "alter", "drop", "truncate", "comment", "grant", "revoke"].contains(first)
  }

  /// Every word of a statement that is no part of a literal or comment.
  fileprivate var wordsOutsideOfLiterals: Set<String> {
    let sql = HiddenLiterals.hide(in: self) { _ in true }
    return Set(sql.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
  }
}
