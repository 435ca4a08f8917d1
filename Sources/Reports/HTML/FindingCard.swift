import Formats
import Databases
import History
import Rules
import Walks

/// One finding, or one thing that could not be judged: a line that says what, and below it what to do
/// and what was seen.
struct FindingCard {
  private let contents: PageContents
  /// A finding's name, or that of what could not be judged.
  private let anchor: String
  private let mark: Mark
  /// What its weight is called, and what the filter goes by.
  private let weight: String
  private let rule: String
  private let message: String
  private let engine: Engine?
  private let revision: RevisionID?
  private let step: StepRecord?
  private let place: Place?
  private let detail: FindingDetail
  private let finding: Finding?
  private let readsFiles: Bool
  private var report: Report { contents.report }

  /// - Parameter readsFiles: whether the lines that it is about are shown.
  init(_ entry: PageContents.Entry, in contents: PageContents, readsFiles: Bool) {
    self.contents = contents
    let finding = entry.finding
    anchor = entry.anchor.text
    mark = Mark(finding.severity)
    weight = finding.severity.rawValue
    rule = finding.rule.text
    message = finding.message
    engine = finding.engine
    revision = finding.revision
    step = finding.step.flatMap { name in
      contents.trip(of: finding.revision, on: finding.engine)?.record.step(name)
    }
    place = contents.report.place(of: finding)
    detail = FindingDetail(finding, in: contents.report, limits: .html)
    self.finding = finding
    self.readsFiles = readsFiles
  }

  /// - Parameter number: among all that could not be judged.
  init(_ unjudged: Unjudged, number: Int, in contents: PageContents) {
    self.contents = contents
    anchor = "unjudged-\(number)"
    mark = .unknown
    weight = "unknown"
    rule = unjudged.fault.code.rawValue
    message = unjudged.sentence
    engine = unjudged.engine
    revision = unjudged.revision
    step = nil
    place = contents.report.place(of: unjudged)
    let output = VisibleText.withoutColour(unjudged.fault.output)
    let lines = CappedText.lines(output, limit: 200, width: .max)
    detail = FindingDetail(
      evidence: output.isEmpty
        ? []
        : [.init(role: .label, text: "its last output")]
          + lines.map { .init(role: .statement, text: $0) },
      fix: unjudged.fault.fix.map { [$0] } ?? [])
    finding = nil
    readsFiles = false
  }

  /// - Parameter isWhole: false where the page has no room left for what was seen.
  func markup(isOpen: Bool, isWhole: Bool = true) -> Markup {
    let about = [engine?.title, revision.map { report.title(of: $0) }].compactMap(\.self)
      .joined(separator: " · ")
    let open: Markup = isOpen ? " open" : ""
    // The name stands within what is folded, so that a browser unfolds it for whoever follows a link.
    return """
      <details class="finding \(mark.rawValue)" data-severity="\(weight)" data-engine="\(engine?.rawValue ?? "")"\(open)>
      <summary><span class="badge">\(mark.sign) \(weight)</span> <span class="rule">\(PageText.title(rule))</span> <span class="about">\(PageText.title(about))</span>
      <h3>\(PageText.title(message, limit: 500))</h3></summary>
      <div class="body" id="\(anchor)">
      <p class="place">\(location)<a class="permalink" href="#\(anchor)">Link to this finding</a></p>
      \(isWhole ? whole : "<p class=\"cut\">There is no room left for what was seen: report.json has it.</p>")
      </div>
      </details>

      """
  }

  private var location: Markup {
    place.map { "<code>\(PageText.title($0.description))</code> " } ?? ""
  }

  private var whole: Markup {
    let isCut = message.utf8.count > 500
    let full: Markup = isCut ? "<p class=\"full\">\(PageText.line(message))</p>" : ""
    return "\(full)\(fix)\(excerpt)\(detail.parts.map(part))\(sent)\(commands)"
  }

  private var fix: Markup {
    guard !detail.fix.isEmpty else { return "" }
    let lines = detail.fix.map { line -> Markup in "\(PageText.line(line))" }
    return """
      <div class="fix"><h4>What to do</h4>
      <pre>\(lines.joined(by: "\n"))</pre></div>

      """
  }

  private var excerpt: Markup {
    // Of revisions only: a fixture's lines are rows, which the run may have been told to hide.
    guard readsFiles, let place = named, let line = place.line, contents.isRevision(place.file),
      let excerpt = SourceExcerpt(
        of: place.file, line: line, inProject: report.record.project, hiding: report.passwords,
        keepingOnly: contents.shownNames)
    else { return "" }
    let lines = excerpt.lines.map { line -> Markup in
      let content: Markup = "<i>\(line.number)</i> \(PageText.line(line.text))"
      return line.isNamed ? "<mark>\(content)</mark>" : "<span>\(content)</span>"
    }
    return "<h4>the file’s lines</h4>\n<pre class=\"source\">\(lines.joined(by: "\n"))</pre>\n"
  }

