import Databases
import Schemas
import Walks

/// What there is to say about a rule, as text for a terminal and as a page of Markdown.
///
/// The sentence that an example is reported with is not written down anywhere: it is what the rule
/// says when it judges its own example.
package struct Explanation: Sendable {
  private let rule: any Rule

  package init(of rule: any Rule) { self.rule = rule }

  /// For a terminal.
  ///
  /// - Parameter width: the columns that paragraphs may take.
  package func text(width: Int = 80) -> String {
    [
      "\(rule.name) (\(rule.severity.rawValue))",
      wrapped("Reported when \(rule.summary).", width: width),
      wrapped(rule.explanation, width: width),
      "Example", indented(rule.triggering.code),
      wrapped("is reported as: \(exampleMessage)", width: width),
      "As it should be", indented(rule.passing.code),
      "How to mend it", wrapped(rule.mend, width: width),
    ].joined(separator: "\n\n") + "\n"
  }

  /// The rule's page of `docs/rules`.
  package var markdown: String {
    [
      "<!-- Generated from Sources/Rules: STAIRWAY_WRITE_DOCS=1 swift test --filter RulesTests -->",
      "# \(rule.name)", markdownBody,
    ].joined(separator: "\n\n")
  }

  /// The same page without its heading.
  package var markdownBody: String {
    [
      "*\(rule.severity.rawValue)* · \(rule.summary)",
      wrapped(rule.explanation, width: 100),
      "## Example", fenced(rule.triggering.code),
      wrapped("is reported as", width: 100), fenced(exampleMessage, as: "text"),
      "As it should be:", fenced(rule.passing.code),
      "## How to mend it", wrapped(rule.mend, width: 100),
    ].joined(separator: "\n\n") + "\n"
  }

  private var exampleMessage: String {
    let run = JudgedRun(
      rule.triggering.record, mendWriter: NoMends(),
      unusedAllowances: rule.triggering.allowances)
    return rule.findings(in: run).first?.message ?? rule.summary
  }

  private func fenced(_ code: String, as language: String = "python") -> String {
    "```\(language)\n\(code)\n```"
  }

  private func indented(_ code: String) -> String {
    code.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }

  /// Breaks each paragraph into lines; indented ones, which are code, stay as they are.
  private func wrapped(_ text: String, width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { paragraph -> String in
      if paragraph.hasPrefix("    ") { return String(paragraph) }
      var lines = [""]
      for word in paragraph.split(separator: " ") {
        let line = lines[lines.count - 1]
        if line.isEmpty {
          lines[lines.count - 1] = String(word)
        } else if line.count + 1 + word.count > width {
          lines.append(String(word))
        } else {
          lines[lines.count - 1] = line + " " + word
        }
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

/// Examples are judged for their sentence only.
private struct NoMends: MendWriter {
  func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] { [] }
}
