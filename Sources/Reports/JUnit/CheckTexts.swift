import Databases
import History
import Rules
import Walks

/// The findings of one test case in words.
struct CheckTexts {
  let report: Report
  private let failing: [Finding]
  private let passing: [Finding]
  private let declared: [DeclaredFinding]
  private let limit: Int

  init(report: Report, findings: [Finding], declared: [DeclaredFinding], limit: Int) {
    self.report = report
    self.declared = declared
    self.limit = limit
    let sorted = findings.worstFirst
    failing = sorted.filter(report.fails)
    passing = sorted.filter { !report.fails($0) }
  }

  /// Where the worst finding is to be mended.
  var place: Place? { (failing.first ?? passing.first).flatMap { report.place(of: $0) } }

  /// One failure for all findings that fail: JUnit permits one a case.
  var failure: CheckCase.Result? {
    guard let worst = failing.first else { return nil }
    let more = failing.count > 1 ? " (and \(failing.count - 1) more)" : ""
    let message = CappedText.line(worst.message, limit: CheckCase.messageLimit) + more
    return .failure(type: worst.rule.text, message: message, text: joined(failing))
  }

  var declaration: String? {
    guard !declared.isEmpty else { return nil }
    var sentences: [String] = []
    for one in declared {
      let sentence =
        switch one.origin {
        case .allowance: "\(one.finding.rule) is declared: \(one.reason)"
        case .baseline: "\(one.finding.rule) is in the baseline"
        }
      if !sentences.contains(sentence) { sentences.append(sentence) }
    }
    return sentences.joined(separator: "; ")
  }

  /// Findings that fail nothing, and what is declared beside a failure.
  var output: String { passing.isEmpty ? "" : joined(passing) }

  private func joined(_ findings: [Finding]) -> String {
    CappedText.bytes(findings.map(text).joined(separator: "\n\n"), limit: limit)
  }

  private func text(_ finding: Finding) -> String {
    let place = report.place(of: finding).map { "\($0): " } ?? ""
    let detail = FindingDetail(finding, in: report, limits: .file).plainText
    let about = [finding.engine?.title, finding.revision?.text, finding.step?.rawValue]
      .compactMap(\.self).joined(separator: " ")
    let rule = "\(finding.severity.rawValue)[\(finding.rule)]" + (about.isEmpty ? "" : " \(about)")
    return ["\(place)\(finding.message)", rule, detail].filter { !$0.isEmpty }
      .joined(separator: "\n")
  }
}

extension Report {
  /// A revision's name in test cases; given apart, since duplicates share an id.
  func title(of id: RevisionID, in revision: Revision?) -> String {
    guard let message = revision?.message, !message.isEmpty else { return title(of: id) }
    return "\(id) \(CappedText.oneLine(message, limit: Self.titleLimit))"
  }
}
