import Databases
import Formats
import History
import Rules
import Schemas
import Walks

/// report.json: what stands in it, in which form; described by docs/report.schema.json.
struct ReportDocument: Codable {
  let schemaVersion: Int
  /// The version of Stairway that wrote it.
  let stairway: String
  let failOn: Severity
  let folder: String
  /// Only where it differs from `folder`.
  let repositoryFolder: String?
  /// The command line from the program's name on; nil where that is not known. The name puts it behind
  /// `declared`, by which a report.json is known.
  let invocation: [String]?
  let summary: Report.Summary
  /// nil where the run was no rehearsal.
  let checklist: Checklist?
  fileprivate(set) var record: RunRecord
  fileprivate var findings: [ReportedFinding]
  fileprivate var declared: [ReportedDeclaration]
  /// nil where there was no baseline.
  private let baseline: ReportedBaseline?
  /// What could not be judged, in words; nil where that is nothing. Read by scripts alone: the record says
  /// the same.
  private let unjudged: [ReportedUnjudged]?

  var judgement: Judgement {
    Judgement(
      findings: findings.map(\.finding),
      declared: declared.map {
        .init(finding: $0.finding.finding, reason: $0.reason, origin: $0.origin)
      },
      baseline: baseline.map { .init(gone: Baseline($0.gone), unseen: Baseline($0.unseen)) })
  }

  init(
    record: RunRecord, judgement: Judgement, failOn: Severity, version: String, folder: String,
    repositoryFolder: String?, invocation: [String]?
  ) {
    schemaVersion = Report.schemaVersion
    stairway = version
    self.failOn = failOn
    self.folder = folder
    self.repositoryFolder = repositoryFolder == folder ? nil : repositoryFolder
    self.invocation = invocation
    summary = .init(record, judgement, failOn: failOn)
    checklist = Checklist(of: record, judgement, summary.verdict)
    self.record = record
    findings = judgement.findings.map(ReportedFinding.init)
    declared = judgement.declared.map {
      ReportedDeclaration(
        finding: .init(finding: $0.finding), reason: $0.reason, origin: $0.origin)
    }
    baseline = judgement.baseline.map {
      ReportedBaseline(gone: $0.gone.entries, unseen: $0.unseen.entries)
    }
    let unjudged = Unjudged.all(in: record, judgement, failOn: failOn).map(ReportedUnjudged.init)
    self.unjudged = unjudged.isEmpty ? nil : unjudged
  }

  init(text: String, name: String) throws {
    struct Head: Decodable { let schemaVersion: Int }
    let version = try JSONText.decode(Head.self, from: text, name: name).schemaVersion
    guard version == Report.schemaVersion else {
      throw FormatError(
        .json, source: name,
        message: "the report is of version \(version); this Stairway reads version "
          + "\(Report.schemaVersion)")
    }
    self = try JSONText.decode(ReportDocument.self, from: text, name: name)
  }

  /// Hides what must not leave, in the document itself too, and writes it: a line for each revision
  /// and each finding.
  ///
  /// Piece by piece, since a coder's own tree of a whole run takes ten times its text, and since
  /// only a piece that held a password has to be read back.
  mutating func redactedText() throws -> String {
    var engines: [String] = []
    for index in record.engines.indices {
      let trips = try Self.redact(&record.engines[index].roundTrips)
      var shell = record.engines[index]
      shell.roundTrips = []
      let text = try Self.redact(&shell).filled("roundTrips", with: trips)
      shell.roundTrips = record.engines[index].roundTrips
      record.engines[index] = shell
      engines.append(text)
    }
    let findings = try Self.redact(&findings)
    let declared = try Self.redact(&declared)
    var shell = self
    (shell.findings, shell.declared, shell.record.engines) = ([], [], [])
    var text = try Self.redact(&shell)
    for (key, pieces) in [("findings", findings), ("declared", declared), ("engines", engines)] {
      text = text.filled(key, with: pieces)
    }
    (shell.findings, shell.declared, shell.record.engines) =
      (self.findings, self.declared, record.engines)
    self = shell
    return text
  }

  private static func redact<Value: Codable>(_ values: inout [Value]) throws -> [String] {
    var texts: [String] = []
    for index in values.indices { texts.append(try redact(&values[index])) }
    return texts
  }

