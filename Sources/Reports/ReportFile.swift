/// The files that a run writes into its report folder, beside the snapshots; the raw value is the name.
enum ReportFile: String, CaseIterable {
  case report = "report.json"
  case junit = "junit.xml"
  case sarif = "report.sarif"
  case codeQuality = "gl-code-quality-report.json"
  case summary = "summary.md"
  case page = "report.html"

  /// What the file holds for a run.
  ///
  /// - Throws: `FormatError` where libxml2 has no memory; what the encoder of JSON throws.
  func text(of report: Report, as form: ReportForm) throws -> String {
    switch self {
    case .report: report.json + "\n"
    case .junit: try report.junit(form.dialect)
    case .sarif: try report.sarif(exitStatus: form.exitStatus)
    case .codeQuality: try report.codeQuality()
    case .summary: report.summaryPage()
    case .page: report.page()
    }
  }

  /// Whether a file of this name is one that Stairway wrote, by its beginning: other tools' reports may
  /// have the same name.
  func isOurs(_ beginning: String) -> Bool {
    switch self {
    case .report:
      [#"{"declared":["#, #"{"baseline":{"gone":["#, #"{"checklist":{"items":["#].contains {
        beginning.hasPrefix($0)
      }
    case .junit: beginning.contains(#"<testsuites name="stairway""#)
    case .sarif: beginning.contains(#""driver":{"name":"stairway""#)
    // An empty list is nobody's, and says that all is well.
    case .codeQuality:
      beginning == "[]\n" || beginning.contains(#"{"check_name":"\#(CodeQualityText.checkPrefix)"#)
    case .summary: beginning.hasPrefix(SummaryPage.beginning)
    case .page: beginning.hasPrefix(ReportPage.beginning)
    }
  }
}

/// How a run's files are written, beyond what the run itself says.
package struct ReportForm: Sendable, Hashable {
  package var dialect: JUnitDialect
  /// Of the process.
  package var exitStatus: Int

  package init(dialect: JUnitDialect = .standard, exitStatus: Int) {
    self.dialect = dialect
    self.exitStatus = exitStatus
  }
}

/// Who is to read junit.xml.
package enum JUnitDialect: String, Sendable, CaseIterable {
  /// Everything that its readers understand, with each case's file and line.
  case standard = "default"
  /// Only what the schema of Jenkins' xUnit plugin permits.
  case strict
}

extension Report {
  /// The run as SARIF 2.1.0, for GitHub's code scanning and editors.
  ///
  /// - Parameter exitStatus: that of the process.
  package func sarif(exitStatus: Int) throws -> String {
    try SARIFText(inRepository, exitStatus: exitStatus).text()
  }

  /// The findings as GitLab's code quality report.
  package func codeQuality() throws -> String { try CodeQualityText(report: inRepository).text() }

  /// The run as one page of HTML, for a browser without a network. Lines of the project's files are read
  /// from where the project lies.
  package func page() -> String { ReportPage(inRepository).text }

  /// The run as a page of Markdown.
  ///
  /// - Parameter limit: bytes that it may have: what GitHub takes of a step.
  package func summaryPage(limit: Int = SummaryPage.limit) -> String {
    SummaryPage(report: inRepository).text(limit: limit)
  }
}
