import Databases
import History
import Rules
import Walks

/// Of which revisions there is something to say, and what, as a table of Markdown.
struct SummaryTable {
  private static let rowLimit = 200

  /// As the repository sees it.
  let report: Report

  private struct Row: Hashable {
    let revision: RevisionID?
    let engine: Engine?
  }

  /// nil where there is nothing to say of any.
  var text: String? {
    var rows: [Row] = []
    var said: [Row: [String]] = [:]
    func say(_ text: String, of row: Row) {
      if said[row] == nil { rows.append(row) }
      if said[row]?.contains(text) != true { said[row, default: []].append(text) }
    }
    for finding in report.judgement.findings {
      let weight = finding.severity == .error ? "" : " (\(finding.severity.rawValue))"
      say(
        "`\(finding.rule)`\(weight)", of: Row(revision: finding.revision, engine: finding.engine))
    }
    for unjudged in report.unjudged {
      say("could not be judged", of: Row(revision: unjudged.revision, engine: unjudged.engine))
    }
    for engine in report.record.engines {
      for trip in engine.roundTrips {
        guard case .blocked(let by)? = trip.steps.first?.outcome else { continue }
        say(
          "not reached: it needs \(MarkdownText.inline(by.text))",
          of: Row(revision: trip.revision, engine: engine.engine))
      }
    }
    guard !rows.isEmpty else { return nil }
    let lines = merged(rows, said).map { row in
      let name = row.revision.map { MarkdownText.inline(report.title(of: $0), limit: 120) }
      return "| \(name ?? "the whole") | \(Words.list(row.engines.map(\.title))) | "
        + "\(row.said.joined(separator: "<br>")) |"
    }
    let more = lines.count - Self.rowLimit
    let last = more > 0 ? ["| … | | \(Words.count(more, "more row")) |"] : []
    return
      (["| revision | engine | what was seen |", "| --- | --- | --- |"]
      + lines.prefix(Self.rowLimit) + last).joined(separator: "\n")
  }

  /// One row where the same was seen of a revision on several engines.
  private func merged(
    _ rows: [Row], _ said: [Row: [String]]
  ) -> [(revision: RevisionID?, engines: [Engine], said: [String])] {
    var merged: [(revision: RevisionID?, engines: [Engine], said: [String])] = []
    var places: [RevisionID?: [Int]] = [:]
    for row in rows {
      let words = said[row, default: []]
      let same = places[row.revision]?.first {
        merged[$0].said == words && !merged[$0].engines.isEmpty
      }
      if let engine = row.engine, let same {
        merged[same].engines.append(engine)
      } else {
        places[row.revision, default: []].append(merged.count)
        merged.append((row.revision, [row.engine].compactMap(\.self), words))
      }
    }
    return merged
  }
}