  private static func redact<Value: Codable>(_ value: inout Value) throws -> String {
    let text = try JSONText.encode(value, pretty: false)
    let redacted = Redaction.applied(to: text)
    if redacted != text { value = try JSONText.decode(from: redacted, name: "report.json") }
    return redacted
  }
}

private struct ReportedDeclaration: Codable {
  let finding: ReportedFinding
  let reason: String
  let origin: DeclaredFinding.Origin
}

private struct ReportedBaseline: Codable {
  let gone: [Baseline.Entry]
  let unseen: [Baseline.Entry]
}

/// Something that could not be judged, as scripts read it; members that there are none of are left out.
private struct ReportedUnjudged: Codable {
  let engine: Engine?
  let revision: RevisionID?
  let step: StepName?
  /// Of its fault.
  let code: String
  let message: String
  let fix: String?

  init(_ unjudged: Unjudged) {
    engine = unjudged.engine
    revision = unjudged.revision
    step = unjudged.step
    code = unjudged.fault.code.rawValue
    message = unjudged.sentence
    fix = unjudged.fault.fix
  }
}

/// A finding in the form that scripts read: every member always there, objects and the difference
/// in words beside their exact form.
private struct ReportedFinding: Codable {
  let finding: Finding

  init(finding: Finding) { self.finding = finding }

  private enum Key: String, CodingKey {
    case rule, severity, engine, revision, step, objects, objectIDs, file, line, message, evidence
    case fix
  }

  private enum EvidenceKey: String, CodingKey {
    case statement, error, sqlState, difference, diff, rows, frames, opinions, source
  }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    let evidence = try members.nestedContainer(keyedBy: EvidenceKey.self, forKey: .evidence)
    finding = Finding(
      rule: try members.decode(RuleName.self, forKey: .rule),
      severity: try members.decode(Severity.self, forKey: .severity),
      engine: try members.decode(Engine?.self, forKey: .engine),
      revision: try members.decode(RevisionID?.self, forKey: .revision),
      step: try members.decode(StepName?.self, forKey: .step),
      objects: try members.decode([ObjectID].self, forKey: .objectIDs),
      file: try members.decode(String?.self, forKey: .file),
      line: try members.decode(Int?.self, forKey: .line),
      message: try members.decode(String.self, forKey: .message),
      evidence: Evidence(
        statement: try evidence.decode(String?.self, forKey: .statement),
        error: try evidence.decode(String?.self, forKey: .error),
        sqlState: try evidence.decode(String?.self, forKey: .sqlState),
        difference: try evidence.decode(SchemaDifference?.self, forKey: .difference),
        rows: try evidence.decode([String].self, forKey: .rows),
        frames: try evidence.decode([Frame].self, forKey: .frames),
        opinions: try evidence.decodeIfPresent([String].self, forKey: .opinions),
        source: try evidence.decodeIfPresent([String].self, forKey: .source)),
      fix: try members.decode(String?.self, forKey: .fix))
  }

  func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Key.self)
    try members.encode(finding.rule, forKey: .rule)
    try members.encode(finding.severity, forKey: .severity)
    try members.encode(finding.engine, forKey: .engine)
    try members.encode(finding.revision, forKey: .revision)
    try members.encode(finding.step, forKey: .step)
    try members.encode(finding.objects.map(\.description), forKey: .objects)
    try members.encode(finding.objects, forKey: .objectIDs)
    try members.encode(finding.file, forKey: .file)
    try members.encode(finding.line, forKey: .line)
    try members.encode(finding.message, forKey: .message)
    try members.encode(finding.fix, forKey: .fix)
    let seen = finding.evidence
    var evidence = members.nestedContainer(keyedBy: EvidenceKey.self, forKey: .evidence)
    try evidence.encode(seen.statement, forKey: .statement)
    try evidence.encode(seen.error, forKey: .error)
    try evidence.encode(seen.sqlState, forKey: .sqlState)
    try evidence.encode(seen.difference, forKey: .difference)
    try evidence.encode(seen.difference?.lines ?? [], forKey: .diff)
    try evidence.encode(seen.rows, forKey: .rows)
    try evidence.encode(seen.frames, forKey: .frames)
    try evidence.encodeIfPresent(seen.opinions, forKey: .opinions)
    try evidence.encodeIfPresent(seen.source, forKey: .source)
  }
}
