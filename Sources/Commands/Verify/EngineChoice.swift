import Databases
import Scratch
import Walks

/// The engines that a run is made on, and those it leaves out, each with the reason.
struct EngineChoice: Sendable, Hashable {
  let engines: [Engine]
  let leftOut: [LeftOutEngine]
  /// Nobody named them, so that the project may turn out not to support one.
  let isAssumed: Bool

  /// Those that were asked for; else SQLite, and PostgreSQL where it can be had.
  /// - Parameter absence: why an engine cannot be had; nil where it can.
  init(asked: [Engine]?, absence: (Engine) -> String?) {
    if let asked, !asked.isEmpty {
      engines = Engine.allCases.filter(asked.contains)
      leftOut = []
      isAssumed = false
      return
    }
    engines = Engine.allCases.filter { absence($0) == nil }
    leftOut = Engine.allCases.compactMap { engine in
      absence(engine).map { LeftOutEngine(engine: engine, reason: $0) }
    }
    isAssumed = true
  }
}
