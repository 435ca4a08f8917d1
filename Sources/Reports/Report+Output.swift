import Rules
import Walks

/// The forms in which findings can go to standard output.
package enum OutputFormat: String, Sendable, CaseIterable {
  /// For reading: findings with evidence and fix, and the summary.
  case full
  /// One line a finding, as editors read it.
  case concise
  /// What report.json holds.
  case json
  /// Workflow commands that GitHub turns into annotations.
  case github
}

extension Report {
  /// The run for standard output, every line ended; empty where there is nothing to say.
  ///
  /// Only `full` ends with the summary; beside the others it belongs on standard error.
  ///
  /// - Parameter reports: the report folder as the summary names it; nil where none is written.
  package func text(_ format: OutputFormat, style: Style, reports: String? = nil) -> String {
    switch format {
    case .full: FullText(report: self, style: style).text(reports: reports)
    case .concise: ConciseText(report: self, style: style).text
    case .json: json + "\n"
    case .github: GitHubCommands(self, reports: reports).text
    }
  }
}

extension Severity {
  var tone: Style.Tone {
    switch self {
    case .error: .error
    case .warning: .warning
    case .note: .note
    }
  }
}
