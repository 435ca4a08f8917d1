import Databases
import History
import Rules
import Walks

/// The run as a page of Markdown: summary.md, and what GitHub shows on the page of a job.
package struct SummaryPage {
  /// GitHub refuses a step's summary beyond it
  /// (https://docs.github.com/actions/reference/workflow-commands-for-github-actions#step-isolation-and-limits).
  package static let limit = 1_048_576
  /// How every page begins.
  static let beginning = "## Stairway: "
  /// Bytes that are kept free for the sentence that says what was left out.
  private static let reserve = 256
  private static let remarkLimit = 50

  /// As the repository sees it.
  let report: Report

  /// - Parameter limit: bytes that the page may have.
  func text(limit: Int = limit) -> String {
    // Where little room is left, what is said first stays, and what is left out is counted.
    let parts = [heading, checklist, SummaryTable(report: report).text].compactMap(\.self)
    let pages = parts.indices.reversed().lazy.map { last in
      parts[...last].joined(separator: "\n\n") + "\n"
    }
    let findings = findings
    let unjudged = report.unjudged
    guard var page = pages.first(where: { $0.utf8.count + Self.reserve <= limit }) else {
      let head = heading + "\n"
      let counted = head + Self.leaving(unjudged.count + findings.count)
      return [counted, head].first { $0.utf8.count <= limit } ?? ""
    }
    let blocks =
      unjudged.map { unjudged in { block(unjudged) } }
      + findings.map { finding in { block(finding) } }
    var left = blocks.count
    var bytes = page.utf8.count
    for block in blocks {
      let text = "\n" + block()
      guard bytes + text.utf8.count + Self.reserve <= limit else { break }
      page += text
      bytes += text.utf8.count
      left -= 1
    }
    page += Self.leaving(left)
    if left == 0, let remarks {
      page +=
        page.utf8.count + remarks.utf8.count + Self.reserve <= limit
        ? "\n" + remarks : "\nThe remarks did not fit here: report.html has all of them.\n"
    }
    return page
  }

  /// That something did not fit; empty where all did.
  private static func leaving(_ count: Int) -> String {
    count == 0
      ? ""
      : "\n\(Words.count(count, "more finding")) did not fit here: report.json has all of them.\n"
  }

  private var findings: [Finding] { report.judgement.findings.worstFirst }

  private var heading: String {
    let parts = report.summaryLine(style: Style())
    return Self.beginning + "\(verdict)\n\n" + MarkdownText.inline(parts, limit: 1_000)
  }

  private var verdict: String {
    switch report.summary.verdict {
    case .verified: report.record.rehearsal == nil ? "verified" : "rehearsed"
    case .findings: Words.count(failing, "finding") + " to mend"
    case .unknown:
      "could not be \(report.record.rehearsal == nil ? "verified" : "rehearsed")"
    case .nothing: "nothing to verify"
    }
  }

  /// A rehearsal's checklist, as a list of tasks.
  private var checklist: String? {
    guard let checklist = report.checklist else { return nil }
    let (word, sentence) = checklist.verdictWords
    let lines = checklist.items.flatMap { item in
      // A box is ticked or not; what could not be found out is not, and says so.
      let mark = item.state == .done ? "[x]" : "[ ]"
      let doubt = item.state == .unknown ? " (not found out)" : ""
      return ["- \(mark) **\(item.title)**\(doubt): \(MarkdownText.inline(item.answer))"]
        + item.details.map { "  - \(MarkdownText.inline($0))" }
    }
    return (["**\(word)**: \(sentence)", ""] + lines).joined(separator: "\n")
  }

  private var failing: Int { report.judgement.findings.count { report.fails($0) } }

  private func block(_ finding: Finding) -> String {
    let about = [finding.engine?.title, finding.revision?.text].compactMap(\.self)
      .joined(separator: " ")
    return details(
      title: "<b>\(finding.severity.rawValue)</b> \(MarkdownText.html(finding.rule.text))"
        + (about.isEmpty ? "" : " · " + MarkdownText.html(about)) + ": "
        + MarkdownText.html(finding.message),
      place: report.place(of: finding),
      FindingDetail(finding, in: report, limits: .page))
  }

  private func block(_ unjudged: Unjudged) -> String {
    let output = VisibleText.withoutColour(unjudged.fault.output).split(separator: "\n")
      .map(String.init)
    var evidence: [DetailLine] = []
    if !output.isEmpty {
      evidence.append(.init(role: .label, text: "its last output"))
      evidence += CappedText.lines(Array(output.suffix(20)), limit: 20, width: 400).map {
        DetailLine(role: .statement, text: $0)
      }
    }
    return details(
      title: "<b>unknown</b> \(MarkdownText.html(unjudged.fault.code.rawValue)): "
        + MarkdownText.html(unjudged.sentence),
      place: report.place(of: unjudged),
      FindingDetail(evidence: evidence, fix: unjudged.fault.fix.map { [$0] } ?? []))
  }

  private func details(title: String, place: Place?, _ detail: FindingDetail) -> String {
    var lines = ["<details><summary>\(title)</summary>", ""]
    if let place { lines += [MarkdownText.code(place.description), ""] }
    for part in detail.parts {
      lines += ["\(MarkdownText.inline(part.label)):", ""]
      lines += MarkdownText.fenced(part.lines, as: part.language) + [""]
    }
    if !detail.fix.isEmpty { lines += ["fix:", ""] + MarkdownText.fenced(detail.fix) + [""] }
    return (lines + ["</details>"]).joined(separator: "\n") + "\n"
  }

  /// What is no finding: left out, not reached, declared.
  private var remarks: String? {
    let all = Remarks(report: report).all
    guard !all.isEmpty else { return nil }
    let more = all.count - Self.remarkLimit
    let lines =
      all.prefix(Self.remarkLimit).map { "- \($0.label): \(MarkdownText.inline($0.text))" }
      + (more > 0 ? ["- \(more) more"] : [])
    return lines.joined(separator: "\n") + "\n"
  }
}

extension FindingDetail {
  /// Some evidence with what it is.
  struct Part {
    let label: String
    /// What it is written in.
    let language: String
    fileprivate(set) var lines: [String]
  }

  /// The evidence by its labels.
  var parts: [Part] {
    var parts: [Part] = []
    for line in evidence {
      if line.role == .label {
        let language =
          switch line.text {
          case "difference": "diff"
          case "statement": "sql"
          default: "text"
          }
        parts.append(Part(label: line.text, language: language, lines: []))
      } else if !parts.isEmpty {
        parts[parts.count - 1].lines.append(line.text)
      }
    }
    return parts
  }
}
