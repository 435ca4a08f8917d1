import Databases
import Formats
import History
import Rules
import Walks

/// Workflow commands, which GitHub turns into annotations beside the changed lines
/// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
struct GitHubCommands {
  /// GitHub silently drops what a step says beyond it.
  static let limitOfEachKind = 10

  private let report: Report
  /// Where the rest is to be read.
  private let reports: String

  /// - Parameter reports: the report folder; nil where none is written.
  init(_ report: Report, reports: String?) {
    self.report = report.inRepository
    self.reports = reports.map { "report.json in \($0)" } ?? "report.json"
  }

  var text: String {
    let findings = report.judgement.findings
    func commands(_ severity: Severity) -> [() -> String] {
      findings.filter { $0.severity == severity }.map { finding in { command(for: finding) } }
    }
    let unjudged = report.unjudged.map { unjudged in
      { command(for: unjudged) }
    }
    let all =
      limited(unjudged + commands(.error), kind: "error")
      + limited(commands(.warning), kind: "warning")
      + limited(enginesLeftOut + commands(.note), kind: "notice")
    return all.map { $0 + "\n" }.joined()
  }

  /// That nothing is known of an engine, which a list of findings does not show.
  private var enginesLeftOut: [() -> String] {
    report.record.leftOut.map { left in
      { Self.command("notice", title: "\(left.engine.title) is left out", message: left.reason) }
    }
  }

  /// Writes out only what will be shown.
  private func limited(_ commands: [() -> String], kind: String) -> [String] {
    guard commands.count > Self.limitOfEachKind else { return commands.map { $0() } }
    let rest = commands.count - Self.limitOfEachKind + 1
    let last = Self.command(
      kind, title: "stairway: \(rest) more",
      message:
        "\(rest) more of this kind are in \(reports) and, where it is not switched off, in the "
        + "summary of the job: GitHub shows \(Self.limitOfEachKind) of a step")
    return commands.prefix(Self.limitOfEachKind - 1).map { $0() } + [last]
  }

  private func command(for finding: Finding) -> String {
    let kind =
      switch finding.severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "notice"
      }
    let about = [finding.engine?.title, finding.revision?.text].compactMap(\.self)
    let detail = FindingDetail(finding, in: report, limits: .terminal).plainText
    let message = finding.message + (detail.isEmpty ? "" : "\n" + detail)
    return Self.command(
      kind, place: report.place(of: finding),
      title: "\(finding.rule)" + (about.isEmpty ? "" : " (\(about.joined(separator: ", ")))"),
      message: message)
  }

  private func command(for unjudged: Unjudged) -> String {
    let about = [unjudged.engine?.title ?? "the project", unjudged.revision?.text]
      .compactMap(\.self)
    let fix = unjudged.fault.fix.map { "\nfix: \($0)" } ?? ""
    return Self.command(
      "error",
      place: report.place(of: unjudged),
      title: "could not be judged (\(about.joined(separator: ", ")))",
      message: unjudged.message + fix)
  }

  static func command(
    _ kind: String, place: Place? = nil, title: String, message: String
  ) -> String {
    var properties: [String] = []
    if let place {
      properties.append("file=\(escapedProperty(place.file))")
      if let line = place.line { properties.append("line=\(line)") }
    }
    properties.append("title=\(escapedProperty(VisibleText.oneLine(title)))")
    let message = CappedText.bytes(VisibleText.lines(message), limit: 4_000)
    return "::\(kind) \(properties.joined(separator: ","))::\(escaped(message))"
  }

  /// Line breaks and percent signs, as GitHub's own toolkit escapes them; with them no text can begin
  /// a command of its own.
  private static func escaped(_ text: String) -> String {
    PercentEncoding.encoded(text, only: "%\r\n")
  }

  private static func escapedProperty(_ text: String) -> String {
    PercentEncoding.encoded(VisibleText.lines(text), only: "%\r\n:,")
  }
}
