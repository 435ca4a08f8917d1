import Databases
import History
import Rules

/// What is worth a line though it is no finding: what was left out, not reached, declared or known.
struct PageRemarks {
  private static let limit = 1_000

  let contents: PageContents

  var section: PageSection? {
    let remarks = Remarks(report: contents.report).all
    let known = contents.report.judgement.declared.filter { $0.origin == .baseline }
    let count = remarks.count + known.count
    guard count > 0 else { return nil }
    let lines =
      remarks.prefix(Self.limit).map { remark -> Markup in
        "<li><b>\(remark.label)</b> \(PageText.title(remark.text, limit: 1_000))</li>\n"
      }
      + known.prefix(Self.limit).map { known -> Markup in
        let finding = known.finding
        let about = [finding.rule.text, finding.engine?.title, finding.revision?.text]
          .compactMap(\.self).joined(separator: " ")
        return
          "<li><b>known</b> \(PageText.title(about)): \(PageText.title(finding.message))</li>\n"
      }
    let more = count - lines.count
    let cut: Markup = more > 0 ? "<p class=\"cut\">\(more) more in report.json.</p>" : ""
    return PageSection(
      id: "remarks", title: "Worth knowing", count: "\(count)",
      content: "<ul class=\"remarks\">\n\(lines)</ul>\n\(cut)")
  }
}
