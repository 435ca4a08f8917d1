import Platform
import Projects
import Reports
import Rules

/// `stairway verify --watch`: verifies, and again what a change concerns, until it is interrupted.
struct WatchLoop {
  /// Seconds without a change after which a burst of them is over.
  private static let quiet = 0.1

  private let arguments: ParsedArguments
  private let invocation: Invocation
  private let project: Path

  /// - Throws: `UsageError` where other options contradict it.
  init(_ arguments: ParsedArguments, in invocation: Invocation) throws {
    if arguments["revisions"] != nil {
      throw UsageError.other(
        "'--watch' and '--revisions' both say what is verified. Please give one of them.",
        VerifyCommand.syntax)
    }
    self.arguments = arguments
    self.invocation = invocation
    project = invocation.path(arguments.positional(0) ?? ".")
  }

  /// - Throws: `UsageError` where another program is to read one run's output.
  static func check(_ format: OutputFormat) throws {
    if [.full, .concise].contains(format) { return }
    throw UsageError.other(
      "'--watch' is for a person who looks on, the output format \(format.rawValue) for one run that "
        + "another program reads. Please choose one of them.", VerifyCommand.syntax)
  }

  /// Goes on until SIGINT, SIGTERM or SIGHUP, or until nobody reads standard output any more.
  ///
  /// - Returns: how the last run ended.
  /// - Throws: `Complaint` where there is no project's folder; `PlatformError` where it is interrupted in
  ///   the midst of a run, or files cannot be watched.
  func run() throws -> Outcome {
    var places = WatchedPlaces(project: project)
    var watch = try FolderWatch(places.roots, entering: WatchedPlaces.enters)
    var known: WatchedRun.Knowledge?
    var opened: AlembicProject?
    var files = WatchedFiles(places)
    let spare = SpareServer()
    while true {
      let run = WatchedRun(files, before: known, spare: spare, telling: tell)
      let outcome = try verify(run)
      known = run.knowledge ?? known
      if let folder = run.folder {
        // Where its history cannot be read at the moment, it lies where it lay.
        opened = run.project ?? opened
        let found = WatchedPlaces(folder, opened: opened)
        if found.roots != places.roots {
          watch = try FolderWatch(found.roots, entering: WatchedPlaces.enters)
        }
        files = files.completed(places, by: found)
        places = found
      }
      if run.knowledge != nil { known?.files = files }
      spare.renew()
      tell("watching \(Self.shown(project, invocation)): Ctrl-C ends")
      var now = WatchedFiles(places, known: files)
      while now.changes(since: files).isEmpty {
        let wakening = try watch.wait(
          quiet: Self.quiet, until: invocation.interruption,
          outputIsWatched: !invocation.outputIsTerminal)
        guard wakening == .change else {
          // Behind the `^C` that the terminal shows.
          if wakening == .interruption, invocation.errorIsTerminal { invocation.writeError("\n") }
          return outcome
        }
        now = WatchedFiles(places, known: files)
      }
      files = now
    }
  }

  /// One run; what keeps it from being made is told, and waits to be mended.
  private func verify(_ run: WatchedRun) throws -> Outcome {
    do {
      return try VerifyCommand.run(arguments, in: invocation, baseline: .hold, watched: run)
    } catch let error as UsageError {
      throw error
    } catch {
      try invocation.interruption.check()
      let complaint = Complaint(error)
      guard Files.isFolder(project) else { throw complaint }
      invocation.tell(complaint.text)
      return complaint.outcome
    }
  }

  private func tell(_ sentence: String) {
    if !arguments.has("quiet") { invocation.tell(sentence + "\n") }
  }

  private static func shown(_ project: Path, _ invocation: Invocation) -> String {
    project == invocation.workingFolder
      ? "this folder" : project.relative(to: invocation.workingFolder).text
  }
}
