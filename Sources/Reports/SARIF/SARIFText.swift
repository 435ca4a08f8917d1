import Databases
import Formats
import FoundationEssentials
import History
import Rules
import Schemas
import Walks

/// Writes a run as SARIF, for GitHub's code scanning and for editors: a line for each rule and result.
struct SARIFText {
  /// GitHub shows no more (https://docs.github.com/code-security/reference/code-scanning/sarif-files).
  static let resultLimit = 5_000
  /// Bytes of a result's message.
  private static let messageLimit = 8_192

  private let report: Report
  private let exitStatus: Int
  private let told: [(finding: Finding, declaration: DeclaredFinding?)]
  private let leftOut: Int
  /// The rules that are spoken of, in the order of the rule book.
  private let rules: [any Rule]

  /// - Parameters:
  ///   - report: as the repository sees it.
  ///   - exitStatus: that of the process.
  init(_ report: Report, exitStatus: Int) {
    self.report = report
    self.exitStatus = exitStatus
    let all =
      report.judgement.findings.worstFirst.map { (finding: $0, declaration: DeclaredFinding?.none) }
      + report.judgement.declared.map { (finding: $0.finding, declaration: $0) }
    told = Array(all.prefix(Self.resultLimit))
    leftOut = all.count - told.count
    let names = Set(told.map(\.finding.rule))
    rules = RuleBook.all.filter { names.contains($0.name) }
  }

  /// - Throws: what the encoder throws.
  func text() throws -> String {
    var names = FindingNames(project: report.repositoryFolder)
    let descriptors = try rules.map { try line(rule($0)) }
    let results = try told.map { try line(result($0.finding, $0.declaration, &names)) }
    return """
      {"$schema":\(JSONText.quoted(SARIF.schema)),"version":"2.1.0","runs":[{"tool":\
      {"driver":{"name":"stairway","semanticVersion":\(JSONText.quoted(report.version)),
      \(#""rules":[]"#.filled("rules", with: descriptors))}},
      "invocations":[\(try line(invocation))],
      "originalUriBaseIds":{"%SRCROOT%":{"description":{"text":"The root of the repository."}}},
      "columnKind":"unicodeCodePoints",
      "properties":{"resultsLeftOut":\(leftOut)},
      \(#""results":[]"#.filled("results", with: results))}]}

      """
  }

  private func line(_ value: some Encodable) throws -> String {
    try JSONText.encode(value, pretty: false)
  }

  private func rule(_ rule: any Rule) -> SARIF.Rule {
    let explanation = Explanation(of: rule)
    return SARIF.Rule(
      id: rule.name.text, shortDescription: .init(text: rule.summary),
      fullDescription: .init(text: rule.explanation),
      help: .init(text: "\(rule.explanation)\n\n\(rule.mend)", markdown: explanation.markdownBody),
      defaultConfiguration: .init(level: rule.severity.rawValue),
      properties: .init(
        severity: rule.severity == .note ? "recommendation" : rule.severity.rawValue))
  }

  private func result(
    _ finding: Finding, _ declaration: DeclaredFinding?, _ names: inout FindingNames
  ) -> SARIF.Result {
    let place = report.place(of: finding) ?? report.placeOfTheWhole
    // The standard wants no location twice, and a finding may speak of one object in two roles.
    var objects: [SARIF.LogicalLocation] = []
    for id in finding.objects {
      let object = SARIF.LogicalLocation(
        fullyQualifiedName: id.qualifiedName, kind: id.kind.rawValue)
      if !objects.contains(object) { objects.append(object) }
    }
    return SARIF.Result(
      ruleId: finding.rule.text,
      ruleIndex: rules.firstIndex { $0.name == finding.rule },
      level: finding.severity.rawValue, message: .init(text: message(finding)),
      locations: [location(place, objects: objects)],
      partialFingerprints: ["stairwayFinding/v1": names.name(for: finding)],
      suppressions: declaration.map { [.init(kind: "external", justification: $0.reason)] },
      properties: .init(
        engine: finding.engine?.rawValue, revision: finding.revision?.text,
        step: finding.step?.rawValue, objects: finding.objects.map(\.description)))
  }

  /// The sentence first, which is all that is shown where there is little room.
  private func message(_ finding: Finding) -> String {
    let about = [finding.engine?.title, finding.revision.map { "revision \($0)" }]
      .compactMap(\.self).joined(separator: ", ")
    let detail = FindingDetail(finding, in: report, limits: .terminal).plainText
    let text = finding.message + (about.isEmpty ? "" : " (\(about))")
    return CappedText.bytes(
      VisibleText.lines([text, detail].filter { !$0.isEmpty }.joined(separator: "\n")),
      limit: Self.messageLimit)
  }

  private func location(_ place: Place, objects: [SARIF.LogicalLocation] = []) -> SARIF.Location {
    SARIF.Location(
      physicalLocation: .init(
        artifactLocation: .init(
          uri: place.address, uriBaseId: place.file.hasPrefix("/") ? nil : "%SRCROOT%"),
        region: place.line.map { .init(startLine: $0) }),
      logicalLocations: objects.isEmpty ? nil : objects)
  }

  private var invocation: SARIF.Invocation {
    let unjudged = report.unjudged.map { unjudged in
      SARIF.Notification(
        descriptor: .init(id: unjudged.fault.code.rawValue), level: "error",
        message: .init(text: VisibleText.lines(unjudged.sentence)),
        locations: report.place(of: unjudged).map { [location($0)] })
    }
    let engines = report.record.leftOut.map { left in
      SARIF.Notification(
        descriptor: .init(id: "engine-left-out"), level: "warning",
        message: .init(text: VisibleText.lines(left.sentence)), locations: nil)
    }
    let more =
      leftOut == 0
      ? []
      : [
        SARIF.Notification(
          descriptor: .init(id: "results-left-out"), level: "warning",
          message: .init(text: "\(Words.count(leftOut, "more finding")) stand in report.json"),
          locations: nil)
      ]
    let record = report.record
    return SARIF.Invocation(
      executionSuccessful: unjudged.isEmpty && report.summary.verdict != .unknown,
      exitCode: exitStatus,
      startTimeUtc: record.startedAt > 0 ? Self.time(record.startedAt) : nil,
      endTimeUtc: record.startedAt > 0 ? Self.time(record.startedAt + record.duration) : nil,
      toolExecutionNotifications: unjudged + engines + more)
  }

  private static func time(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(.iso8601)
  }
}

extension Place {
  /// The file as a reference by RFC 3986: what has a meaning there is escaped.
  var address: String {
    (file.hasPrefix("/") ? "file://" : "")
      + PercentEncoding.encoded(file.utf8, keeping: "/._-~!$'()+,=@")
  }
}
