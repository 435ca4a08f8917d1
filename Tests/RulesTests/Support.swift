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
}

extension RuleBook {
  static func judge(
    _ record: RunRecord, allowances: [Allowance] = [], severities: [RuleName: Severity] = [:]
  ) -> Judgement {
    judge(record, allowances: allowances, severities: severities, mendWriter: PlainMends())
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
