import Platform
import Reports
import Walks

/// What a run shows while it goes on and at its end.
struct Display: Sendable {
  private let format: OutputFormat
  private let style: Style
  private let errorStyle: Style
  private let progress: ProgressLine?
  /// Lets the live line's time go on while nothing else happens.
  private let ticker: Ticker?
  private let summary: StepSummary?
  private let invocation: Invocation

  init(_ arguments: ParsedArguments, format: OutputFormat, in invocation: Invocation) {
    let colour = arguments["color"]
    self.format = format
    style = Style(
      isColoured: invocation.isColoured(option: colour, isTerminal: invocation.outputIsTerminal),
      width: invocation.outputWidth, isPlain: invocation.outputIsPlain)
    errorStyle = Style(
      isColoured: invocation.isColoured(option: colour, isTerminal: invocation.errorIsTerminal),
      width: invocation.errorWidth, isPlain: invocation.errorIsPlain)
    let isLive = invocation.errorIsTerminal && !invocation.terminalIsDumb
    let progress =
      arguments.has("quiet")
      ? nil
      : ProgressLine(
        style: errorStyle, isLive: isLive, now: invocation.clock.monotonic,
        write: invocation.writeError)
    self.progress = progress
    ticker = isLive ? progress.map { line in Ticker(every: 1) { line.refresh() } } : nil
    summary = format == .github ? StepSummary(invocation.environment) : nil
    self.invocation = invocation
  }

  /// Shows what has just happened; may be called from several threads.
  func tell(_ event: RunEvent) { progress?.show(event) }

  /// Takes the live line away, so that something else can be written.
  func endProgress() { progress?.erase() }

  /// Writes why a run could not begin where another program reads it; a person is told by the
  /// complaint.
  func show(failed report: Report) {
    endProgress()
    if format != .full { invocation.writeOutput(report.text(format, style: style)) }
    summarize(report)
  }

  /// Writes what was found; where another program reads that, the summary goes beside it.
  func show(_ report: Report, writtenTo folder: Path) {
    let place = folder.relative(to: invocation.workingFolder).text
    invocation.writeOutput(report.text(format, style: style, reports: place))
    if format != .full {
      invocation.writeError(report.summaryLine(style: errorStyle, reports: place) + "\n")
    }
    summarize(report)
  }

  /// Writes what else came of the run, in a sentence.
  func show(_ sentence: String) {
    if format == .full {
      invocation.writeOutput(sentence + "\n")
    } else {
      invocation.writeError(sentence + "\n")
    }
  }

  /// Adds to the page of the job; that this is not possible changes nothing of the verdict.
  private func summarize(_ report: Report) {
    do {
      try summary?.add(report)
    } catch {
      invocation.tell("warning[no-step-summary]: " + Complaint(error).message + "\n")
    }
  }
}
