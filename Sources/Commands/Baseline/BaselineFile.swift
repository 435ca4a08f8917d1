import Databases
import Formats
import History
import Platform
import Rules

/// The file of a project's known findings: one line for each, in an order that does not depend on the
/// history's, so that a change shows as the lines that it is.
///
/// ```json
/// {"version": 1, "findings": [
/// {"revision":"91f4be2d60c8","rule":"downgrade-leaves-trace","engine":"postgresql","object":"type mood"}
/// ]}
/// ```
struct BaselineFile: Sendable, Hashable {
  static let standardName = "stairway-baseline.json"
  /// Grows by one whenever an older Stairway would misread what a newer one writes.
  static let version = 1

  let path: Path
  /// As sentences call it: from the project's folder on where it lies inside.
  let name: String

  init(_ path: Path, project: Path) {
    self.path = path
    name = path.relative(to: project).text
  }

  /// The known findings; nil where there is no such file.
  ///
  /// - Throws: `Complaint` with status 4 where the file cannot be read or followed.
  func read() throws -> Baseline? {
    if let complaint = Complaint("unreadable-baseline", ofFile: path, named: name) {
      throw complaint
    }
    guard Files.exists(path) else { return nil }
    do {
      let text = try Files.text(of: path)
      if let line = ConflictMarker.line(in: text) {
        throw Complaint(
          "baseline-conflict", at: "\(name):\(line)",
          "the file holds an unresolved merge: both sides changed the known findings",
          fix:
            "keep the lines of both sides, each once, with a comma behind every one but the last, and "
            + "take the markers out; `stairway baseline --prune` then takes out what is gone",
          outcome: .usage)
      }
      return try parsed(text)
    } catch let error as FormatError {
      throw Complaint(
        "unreadable-baseline", at: error.place, error.message,
        fix: Self.mend, outcome: .usage)
    } catch let error as PlatformError {
      throw Complaint("unreadable-baseline", error.message, outcome: .usage)
    }
  }

  /// What its text says, or said at another moment.
  ///
  /// - Throws: `Complaint`; `FormatError` where it is no JSON.
  func parsed(_ text: String) throws -> Baseline {
    try BaselineReader(name: name).baseline(JSONDocument.parse(text, name: name))
  }

  /// Writes the file, whole or not at all, and where it is a link, what that leads to.
  ///
  /// - Throws: `Complaint` with status 4 where it cannot be written.
  func write(_ baseline: Baseline) throws {
    try writing { try Files.rewrite(path, with: Self.text(of: baseline)) }
  }

  /// Finds out before a run of minutes whether its result can be kept.
  ///
  /// - Throws: `Complaint` with status 4 where it cannot.
  func checkCanBeWritten() throws {
    if Files.isFolder(path) {
      throw Complaint(
        "cannot-write-baseline", "\(name) is a folder", fix: Self.fix, outcome: .usage)
    }
    try writing {
      let place = (Files.resolved(path) ?? path).parent
      let trial = try Files.makeTemporaryFolder(in: place, prefix: ".stairway-baseline")
      try Files.removeTree(trial)
    }
  }

  /// Whether findings of a rule can be known: they name what they are about, and are there in the next
  /// run, too. What is held against a branch is about what this one changes, and heads or ids that
  /// collide would hide the next ones.
  static func keeps(_ rule: RuleName) -> Bool {
    !(RuleBook.log + RuleBook.history).contains { $0.name == rule }
  }

  /// What helps where it cannot be understood: a run that writes it reads it, too.
  static let mend =
    "correct the file there, or bring it back from the version control; removed, `stairway baseline` writes "
    + "it anew, with all that is found today"

  private static let fix =
    "name a file that you may write to: `baseline:` in stairway.yml, or --baseline FILE"

  private func writing(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as PlatformError {
      throw Complaint(
        "cannot-write-baseline", "\(name) cannot be written: \(error.message)", fix: Self.fix,
        outcome: .usage)
    }
  }

  /// The file's text.
  static func text(of baseline: Baseline) -> String {
    let lines = baseline.entries.map(line)
    let findings = lines.isEmpty ? "[]" : "[\n" + lines.joined(separator: ",\n") + "\n]"
    return "{\"version\": \(version), \"findings\": \(findings)}\n"
  }

  private static func line(_ entry: Baseline.Entry) -> String {
    let known = entry.known
    let texts = [
      ("revision", known.revision?.text), ("rule", known.rule.text),
      ("engine", known.engine?.rawValue), ("object", known.object),
      ("change", known.change),
    ]
    var members = texts.compactMap { name, text in
      text.map { "\"\(name)\": \(JSONText.quoted($0))" }
    }
    if entry.count > 1 { members.append("\"count\": \(entry.count)") }
    return "{" + members.joined(separator: ", ") + "}"
  }
}
