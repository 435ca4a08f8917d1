import Databases
import Formats
import History
import Rules
import Schemas
import Walks

/// Writes a run as GitLab's code quality report, a line for each finding
/// (<https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>).
struct CodeQualityText {
  /// What stands before a rule's name, since GitLab puts several tools' reports together.
  static let checkPrefix = "stairway/"
  private static let messageLimit = 1_024

  private struct Issue: Encodable {
    struct Location: Encodable {
      struct Lines: Encodable { let begin: Int }

      let path: String
      let lines: Lines
    }

    let checkName: String
    let description: String
    let fingerprint: String
    let severity: String
    let location: Location

    enum CodingKeys: String, CodingKey {
      case description, fingerprint, severity, location
      case checkName = "check_name"
    }
  }

  /// As the repository sees it.
  let report: Report

  /// - Throws: what the encoder throws.
  func text() throws -> String {
    var names = FindingNames(project: report.repositoryFolder)
    // What could not be judged stands first: without it, an empty list would say that all is well.
    let issues =
      report.unjudged.map { issue($0, &names) }
      + report.judgement.findings.map { issue($0, &names) }
    let lines = try issues.map { try JSONText.encode($0, pretty: false) }
    return lines.isEmpty ? "[]\n" : "[\n" + lines.joined(separator: ",\n") + "\n]\n"
  }

  private func issue(_ finding: Finding, _ names: inout FindingNames) -> Issue {
    let about = [finding.engine?.title, finding.revision?.text].compactMap(\.self)
    return Issue(
      checkName: Self.checkPrefix + finding.rule.text,
      description: Self.sentence(
        finding.message + (about.isEmpty ? "" : " (\(about.joined(separator: ", ")))")),
      fingerprint: names.name(for: finding),
      severity: Self.severity(finding.severity), location: location(report.place(of: finding)))
  }

  private func issue(_ unjudged: Unjudged, _ names: inout FindingNames) -> Issue {
    Issue(
      checkName: Self.checkPrefix + unjudged.fault.code.rawValue,
      description: Self.sentence(unjudged.sentence),
      fingerprint: names.name(
        for: Fingerprint(hashing: "\(unjudged.fault.code.rawValue) \(unjudged.subject)")),
      severity: "blocker",
      location: location(report.place(of: unjudged)))
  }

  private static func sentence(_ text: String) -> String {
    CappedText.oneLine(text, limit: messageLimit)
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "critical"
    case .warning: "minor"
    case .note: "info"
    }
  }

  /// GitLab leaves out what has no place: what is said of the history stands at its last revision.
  private func location(_ place: Place?) -> Issue.Location {
    let place = place ?? report.placeOfTheWhole
    return .init(path: place.file, lines: .init(begin: place.line ?? 1))
  }
}
