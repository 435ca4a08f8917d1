package import History
package import Rules
package import Walks

/// One run with what the rules say of it: what every renderer is given.
///
/// Made in one place, so that redaction happens in one place: the record and the findings that a
/// renderer sees hold no credentials any more, whatever a migration printed or a driver quoted.
package struct Report: Sendable {
  /// Of report.json; grows by one whenever a reader of the older form would misread the new one.
  package static let schemaVersion = 1
  /// Characters of a revision's message where it is named by it.
  static let titleLimit = 2_000

  package let record: RunRecord
  package let judgement: Judgement
  /// Findings at or above it fail the run.
  package let failOn: Severity
  /// Stairway's own version.
  package let version: String
  /// The project's folder as the working folder sees it, put before files' relative paths; empty
  /// where they are the same.
  package private(set) var folder: String
  /// The same as the repository's root sees it, which is what CI systems put before paths.
  package let repositoryFolder: String
  /// The command line that made the run, word by word from the program's name on; nil where that is not
  /// known.
  package let invocation: [String]?
  /// The whole as report.json holds it, without a trailing newline.
  package let json: String
  package let summary: Summary
  /// nil where the run was no rehearsal.
  let checklist: Checklist?
  /// The project's own, hidden where its files are quoted; what the run itself saw holds none of them.
  let passwords: Set<String>
  private let revisions: [RevisionID: Revision]

  /// Takes a run and its judgement, and redacts both.
  ///
  /// - Parameters:
  ///   - repositoryFolder: nil where it is the same as `folder`.
  ///   - invocation: the command line from the program's name on.
  ///   - passwords: the project's own, which its files may hold.
  /// - Throws: `FormatError` where the record cannot be written as JSON.
  package init(
    record: RunRecord, judgement: Judgement, failOn: Severity, version: String, folder: String = "",
    repositoryFolder: String? = nil, invocation: [String]? = nil,
    passwords: Set<String> = []
  ) throws {
    var document = ReportDocument(
      record: record, judgement: judgement, failOn: failOn, version: version, folder: folder,
      repositoryFolder: repositoryFolder, invocation: invocation)
    let json = try document.redactedText()
    self.init(document, json: json, passwords: passwords)
  }

  /// Reads a report.json back.
  ///
  /// - Parameter name: what errors call it, usually its path.
  /// - Throws: `FormatError` where it is none, or of a version that this Stairway cannot read.
  package init(json: String, name: String) throws {
    self.init(try ReportDocument(text: json, name: name), json: json, passwords: [])
  }

  private init(_ document: ReportDocument, json: String, passwords: Set<String>) {
    record = document.record
    judgement = document.judgement
    failOn = document.failOn
    version = document.stairway
    folder = document.folder
    repositoryFolder = document.repositoryFolder ?? document.folder
    invocation = document.invocation
    summary = document.summary
    checklist = document.checklist
    self.json = json
    self.passwords = passwords
    revisions = Dictionary(document.record.revisions.map { ($0.id, $0) }) { first, _ in first }
  }

  /// The same report with its files as the repository's root sees them: for whoever reads it beside the
  /// repository, and not in the folder that the run was started in.
  var inRepository: Report {
    var report = self
    report.folder = repositoryFolder
    return report
  }

  /// Whether the run was told to show no values of rows.
  var hidesValues: Bool { invocation?.contains("--redact") ?? false }

  /// The revision of this id; of duplicates the first.
  package func revision(_ id: RevisionID) -> Revision? { revisions[id] }

  /// Whether a finding fails the run.
  package func fails(_ finding: Finding) -> Bool { finding.severity >= failOn }

  /// The title of a revision, of which the files may know nothing.
  func title(of id: RevisionID) -> String { revision(id)?.title ?? id.text }

  /// A file's path as the working folder sees it, also where it lies beside the project.
  func path(_ file: String) -> String {
    guard file.hasPrefix("/") else {
      return folder.isEmpty || folder == "." ? file : "\(folder)/\(file)"
    }
    guard let top, file.hasPrefix("\(top)/") else { return file }
    return String(file.dropFirst(top.count + 1))
  }

  /// The working folder, absolute; nil where the project does not lie in it.
  private var top: String? {
    if folder.isEmpty || folder == "." { return record.project }
    return record.project.hasSuffix("/\(folder)")
      ? String(record.project.dropLast(folder.count + 1)) : nil
  }

  /// Where a finding is to be mended; its revision's file where it names none itself.
  func place(of finding: Finding) -> Place? {
    place(file: finding.file, line: finding.line, revision: finding.revision, step: finding.step)
  }

  /// Where the cause of what could not be judged is to be looked for: where its fault says, else in
  /// the step's revision.
  func place(of unjudged: Unjudged) -> Place? {
    place(
      file: unjudged.fault.file, line: unjudged.fault.line, revision: unjudged.revision,
      step: unjudged.step)
  }

  /// Where a fault itself says that its cause is.
  func place(of fault: Fault) -> Place? {
    place(file: fault.file, line: fault.line, revision: nil, step: nil)
  }

  /// Where what is said of the history as a whole stands for readers that refuse what has no place: at
  /// its last revision.
  var placeOfTheWhole: Place {
    guard let last = record.revisions.last, !last.file.isEmpty else {
      return Place(file: folder.isEmpty ? "." : folder, line: nil)
    }
    return Place(file: path(last.file), line: nil)
  }

  private func place(
    file: String?, line: Int?, revision: RevisionID?, step: StepName?
  ) -> Place? {
    if let file, !file.isEmpty { return Place(file: path(file), line: line) }
    guard let revision = revision.flatMap({ self.revision($0) }), !revision.file.isEmpty else {
      return nil
    }
    let line = step?.direction == .down ? revision.downgradeLine : revision.upgradeLine
    return Place(file: path(revision.file), line: line)
  }
}

/// A line of a file, as `path:line`.
struct Place: Hashable, CustomStringConvertible {
  let file: String
  let line: Int?

  var description: String { line.map { "\(file):\($0)" } ?? file }
}