  /// The place as the project's folder sees it.
  private var named: Place? {
    guard let finding else { return nil }
    if let file = finding.file, !file.isEmpty { return Place(file: file, line: finding.line) }
    guard let revision = finding.revision.flatMap({ report.revision($0) }) else { return nil }
    let isDown = finding.step?.direction == .down
    return Place(
      file: revision.file, line: isDown ? revision.downgradeLine : revision.upgradeLine)
  }

  private func part(_ part: FindingDetail.Part) -> Markup {
    let lines = part.lines.map { line -> Markup in
      let text = PageText.line(line)
      guard part.isDifference else { return "\(text)" }
      switch line.drop(while: { $0 == " " }).first {
      case "+": return "<ins>\(text)</ins>"
      case "-": return "<del>\(text)</del>"
      default: return "\(text)"
      }
    }
    let text: Markup = "<pre>\(lines.joined(by: "\n"))</pre>"
    // Rows and their values are shown to whoever asks for them.
    let shown: Markup =
      part.isOfRows
      ? "<details class=\"step\"><summary>Show \(Words.count(lines.count, "line"))</summary>\n\(text)</details>"
      : text
    return "<h4>\(PageText.title(part.label))</h4>\n\(shown)\n"
  }

  /// What the step sent, and what it printed.
  private var sent: Markup {
    guard let step, !step.statements.isEmpty || !step.output.isEmpty else { return "" }
    let telling = step.statements.enumerated().filter { !$1.onlyLooksAtSchema }
    let statements = telling.prefix(40).map { index, statement -> Markup in
      let line = statement.line.map { "line \($0), " } ?? ""
      let refused: Markup = statement.error == nil ? "" : " <strong>refused</strong>"
      let sql = CappedText.lines(statement.sql, limit: 12, width: .max).map { line -> Markup in
        "\(PageText.line(line))"
      }
      return
        "<li value=\"\(index + 1)\"><span class=\"faint\">\(line)\(statement.duration.duration)</span>\(refused)\n<pre>\(sql.joined(by: "\n"))</pre></li>\n"
    }
    let looks = step.statements.count - telling.count
    let more = telling.count - statements.count
    let left = [
      looks > 0 ? "\(Words.count(looks, "statement")) that only looked at the schema" : nil,
      more > 0 ? Words.count(more, "more statement") : nil,
    ].compactMap(\.self)
    let rest: Markup =
      left.isEmpty
      ? "" : "<p class=\"cut\">Left out here: \(Words.list(left)); report.json has all.</p>\n"
    let output = CappedText.lines(
      VisibleText.withoutColour(step.output), limit: 40, width: .max
    ).map { line -> Markup in "\(PageText.line(line))" }
    let printed: Markup =
      step.output.isEmpty ? "" : "<h5>printed</h5>\n<pre>\(output.joined(by: "\n"))</pre>\n"
    return """
      <details class="step"><summary>The \(step.name.rawValue): \(Words.count(step.statements.count, "statement")) in \(step.duration.duration)</summary>
      <ol>
      \(statements)</ol>
      \(rest)\(printed)</details>

      """
  }

  private var commands: Markup {
    guard let finding else { return "" }
    let again = report.invocation.flatMap { $0.narrowed(to: finding, in: contents.graph) }
    let lines = [
      again.map { ("Only this revision", $0.commandLine) },
      ("What the rule means", "stairway explain \(finding.rule.text.quotedForShell)"),
    ].compactMap(\.self).map { label, command -> Markup in
      "<p class=\"again\"><span class=\"label\">\(label)</span> <code class=\"command\">\(PageText.line(command))</code></p>\n"
    }
    return "\(lines)"
  }
}

extension Statement {
  /// Whether it asks what there is, as the tool does before each change of SQLite's tables, and was
  /// answered: nothing of the migration's own.
  fileprivate var onlyLooksAtSchema: Bool {
    guard error == nil else { return false }
    let sql = sql.drop(while: \.isWhitespace)
    if sql.hasPrefix("PRAGMA ") { return !sql.contains("=") }
    return sql.hasPrefix("SELECT ")
      && (sql.contains("sqlite_master") || sql.contains("pg_catalog."))
  }
}

extension FindingDetail.Limits {
  /// Whose lines `PageText` cuts.
  static let html = Self(statementLines: 200, differenceLines: 500, frames: 30, width: .max)
}

extension FindingDetail.Part {
  /// Whether its lines begin with what became of them.
  fileprivate var isDifference: Bool { label == "difference" || label == "file" }
  fileprivate var isOfRows: Bool { label == "rows" }
}
