import Databases
import History
import Schemas
import Walks

@testable import Rules

/// Writes each change as one line, so that tests see what a mend was asked for.
struct PlainMends: MendWriter {
  func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] {
    difference.changes.map { "undo \($0.id)" }
  }
  func merging(_ heads: [RevisionID]) -> String? {
    "merge " + heads.map(\.text).joined(separator: " ")
  }
  func sending(_ statements: [String], outsideOfTransaction: Bool) -> [String] {
    statements.map { outsideOfTransaction ? "outside \($0)" : $0 }
  }
  func lines(for mend: RowMend, on engine: Engine) -> [String] {
    switch mend {
    case .rename(let object, let name): ["rename \(object) \(name)"]
    case .fill(let column): ["fill \(column)"]
    case .advance(let sequence, let column): ["advance \(sequence) past \(column)"]
    case .deleteDangling(let columns, let parent, let others):
      ["delete \(columns.map(\.description)) without \(parent) \(others.map(\.raw))"]
    case .suspendReferences: ["suspendReferences"]
    case .convertTime(let column, let isMoment): ["convertTime \(column) \(isMoment)"]
    case .allow(let rule, let object): ["allow \(rule) \(object?.description ?? "")"]
    }
  }
}

extension RuleBook {
  static func judge(
    _ record: RunRecord, allowances: [Allowance] = [], severities: [RuleName: Severity] = [:],
    baseline: Baseline? = nil
  ) -> Judgement {
    judge(
      record, allowances: allowances, severities: severities, baseline: baseline,
      mendWriter: PlainMends())
  }
}

extension Judgement {
  var rules: [RuleName] { findings.map(\.rule) }
}

extension StepRecord {
  static func succeeded(_ name: StepName) -> StepRecord { StepRecord(name, outcome: .succeeded) }
  static func failed(
    _ name: StepName, _ failure: StepFailure, change: SchemaDifference = .init(),
    stoppedAt: RevisionID? = nil
  ) -> StepRecord {
    StepRecord(name, outcome: .failed(failure), change: change, stoppedAt: stoppedAt)
  }
}

extension [StepRecord] {
  static var roundTrip: [StepRecord] {
    [.succeeded(.upgrade), .succeeded(.downgrade), .succeeded(.reupgrade)]
  }
}

let exists = StepFailure(
  type: "sqlalchemy.exc.ProgrammingError", message: "type \"mood\" already exists\n",
  sqlState: "42710", statement: "CREATE TYPE mood AS ENUM ('a')")
