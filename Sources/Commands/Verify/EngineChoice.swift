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
  init(asked: [Engine]?, canFind: (Engine) -> Bool) {
    if let asked, !asked.isEmpty {
      engines = Engine.allCases.filter(asked.contains)
      leftOut = []
      isAssumed = false
      return
    }
    engines = Engine.allCases.filter(canFind)
    leftOut = Engine.allCases.filter { !canFind($0) }.map {
      LeftOutEngine(
        engine: $0,
        reason: "no server was named (--postgresql-server, STAIRWAY_POSTGRES_URL) and no "
          + "\($0.title) programs are installed")
    }
    isAssumed = true
  }
}
