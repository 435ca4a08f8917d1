import Databases
import History
import Rules
import Walks

/// One line a finding: `path:line: error[rule] engine revision: message`.
struct ConciseText {
  let report: Report
  let style: Style

  var text: String {
    let findings = report.judgement.findings.map { finding in
      line(
        place: report.place(of: finding),
        label: "\(finding.severity.rawValue)[\(finding.rule)]", tone: finding.severity.tone,
        about: [finding.engine?.rawValue, finding.revision?.text], message: finding.message)
    }
    let unjudged = report.unjudged.map { unjudged in
      line(
        place: report.place(of: unjudged),
        label: "unknown[\(unjudged.fault.code.rawValue)]", tone: .error,
        about: [unjudged.engine?.rawValue, unjudged.revision?.text],
        message: unjudged.message)
    }
    return (findings + unjudged).map { $0 + "\n" }.joined()
  }

  private func line(
    place: Place?, label: String, tone: Style.Tone, about: [String?], message: String
  ) -> String {
    let subject = about.compactMap(\.self).joined(separator: " ")
    let place = place.map { style.paint(VisibleText.oneLine($0.description) + ":", .bold) + " " }
    return (place ?? "") + style.paint(VisibleText.oneLine(label), tone)
      + (subject.isEmpty ? "" : " " + VisibleText.oneLine(subject)) + ": "
      + VisibleText.oneLine(message)
  }
}
