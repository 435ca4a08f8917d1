internal import Databases
internal import Projects
internal import Scratch
internal import Walks

extension Fault {
  /// The reason why a lane cannot go on, from whatever was thrown.
  init(stopping error: any Error) {
    switch error {
    case let error as ProjectError: self.init(error)
    case let error as ScratchError:
      self.init(Code(rawValue: error.code.rawValue), message: error.message, fix: error.fix)
    case let error as DatabaseError:
      self.init(
        .databaseLost, message: "the scratch database cannot be read: \(error)",
        fix: "run it again; where it comes back, please report it with report.json")
    case let error as StateLost:
      self.init(
        .stateLost, message: error.reason,
        fix: """
          let it do without what an earlier run leaves outside of the database (files, roles, other \
          services), and without random values: what a second database is given must be the same
          """,
        file: error.place?.file, line: error.place?.line)
    case is Interrupted:
      self.init(.interrupted, message: "interrupted before everything was verified")
    case let error as OriginFailed:
      self.init(origin: error.answer)
    default:
      self.init(.databaseLost, message: "\(error)")
    }
  }

  private init(origin answer: SessionAnswer) {
    let said =
      switch answer.outcome {
      case .failed(let failure): failure.message
      case .unjudged(let fault): fault.message
      default: ""
      }
    self.init(
      Code(rawValue: "start-fails"),
      message: "the history's starting point cannot be made: \(said)",
      output: answer.output, fix: "check `start` in stairway.yml")
  }
}
