import Databases
import History
import Rules
import Walks

/// Every finding with its evidence, and all that could not be judged, worst first.
struct PageFindings {
  /// Findings that are listed at all.
  private static let limit = 5_000
  /// Bytes of evidence, after which findings are told by their sentence alone.
  private static let room = 8_000_000

  let contents: PageContents
  private var report: Report { contents.report }

  var section: PageSection {
    let all = contents.unjudged.count + contents.entries.count
    guard all > 0 else {
      return PageSection(
        id: "findings", title: "Findings",
        content: "<p class=\"nothing\"><span class=\"sign good\">✓</span> \(nothing)</p>")
    }
    return PageSection(
      id: "findings", title: "Findings", count: "\(all)", content: "\(filter)\(cards)")
  }

  private var nothing: String {
    switch report.summary.verdict {
    case .nothing: "There was nothing to look at."
    default: "Nothing was found that is wrong."
    }
  }

  /// Something that the findings can be narrowed to.
  private struct Box {
    let name: String
    let value: String
    let title: String
    let count: Int
  }

  /// Shown by the script, which it needs.
  private var filter: Markup {
    let findings = contents.entries.map(\.finding)
    let severities = Severity.allCases.reversed().map { severity in
      Box(
        name: "severity", value: severity.rawValue,
        title: "\(Mark(severity).sign) \(severity.rawValue)",
        count: findings.count { $0.severity == severity })
    }
    let unknown = Box(
      name: "severity", value: "unknown", title: "\(Mark.unknown.sign) unknown",
      count: contents.unjudged.count)
    let engines = Engine.allCases.map { engine in
      Box(
        name: "engine", value: engine.rawValue, title: engine.title,
        count: findings.count { $0.engine == engine }
          + contents.unjudged.count { $0.engine == engine })
    }.filter { $0.count > 0 }
    let shown =
      ([unknown] + severities).filter { $0.count > 0 } + (engines.count > 1 ? engines : [])
    let boxes = shown.map { box -> Markup in
      "<label><input type=\"checkbox\" name=\"\(box.name)\" value=\"\(box.value)\"> \(box.title) <span class=\"count\">\(box.count)</span></label>\n"
    }
    return """
      <form id="filter" role="search" hidden>
      <label class="search"><span>Search</span>
      <input type="search" name="q" autocomplete="off" spellcheck="false" placeholder="rule, revision, table, file"></label>
      <fieldset><legend>Only</legend>\(boxes)</fieldset>
      <p class="tools"><output id="shown"></output>
      <button type="button" id="open-all">Open all</button> <button type="button" id="close-all">Close all</button></p>
      </form>

      """
  }

  private var cards: Markup {
    let all = contents.unjudged.count + contents.entries.count
    var result = Markup()
    for (index, unjudged) in contents.unjudged.prefix(Self.limit).enumerated() {
      let card = FindingCard(unjudged, number: index + 1, in: contents)
      result += card.markup(isOpen: all <= 3 || index == 0)
    }
    var excerpts = 0
    for (index, entry) in contents.entries.prefix(Self.limit).enumerated() {
      let isFirst = index == 0 && contents.unjudged.isEmpty
      excerpts += 1
      let card = FindingCard(entry, in: contents, readsFiles: excerpts <= 500)
      result += card.markup(
        isOpen: all <= 3 || isFirst, isWhole: result.text.utf8.count < Self.room)
    }
    let more =
      max(0, contents.entries.count - Self.limit) + max(0, contents.unjudged.count - Self.limit)
    if more > 0 {
      result +=
        "<p class=\"cut\">\(Words.count(more, "more finding")) not listed here: report.json has all of them.</p>"
    }
    return result
  }
}
