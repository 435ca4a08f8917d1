import Databases
package import Schemas
import Walks

/// One thing that is checked: what it is called, what it means, and how it is seen in a record.
///
/// A rule reads facts and nothing else, so that each is tested on a record written by hand.
package protocol Rule: Sendable {
  var name: RuleName { get }
  /// The severity where a team has not given its own.
  var severity: Severity { get }
  /// What was seen when this rule speaks, as one line without a trailing full stop.
  var summary: String { get }
  /// What it means and why it matters, in paragraphs of Markdown.
  var explanation: String { get }
  /// How to mend it in general, in paragraphs of Markdown; a finding has its own `fix` beside.
  var mend: String { get }
  /// A migration that breaks the rule, and the record that it leaves.
  var triggering: RuleExample { get }
  /// The same migration as it should be.
  var passing: RuleExample { get }

  /// Everything in this run that breaks the rule.
  func findings(in run: JudgedRun) -> [Finding]

  /// What remains of a finding about several objects when the others of them are declared.
  func narrowed(_ finding: Finding, to objects: [ObjectID], in run: JudgedRun) -> Finding
}

extension Rule {
  /// Keeps the sentence, which does not name the objects one by one.
  package func narrowed(
    _ finding: Finding, to objects: [ObjectID], in run: JudgedRun
  ) -> Finding {
    finding.about(
      objects, difference: finding.evidence.difference?.about(Set(objects)),
      message: finding.message, fix: finding.fix)
  }
}

extension Finding {
  /// The same finding about fewer objects.
  func about(
    _ objects: [ObjectID], difference: SchemaDifference?, message: String, fix: String?
  ) -> Finding {
    var evidence = evidence
    evidence.difference = difference
    return Finding(
      rule: rule, severity: severity, engine: engine, revision: revision, step: step,
      objects: objects, file: file, line: line, message: message, evidence: evidence, fix: fix)
  }
}
