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
    var blocks = rehearsal.map { [wrapped($0.verdict).joined(separator: "\n")] } ?? []
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
    if let rehearsal {
      blocks.append(wrapped(rehearsal.text, hanging: 2).joined(separator: "\n"))
    }
    let remarks = Remarks(report: report).all.map { remark in
      labelled("\(remark.label): ", remark.label == "note" ? .note : .faint, remark.text)
    }
    if !remarks.isEmpty { blocks.append(remarks.joined(separator: "\n")) }
    blocks.append(report.summaryLine(style: style, reports: reports))
    return style.shown(blocks.joined(separator: "\n\n") + "\n")
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
    let margin = isNarrow ? " " : "   "
    let bar = style.paint(margin + "|", .frame)
    if let place {
      // Whole, however long it is: a terminal can then open it.
      let arrow = style.paint(String(margin.dropFirst()) + "--> ", .frame)
      lines.append(arrow + VisibleText.oneLine(place.description))
    }
    if !detail.evidence.isEmpty {
      lines.append(bar)
      for line in detail.evidence {
        let (indent, tone) = Self.layout(line.role)
        let text = line.role == .label ? line.text + ":" : line.text
        let taken = margin.count + 2 + indent.count
        for part in wrapped(VisibleText.lines(text), taken: taken, hanging: 2) {
          lines.append(part.isEmpty ? bar : "\(bar) \(indent)\(paint(part, tone))")
        }
      }
      if !detail.fix.isEmpty { lines.append(bar) }
    }
    return lines + fix(detail.fix, margin)
  }

  /// The fix, whose first line stands behind its label; the others below it, or, where there are few
  /// columns, as far in as they can be.
  private func fix(_ fix: [String], _ margin: String) -> [String] {
    let label = margin + "= fix: "
    let indent = String(repeating: " ", count: isNarrow ? 3 : label.count)
    var lines: [String] = []
    for (index, text) in fix.map(VisibleText.lines).enumerated() {
      guard index == 0 else {
        lines += wrapped(text, taken: indent.count, hanging: 2).map {
          $0.isEmpty ? "" : indent + $0
        }
        continue
      }
      let first = wrapped(label + text, hanging: indent.count - margin.count)
      lines.append(
        style.paint(margin + "= ", .frame) + style.paint("fix: ", .good)
          + (first.first?.dropFirst(label.count) ?? ""))
      lines += first.dropFirst()
    }
    return lines
  }

  /// Whether what is set in takes columns that what is said needs.
  private var isNarrow: Bool { (style.width ?? .max) < 40 }

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
    let text = VisibleText.oneLine(text)
    let lines = wrapped(label + text, taken: 2)
    guard let first = lines.first, first.hasPrefix(label) else {
      let labels = wrapped(String(label.dropLast())).map { style.paint($0, tone) }
      return (labels + wrapped(text, taken: 2).map { "  " + $0 }).joined(separator: "\n")
    }
    let head = style.paint(label, tone) + first.dropFirst(label.count)
    return ([head] + lines.dropFirst().map { "  " + $0 }).joined(separator: "\n")
  }

  private func wrapped(_ text: String, taken: Int = 0, hanging: Int = 0) -> [String] {
    Wrapping.lines(style.shown(text), width: style.width.map { $0 - taken }, hanging: hanging)
  }
}
