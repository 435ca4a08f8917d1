import Databases
import History
import Rules
import Walks

/// The findings as a person reads them, grouped by engine and revision, in the manner of a
/// compiler's diagnostics.
struct FullText {
  let report: Report
  let style: Style

  func text(reports: String?) -> String {
    let rehearsal = report.record.rehearsal.map {
      RehearsalText(report: report, rehearsal: $0, style: style)
    }
    var blocks = rehearsal.map { [$0.verdict] } ?? []
    var heading: String?
    for finding in report.judgement.findings {
      let next = self.heading(of: finding)
      if next != heading {
        heading = next
        blocks.append(wrapped(next).map { style.paint($0, .bold) }.joined(separator: "\n"))
      }
      blocks.append(block(for: finding))
    }
    blocks += report.unjudged.map(block)
    if let rehearsal { blocks.append(rehearsal.text) }
    let remarks = Remarks(report: report).all.map { remark in
      labelled("\(remark.label): ", remark.label == "note" ? .note : .faint, remark.text)
    }
    if !remarks.isEmpty { blocks.append(remarks.joined(separator: "\n")) }
    blocks.append(report.summaryLine(style: style, reports: reports))
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func heading(of finding: Finding) -> String {
    var parts: [String] = []
    if let engine = finding.engine {
      let version = report.record.engines.first { $0.engine == engine }?.version ?? ""
      parts.append(version.isEmpty ? engine.title : "\(engine.title) \(version)")
    } else {
      switch CheckGroup(finding) {
      case .settings: parts.append("Settings")
      case .parity: parts.append(Words.list(Engine.allCases.map(\.title)))
      default: parts.append("History")
      }
    }
    if let revision = finding.revision { parts.append(report.title(of: revision)) }
    return VisibleText.oneLine(parts.joined(separator: " · "))
  }

  private func block(for finding: Finding) -> String {
    let label = "\(finding.severity.rawValue)[\(VisibleText.oneLine(finding.rule.text))]: "
    let detail = FindingDetail(finding, in: report, limits: .terminal)
    var lines = [
      labelled(label, finding.severity.tone, finding.message)
    ]
    lines += frame(place: report.place(of: finding), detail)
    return lines.joined(separator: "\n")
  }

  private func block(for unjudged: Unjudged) -> String {
    let fault = unjudged.fault
    var lines = [
      labelled(
        "unknown[\(VisibleText.oneLine(fault.code.rawValue))]: ", .error,
        unjudged.sentence)
    ]
    var evidence: [DetailLine] = []
    let output = VisibleText.withoutColour(fault.output)
    if !output.isEmpty {
      evidence.append(.init(role: .label, text: "its last output"))
      let all = output.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
      evidence += CappedText.lines(Array(all.suffix(12)), limit: 12, width: 400).map {
        DetailLine(role: .statement, text: $0)
      }
    }
    lines += frame(
      place: report.place(of: unjudged),
      FindingDetail(evidence: evidence, fix: fault.fix.map { [$0] } ?? []))
    return lines.joined(separator: "\n")
  }

  /// The place, the evidence behind a rule on the left, and the fix.
  private func frame(place: Place?, _ detail: FindingDetail) -> [String] {
    var lines: [String] = []
    let bar = style.paint("   |", .frame)
    if let place {
      lines.append(style.paint("  --> ", .frame) + VisibleText.oneLine(place.description))
    }
    if !detail.evidence.isEmpty {
      lines.append(bar)
      for line in detail.evidence {
        let (indent, tone) = Self.layout(line.role)
        let text = line.role == .label ? line.text + ":" : line.text
        for part in wrapped(VisibleText.lines(text), taken: 5 + indent.count) {
          lines.append(part.isEmpty ? bar : "\(bar) \(indent)\(paint(part, tone))")
        }
      }
      if !detail.fix.isEmpty { lines.append(bar) }
    }
    for (index, line) in detail.fix.enumerated() {
      let label = index == 0 ? style.paint("   = ", .frame) + style.paint("fix: ", .good) : ""
      for (part, text) in wrapped(VisibleText.lines(line), taken: 10).enumerated() {
        let isFirst = index == 0 && part == 0
        lines.append(isFirst ? label + text : text.isEmpty ? "" : "          " + text)
      }
    }
    return lines
  }

  private static func layout(_ role: DetailLine.Role) -> (indent: String, Style.Tone?) {
    switch role {
    case .label: ("", .faint)
    case .statement, .frame, .fix: ("  ", nil)
    case .error: ("  ", .bold)
    case .added: ("  ", .added)
    case .removed: ("  ", .removed)
    case .changed: ("  ", .changed)
    }
  }

  private func paint(_ text: String, _ tone: Style.Tone?) -> String {
    tone.map { style.paint(text, $0) } ?? text
  }

  /// A sentence behind a coloured label; the lines that it needs beyond the first are indented.
  private func labelled(_ label: String, _ tone: Style.Tone, _ text: String) -> String {
    let lines = wrapped(label + VisibleText.oneLine(text), taken: 2)
    guard let first = lines.first, first.hasPrefix(label) else {
      return lines.joined(separator: "\n")
    }
    let head = style.paint(label, tone) + first.dropFirst(label.count)
    return ([head] + lines.dropFirst().map { "  " + $0 }).joined(separator: "\n")
  }

  private func wrapped(_ text: String, taken: Int = 0) -> [String] {
    Wrapping.lines(text, width: style.width.map { $0 - taken })
  }
}
