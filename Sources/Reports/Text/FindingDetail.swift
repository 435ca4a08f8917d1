import Rules
import Schemas
import Walks

/// One line below a finding's message, with what it is, so that each renderer can lay it out.
struct DetailLine {
  enum Role {
    /// Says what the lines after it are.
    case label
    case statement, error, added, removed, changed, frame, fix
  }

  let role: Role
  let text: String
}

/// What was seen and how to mend it, as lines.
struct FindingDetail {
  /// How much of each part is shown.
  struct Limits {
    let statementLines: Int
    let differenceLines: Int
    let frames: Int
    /// Characters a line.
    let width: Int

    static let terminal = Limits(statementLines: 12, differenceLines: 40, frames: 4, width: 400)
    static let page = Limits(statementLines: 40, differenceLines: 80, frames: 6, width: 400)
    static let file = Limits(statementLines: 200, differenceLines: 500, frames: 30, width: 4_000)
  }

  let evidence: [DetailLine]
  let fix: [String]

  init(evidence: [DetailLine], fix: [String]) {
    self.evidence = evidence
    self.fix = fix
  }

  init(_ finding: Finding, in report: Report, limits: Limits) {
    var lines: [DetailLine] = []
    func add(_ label: String, _ role: DetailLine.Role, _ text: String, limit: Int) {
      lines.append(.init(role: .label, text: label))
      lines += CappedText.lines(text, limit: limit, width: limits.width).map {
        DetailLine(role: role, text: $0)
      }
    }
    let seen = finding.evidence
    if let statement = seen.statement, !statement.isEmpty {
      add("statement", .statement, statement, limit: limits.statementLines)
    }
    if let error = seen.error, !error.isEmpty {
      let state = seen.sqlState.map { " (SQLSTATE \($0))" } ?? ""
      add("error" + state, .error, error, limit: limits.statementLines)
    }
    if let difference = seen.difference, !difference.isEmpty {
      lines.append(.init(role: .label, text: "difference"))
      let texts = CappedText.lines(
        difference.lines, limit: limits.differenceLines, width: limits.width)
      lines += texts.map { DetailLine(role: Self.role(ofDifference: $0), text: $0) }
    }
    if let source = seen.source, !source.isEmpty {
      lines.append(.init(role: .label, text: "file"))
      let texts = CappedText.lines(source, limit: limits.differenceLines, width: limits.width)
      lines += texts.map { DetailLine(role: Self.role(ofDifference: $0), text: $0) }
    }
    if let opinions = seen.opinions, !opinions.isEmpty {
      lines.append(.init(role: .label, text: "autogenerate"))
      let texts = CappedText.lines(opinions, limit: limits.differenceLines, width: limits.width)
      lines += texts.map { DetailLine(role: .frame, text: $0) }
    }
    if !seen.rows.isEmpty {
      let label = RuleBook.speaksOfRehearsals(finding.rule) ? "measured" : "rows"
      lines.append(.init(role: .label, text: label))
      let texts = CappedText.lines(seen.rows, limit: limits.differenceLines, width: limits.width)
      lines += texts.map { DetailLine(role: .changed, text: $0) }
    }
    if !seen.frames.isEmpty {
      lines.append(.init(role: .label, text: "at"))
      lines += seen.frames.suffix(limits.frames).map { frame in
        let function = frame.function.isEmpty ? "" : " in \(frame.function)"
        let code = frame.code.isEmpty ? "" : ": \(frame.code)"
        return DetailLine(
          role: .frame,
          text: CappedText.line(
            "\(report.path(frame.file)):\(frame.line)\(function)\(code)", limit: limits.width))
      }
    }
    evidence = lines
    fix =
      finding.fix.map {
        CappedText.lines($0, limit: limits.differenceLines, width: limits.width)
      } ?? []
  }

  private static func role(ofDifference line: String) -> DetailLine.Role {
    switch line.drop(while: { $0 == " " }).first {
    case "+": .added
    case "-": .removed
    default: .changed
    }
  }

  /// Everything as plain text, labels flush and what they label indented.
  var plainText: String {
    var lines = evidence.map { $0.role == .label ? $0.text + ":" : "  " + $0.text }
    if !fix.isEmpty { lines += ["fix:"] + fix.map { "  " + $0 } }
    return lines.joined(separator: "\n")
  }
}
