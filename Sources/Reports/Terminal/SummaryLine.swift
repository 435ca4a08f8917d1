import Databases
import Rules
import Walks

extension Report {
  /// The run in one line, or as many as a narrow terminal needs, without a line's end:
  /// `5 revisions on SQLite 3.40.1 and PostgreSQL 15.18: 2 errors, 1 warning · reports in reports/`.
  ///
  /// - Parameter reports: the report folder; nil where none is written.
  package func summaryLine(style: Style, reports: String? = nil) -> String {
    var parts = [head(style) + verdict(style)]
    if record.duration > 0 { parts.append(Words.duration(record.duration)) }
    if let reports {
      parts.append(
        "reports in \(VisibleText.oneLine(reports.hasSuffix("/") ? reports : reports + "/"))")
    }
    let line = parts.joined(separator: style.paint(" · ", .faint))
    return Wrapping.lines(style.shown(line), width: style.width).joined(separator: "\n")
  }

  private func head(_ style: Style) -> String {
    guard summary.verdict != .nothing else { return "" }
    let engines = record.engines.map { engine in
      VisibleText.oneLine("\(engine.engine.title) \(engine.version)")
    }
    let places = engines.isEmpty ? "" : " on " + Words.list(engines)
    let touched = record.log?.since?.touched.count ?? 0
    let count =
      unchangedSince
      ?? Words.count(summary.revisions > 0 ? summary.revisions : touched, "revision")
    return style.paint(count, .bold) + places + ": "
  }

  /// That only what changed was asked for, and nothing has; nil otherwise.
  private var unchangedSince: String? {
    guard let since = record.log?.since, summary.revisions == 0, since.touched.isEmpty else {
      return nil
    }
    if let gone = since.departed?.count {
      return "\(Words.count(gone, "revision")) gone since \(since.reference), no other changed"
    }
    return "no revision changed since \(since.reference)"
  }

  private func verdict(_ style: Style) -> String {
    var parts: [String] = []
    func add(_ number: Int, _ text: String, _ tone: Style.Tone) {
      if number > 0 { parts.append(style.paint(text, tone)) }
    }
    switch summary.verdict {
    case .nothing:
      add(1, "nothing to verify: \(unchangedSince ?? "there are no revisions")", .warning)
    case .verified where record.engines.isEmpty: add(1, "nothing wrong with the history", .good)
    case .verified: add(1, record.rehearsal == nil ? "verified" : "rehearsed", .good)
    case .findings, .unknown: break
    }
    add(summary.errors, Words.count(summary.errors, "error"), .error)
    add(summary.warnings, Words.count(summary.warnings, "warning"), .warning)
    add(summary.notes, Words.count(summary.notes, "note"), .note)
    add(summary.unjudged, "\(summary.unjudged) could not be judged", .error)
    add(summary.blocked, "\(summary.blocked) not reached", .warning)
    add(summary.unfilled, Words.count(summary.unfilled, "table") + " without rows", .warning)
    add(summary.declared, "\(summary.declared) declared", .faint)
    add(summary.known, "\(summary.known) in the baseline", .faint)
    add(summary.gone, "\(Words.count(summary.gone, "line")) of the baseline can go", .faint)
    for left in record.leftOut { add(1, "\(left.engine.title) left out", .warning) }
    return parts.joined(separator: ", ")
  }
}
