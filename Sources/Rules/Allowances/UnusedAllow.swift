import Databases
import History
import Schemas
import Walks

/// An allowance that matched nothing.
struct UnusedAllow: Rule {
  let name: RuleName = "unused-allow"
  let severity = Severity.warning
  let summary = "an allowance matched nothing"
  let explanation = """
    An `allow` in `stairway.yml`, or a `stairway: allow` comment in a migration, covers no finding: \
    the fault was mended, or the allowance names another rule, revision or object than was meant. \
    Left standing, it would hide the next fault of that name.

    Only allowances whose revision this run took up and down on every engine are judged.
    """
  let mend = """
    Remove the allowance, or correct what it names.
    """

  let triggering = RuleExample(
    """
    # stairway: allow downgrade-leaves-trace mood because the type is shared
    def downgrade():
        op.drop_table("day")
        sa.Enum(name="mood").drop(op.get_bind())
    """, .example(.postgresql, trace: .init()), allowances: [mood])
  let passing = RuleExample(
    """
    # stairway: allow downgrade-leaves-trace mood because the type is shared
    def downgrade():
        op.drop_table("day")
    """, .example(.postgresql, trace: .added(.type, "mood")), allowances: [mood])

  private static let mood = Allowance(
    rule: "downgrade-leaves-trace", revision: Revision.example.id, object: "mood",
    reason: "the type is shared", place: "migrations/versions/9f31c02e77ab_add_mood.py:17")

  func findings(in run: JudgedRun) -> [Finding] {
    run.unusedAllowances.map { allowance in
      let place = Self.fileAndLine(of: allowance.place)
      return Finding(
        rule: name, severity: severity, revision: run.revision(of: allowance),
        file: place.file, line: place.line,
        message: Self.message(allowance) + (run.meaning(of: allowance).map { "; \($0)" } ?? ""),
        fix: "remove the allowance, or correct what it names")
    }
  }

  private static func message(_ allowance: Allowance) -> String {
    guard RuleBook[allowance.rule] != nil else {
      let near = RuleBook.nearest(to: allowance.rule.text)
      return "the allowance names \(allowance.rule), which is no rule"
        + (near.map { "; did you mean \($0)?" } ?? "")
    }
    let object = allowance.object.map { " of \($0)" } ?? ""
    let revision = allowance.revision.map { " in revision \($0)" } ?? ""
    return "the allowance of \(allowance.rule)\(object)\(revision) matches nothing"
  }

  /// Splits `path:line`; the path alone where no line follows.
  private static func fileAndLine(of place: String) -> (file: String?, line: Int?) {
    guard let colon = place.lastIndex(of: ":"), let line = Int(place[place.index(after: colon)...])
    else { return (place.isEmpty ? nil : place, nil) }
    return (String(place[..<colon]), line)
  }
}
