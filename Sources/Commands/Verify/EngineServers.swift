import Databases
import Runner
import Scratch

/// The engines of a run, whose servers start while the history is read.
struct EngineServers {
  let choice: EngineChoice
  private let starts: [Engine: ServerStart]

  /// - Parameter spare: where a server of the private kind may already wait.
  init(for folder: ProjectFolder, in invocation: Invocation, spare: SpareServer? = nil) {
    let settings = ScratchSettings(
      environment: invocation.environment, postgresURL: folder.settings.postgresServer,
      postgresBinaries: folder.settings.postgresBinaries)
    choice = EngineChoice(asked: folder.settings.engines) {
      ScratchServers.absence(of: $0, settings: settings)
    }
    starts = Dictionary(
      uniqueKeysWithValues: choice.engines.map { engine in
        let make = {
          ServerStart {
            try ScratchServers.find(
              engine: engine, settings: settings, interruption: invocation.interruption)
          }
        }
        return (engine, spare?.start(engine, by: settings, make) ?? make())
      })
  }

  /// - Parameter engine: one of the choice's.
  subscript(engine: Engine) -> ServerStart? { starts[engine] }
}
