private import FoundationEssentials

import Databases
import Rules
import Walks

/// What the run was made with: versions, servers, settings that decide what is found.
struct PageEnvironment {
  let contents: PageContents
  private var report: Report { contents.report }

  var section: PageSection {
    let rows = all.map { name, value -> Markup in
      "<tr><th scope=\"row\">\(PageText.title(name))</th><td>\(PageText.title(value, limit: 1_000))</td></tr>\n"
    }
    return PageSection(
      id: "environment", title: "Environment",
      content: """
        <div class="scroll" role="region" aria-label="Versions and settings" tabindex="0"><table class="pairs"><tbody>
        \(rows)</tbody></table></div>
        """)
  }

  private var all: [(String, String)] {
    let record = report.record
    var rows = [("project", record.project), ("Stairway", report.version)]
    if !record.adapter.isEmpty { rows.append(("adapter", record.adapter)) }
    if record.startedAt > 0 {
      let date = Date(timeIntervalSince1970: record.startedAt.rounded(.down))
      rows.append(("begun", date.formatted(.iso8601)))
    }
    if record.duration > 0 { rows.append(("took", Words.duration(record.duration))) }
    rows.append(("fails on", report.failOn.rawValue))
    if let since = record.log?.since {
      rows.append(("since", "\(since.reference) (\(since.base))"))
    }
    if let supply = record.rows {
      let seed = record.seed.map { ", seed \($0)" } ?? ""
      rows.append(("made-up rows", supply.rawValue + seed))
    }
    for engine in record.engines {
      let versions = engine.environment.sorted { $0.key < $1.key }.map { "\($0) \($1)" }
      let parts = [engine.version, engine.scratch].filter { !$0.isEmpty } + versions
      rows.append((engine.engine.title, parts.joined(separator: ", ")))
    }
    return rows + record.leftOut.map { ($0.engine.title, "left out: \($0.reason)") }
  }
}
