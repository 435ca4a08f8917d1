import Formats
import Databases
import Rules
import Walks

/// What is said first: the verdict, what it is about, and the command that gives it again.
struct PageHead {
  let contents: PageContents
  private var report: Report { contents.report }

  /// Of the browser's tab.
  var title: String { "\(mark.sign) \(verdict) · \(PageText.title(project, limit: 60))" }

  var markup: Markup {
    """
    <header class="\(mark.rawValue)">
    <p class="name">Stairway <span class="project">\(PageText.title(project))</span></p>
    <h1><span class="sign" aria-hidden="true">\(mark.sign)</span> \(verdict)</h1>
    <p class="summary">\(PageText.title(report.summaryLine(style: Style()), limit: 1_000))</p>
    \(advice)
    \(command)
    </header>
    """
  }

  private var project: String {
    let name = report.record.project.split(separator: "/").last.map(String.init)
    return name ?? report.record.project
  }

  private var mark: Mark {
    switch report.summary.verdict {
    case .verified: .good
    case .findings: .error
    case .unknown: .unknown
    case .nothing: .left
    }
  }

  private var verdict: String {
    if let (word, sentence) = report.checklist?.verdictWords { return "\(word): \(sentence)" }
    switch report.summary.verdict {
    case .verified: return "Verified"
    case .findings:
      return Words.count(report.judgement.findings.count(where: report.fails), "finding")
        + " to mend"
    case .unknown: return "Could not be verified"
    case .nothing: return "Nothing to verify"
    }
  }

  /// What to look at first, and the way there.
  private var advice: Markup {
    if let first = contents.entries.first(where: { report.fails($0.finding) }) {
      let place = report.place(of: first.finding).map { " in \(PageText.title($0.description))" }
      let sentence = PageText.title(first.finding.message)
      return
        "<p class=\"first\">Begin here: <a href=\"#\(first.anchor.text)\">\(sentence)</a>\(place ?? "")</p>"
    }
    if let first = contents.unjudged.first {
      return
        "<p class=\"first\">Begin here: <a href=\"#unjudged-1\">\(PageText.title(first.sentence))</a></p>"
    }
    return ""
  }

  private var command: Markup {
    guard let words = report.invocation, !words.isEmpty else { return "" }
    return """
      <p class="again"><span class="label">This run again</span>
      <code class="command">\(PageText.line(words.commandLine))</code></p>
      """
  }
}

extension [String] {
  /// As a shell takes it.
  var commandLine: String { map(\.quotedForShell).joined(separator: " ") }
}
