import Databases
import History
import Walks

/// The order in which findings are told: the history itself, then by engine, by the history's order,
/// by step, worst first, and of one rule by file and line; allowances without use at the end.
struct FindingOrder {
  private let positions: [RevisionID: Int]

  init(_ run: JudgedRun) {
    positions = Dictionary(
      run.graph.revisions.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func isBefore(_ left: Finding, _ right: Finding) -> Bool {
    let leftKey = key(left)
    let rightKey = key(right)
    if leftKey != rightKey { return leftKey.lexicographicallyPrecedes(rightKey) }
    if left.rule != right.rule { return left.rule < right.rule }
    if left.file != right.file { return (left.file ?? "") < (right.file ?? "") }
    if left.line != right.line { return (left.line ?? 0) < (right.line ?? 0) }
    return left.message < right.message
  }

  /// What is said of no engine, but after all that is said of each.
  private static let afterEngines: [RuleName: Int] = ["engine-divergence": 3, "unused-allow": 4]

  private func key(_ finding: Finding) -> [Int] {
    let engine =
      switch finding.engine {
      case nil: Self.afterEngines[finding.rule] ?? 0
      case .sqlite?: 1
      case .postgresql?: 2
      }
    let step = finding.step.map { StepName.allCases.firstIndex(of: $0) ?? 0 } ?? 0
    let severity =
      switch finding.severity {
      case .error: 0
      case .warning: 1
      case .note: 2
      }
    return [engine, place(finding), step, severity]
  }

  /// Before all revisions on the way to them, after all of them at the end.
  private func place(_ finding: Finding) -> Int {
    switch finding.step {
    case .approach: -1
    case nil, .upgrade, .downgrade, .reupgrade, .rollback, .recovery:
      finding.revision.flatMap { positions[$0] } ?? -1
    case .descent, .ascent, .again, .start, .earlyStart, .lateUpgrade, .stamp, .printedUpgrade,
      .printedDowngrade, .models:
      positions.count
    }
  }
}
