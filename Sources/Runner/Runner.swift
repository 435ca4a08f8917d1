private import Platform
package import Walks

/// Carries out walks on scratch databases and records what happened; judges nothing.
///
/// The only place with threads: one for each engine, which share nothing but `Sendable` values.
package struct Runner: Sendable {
  private let context: RunContext

  package init(_ context: RunContext) { self.context = context }

  /// Carries out every lane, side by side.
  ///
  /// - Returns: a record for each engine that could be tried, those that turned out not to be
  ///   supported by the project, and what came of comparing the two where both were tried.
  package func run(
    _ lanes: [LanePlan]
  ) -> (engines: [EngineRecord], leftOut: [LeftOutEngine], comparison: EngineComparison?) {
    let results = concurrently(
      lanes.map { plan in { @Sendable in Lane.carryOut(plan, in: context) } })
    let arrivals = results.compactMap { result -> (record: EngineRecord, heads: Heads?)? in
      if case .record(let record, let heads) = result { (record, heads) } else { nil }
    }
    return (
      arrivals.map(\.record),
      results.compactMap { if case .leftOut(let engine) = $0 { engine } else { nil } },
      EngineComparison(arrivals)
    )
  }
}
