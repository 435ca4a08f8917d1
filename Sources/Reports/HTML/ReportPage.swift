import Databases
import Rules
import Walks

/// report.html: the run as one file that a browser shows without a network, and without its script.
///
/// From the top: the verdict with the command that reproduces it, a rehearsal's checklist, the findings, the
/// staircase, the history, what is worth a line, and what it was run with. Each part is a `PageSection`.
struct ReportPage {
  /// How every page begins.
  static let beginning = "<!DOCTYPE html>\n<html lang=\"en\" data-made-by=\"stairway\">"

  let contents: PageContents

  /// - Parameter report: as the repository sees it.
  init(_ report: Report) { contents = PageContents(report) }

  var text: String {
    let sections = sections.filter { !$0.isEmpty }
    let head = PageHead(contents: contents)
    let page: Markup = """
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(PageFiles.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(head.title)</title>
      <style>\(PageFiles.style)</style>
      </head>
      <body>
      <a class="skip" href="#main">To the findings</a>
      \(head.markup)
      <nav aria-label="Parts of the report"><ul>
      \(sections.map(\.link))
      </ul></nav>
      <main id="main">
      \(sections.map(\.markup))
      </main>
      <footer>Stairway \(contents.report.version) · <code>report.json</code> beside this page holds everything.</footer>
      <script>\(PageFiles.script)</script>
      </body>
      </html>

      """
    return Self.beginning + "\n" + page.text
  }

  private var sections: [PageSection] {
    let rehearsal = contents.report.record.rehearsal
    return [
      contents.report.checklist.map { PageChecklist(checklist: $0).section },
      PageFindings(contents: contents).section,
      rehearsal.map { RehearsalTimeLine(contents: contents, rehearsal: $0).section },
      rehearsal == nil ? PageStaircase(contents: contents).section : nil,
      PageHistory(contents: contents).section,
      PageRemarks(contents: contents).section,
      PageEnvironment(contents: contents).section,
    ].compactMap(\.self)
  }
}

/// A part of the page, which its list of parts links to.
struct PageSection {
  /// What links name it by; written by this program.
  let id: String
  let title: String
  /// Beside the title in the list of parts; empty where there is nothing to count.
  var count = ""
  let content: Markup

  var isEmpty: Bool { content.text.isEmpty }

  var link: Markup {
    let count: Markup = count.isEmpty ? "" : " <span class=\"count\">\(count)</span>"
    return "<li><a href=\"#\(id)\">\(title)\(count)</a></li>\n"
  }

  var markup: Markup {
    """
    <section id="\(id)" aria-labelledby="\(id)-title">
    <h2 id="\(id)-title">\(title)</h2>
    \(content)
    </section>

    """
  }
}
