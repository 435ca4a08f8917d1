import Databases
import History
import Rules
import Walks

/// Each revision's way up, down and up, as a picture for each engine and as a table of all steps.
struct PageStaircase {
  let contents: PageContents
  private var report: Report { contents.report }

  var section: PageSection? {
    guard !contents.trips.isEmpty else { return nil }
    let engines = report.record.engines.filter { !$0.roundTrips.isEmpty }
    let pictures = engines.map { engine -> Markup in
      let trips = contents.trips.filter { $0.engine == engine.engine }
      let title = PageText.title("\(engine.engine.title) \(engine.version)")
      return StaircasePicture(contents: contents, trips: trips, title: title).markup
    }
    return PageSection(
      id: "staircase", title: "Staircase", count: "\(report.summary.revisions)",
      content: "\(legend)\(pictures)\(wholes(engines))\(table)")
  }

  private var legend: Markup {
    let marks = Mark.allCases.map { mark -> Markup in
      "<li><span class=\"sign \(mark.rawValue)\">\(mark.sign)</span> \(mark.word)</li>"
    }
    return "<ul class=\"legend\" aria-label=\"Signs\">\(marks)</ul>\n"
  }

  private static let steps: [(name: StepName, title: String, explanation: String)] = [
    (.upgrade, "up", "the upgrade"), (.downgrade, "down", "the downgrade"),
    (.reupgrade, "up", "the second upgrade"),
    (.rollback, "down with rows", "the downgrade with rows that were written after the upgrade"),
    (.recovery, "up again", "the upgrade after that"),
  ]

  private var table: Markup {
    let shown = contents.listedTrips
    let heads = Self.steps.map { step -> Markup in
      "<th scope=\"col\" title=\"\(step.explanation)\">\(step.title)</th>"
    }
    let left = contents.trips.count - shown.count
    let cut: Markup =
      left == 0
      ? ""
      : "<p class=\"cut\">\(Words.count(left, "more row")) not listed here: report.json has all of them.</p>\n"
    return """
      <div class="scroll" role="region" aria-label="All steps" tabindex="0">
      <table id="steps">
      <caption>Every revision, step by step</caption>
      <thead><tr><th scope="col">revision</th><th scope="col">engine</th>\(heads)<th scope="col" class="number">took</th><th scope="col">seen</th></tr></thead>
      <tbody>
      \(rows(shown))</tbody>
      </table></div>
      \(cut)
      """
  }

  private func rows(_ trips: [PageContents.Trip]) -> [Markup] {
    var named: Set<RevisionID> = []
    return trips.map { trip in
      let isFirst = named.insert(trip.revision).inserted
      let anchor: Markup = isFirst ? " id=\"\(PageAnchor(trip.revision).text)\"" : ""
      let cells = Self.steps.map { cell(trip, $0.name) }
      return """
        <tr\(anchor) data-engine="\(trip.engine.rawValue)"><th scope="row">\(title(trip.revision))</th><td>\(trip.engine.title)</td>\(cells)<td class="number">\(trip.duration.duration)</td><td>\(seen(trip))</td></tr>

        """
    }
  }

  private func title(_ id: RevisionID) -> Markup {
    let message = report.revision(id)?.message ?? ""
    return
      "<code>\(PageText.title(id.text, limit: 80))</code> \(PageText.title(message, limit: 120))"
  }

  private func cell(_ trip: PageContents.Trip, _ name: StepName) -> Markup {
    guard let step = trip.record.step(name), let mark = trip.marks[name] else { return "<td></td>" }
    let sign: Markup = "<td><span class=\"sign \(mark.rawValue)\">\(mark.sign)</span> "
    switch step.outcome {
    case .succeeded:
      return "\(sign)\(mark == .good ? "" : mark.word + " ")\(step.duration.duration)</td>"
    case .failed: return "\(sign)failed</td>"
    case .unjudged, .blocked, .skipped: return "\(sign)\(mark.word)</td>"
    }
  }

  private func seen(_ trip: PageContents.Trip) -> Markup {
    var parts = trip.entries.map { entry -> Markup in
      "<a href=\"#\(entry.anchor.text)\">\(PageText.title(entry.finding.rule.text))</a>"
    }
    for step in trip.record.steps {
      switch step.outcome {
      case .blocked(let by) where step == trip.record.steps.first:
        parts.append("needs <code>\(PageText.title(by.text, limit: 80))</code>")
      case .unjudged(let fault):
        parts.append("\(PageText.title(fault.code.rawValue))")
      default: break
      }
    }
    return parts.prefix(20).map(\.self).joined(by: ", ")
  }

  /// The descent and the ascent, which are of all revisions.
  private func wholes(_ engines: [EngineRecord]) -> Markup {
    let lines = engines.flatMap { engine in
      [engine.approach, engine.descent, engine.ascent].compactMap(\.self).map { step -> Markup in
        let entries = contents.entries.filter {
          $0.finding.revision == nil && $0.finding.engine == engine.engine
            && $0.finding.step == step.name
        }
        let mark = max(
          Mark(step.outcome), entries.map { Mark($0.finding.severity) }.max() ?? .good)
        let links = entries.prefix(20).map { entry -> Markup in
          " <a href=\"#\(entry.anchor.text)\">\(PageText.title(entry.finding.rule.text))</a>"
        }
        let time: Markup = step.outcome.isSkipped ? "" : " in \(step.duration.duration)"
        return """
          <li><span class="sign \(mark.rawValue)">\(mark.sign)</span> \(engine.engine.title): \(CheckGroup(step.name).title)\(time), \(mark.word)\(links)</li>

          """
      }
    }
    return lines.isEmpty ? "" : "<ul class=\"wholes\">\n\(lines)</ul>\n"
  }
}
