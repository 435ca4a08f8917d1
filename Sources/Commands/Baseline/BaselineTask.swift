import Formats
import Rules

/// What a run does with the project's baseline: all that `verify` and `baseline` differ in.
enum BaselineTask: Sendable, Hashable {
  /// Only what is not in it counts.
  case hold
  /// Every finding of the run is written into it.
  case record
  /// What is gone is taken out of it.
  case prune

  var writes: Bool { self != .hold }
}

/// The baseline of one run: what was known before it, and what is kept of it.
struct KnownFindings: Sendable {
  private let task: BaselineTask
  /// nil where the settings want none.
  private let file: BaselineFile?
  private let known: Baseline?

  /// Reads the file, and finds out whether it can be written where the run is to.
  ///
  /// - Throws: `Complaint` with status 4.
  init(of folder: ProjectFolder, for task: BaselineTask) throws {
    self.task = task
    let settings = folder.settings
    file = settings.baseline.map { BaselineFile($0, project: folder.path) }
    known = try file?.read()
    let isTyped = settings.layers["baseline"]?.place == "--baseline"
    let option = isTyped ? file.map { " --baseline \($0.name.quotedForShell)" } ?? "" : ""
    if let file, known == nil, task == .prune || task == .hold && settings.baselineIsNamed {
      throw Complaint(
        "no-baseline", at: settings.layers["baseline"]?.place,
        "there is no file \(file.name)",
        fix: "`stairway baseline\(option)` writes it, with what is found today",
        outcome: .usage)
    }
    guard task.writes else { return }
    guard let file else {
      throw Complaint(
        "no-baseline", at: settings.layers["baseline"]?.place,
        "the settings want no baseline, so that there is no file to write",
        fix: "name one: --baseline \(BaselineFile.standardName)", outcome: .usage)
    }
    try file.checkCanBeWritten()
  }

  /// The run's judgement, and a sentence about what was written; nil where nothing was.
  ///
  /// - Parameters:
  ///   - isWhole: whether the history could be walked at all; where it could not, nothing is written.
  ///   - judge: judges the run by a baseline.
  /// - Throws: `Complaint` where the file cannot be written.
  func judgement(
    isWhole: Bool, _ judge: (Baseline?) -> Judgement
  ) throws -> (Judgement, written: String?) {
    let held = judge(known)
    guard task.writes, let file else { return (held, nil) }
    guard isWhole else {
      return (held, "\(file.name) is left as it is: the history cannot be walked")
    }
    let before = known ?? Baseline()
    let unseen = held.baseline?.unseen ?? Baseline()
    let next =
      task == .record
      ? Baseline(of: judge(nil).findings.filter { BaselineFile.keeps($0.rule) }) + unseen
      : before - (held.baseline?.gone ?? Baseline())
    try file.write(next)
    let lines = next.entries.count
    let added = (next - before).entries.count
    let removed = (before - next).entries.count
    return (
      judge(next),
      "\(file.name) holds \(lines) \(lines == 1 ? "line" : "lines"): \(added) added, \(removed) taken out"
    )
  }
}
