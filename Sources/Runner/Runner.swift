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
  /// - Returns: a record for each engine that could be tried, and those that turned out not to be
  ///   supported by the project.
  package func run(_ lanes: [LanePlan]) -> (engines: [EngineRecord], leftOut: [LeftOutEngine]) {
    let results = concurrently(
      lanes.map { plan in { @Sendable in Lane.carryOut(plan, in: context) } })
    return (
      results.compactMap { if case .record(let record) = $0 { record } else { nil } },
      results.compactMap { if case .leftOut(let engine) = $0 { engine } else { nil } }
    )
  }
}
