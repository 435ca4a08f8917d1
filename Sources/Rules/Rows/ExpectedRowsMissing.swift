import Databases
import History
import Rows
import Schemas
import Walks

/// Rows that a fixture expects were not found.
struct ExpectedRowsMissing: Rule {
  let name: RuleName = "expected-rows-missing"
  let severity = Severity.error
  let summary = "rows that a fixture expects are not there"
  let explanation = """
    A fixture's `expect` says what a data migration must have made of the rows that were there before. \
    The upgrade succeeded and such a row is not found: the migration does not do what it was written \
    for, or not for every row.
    """
  let mend = """
    The finding names the expected row and what the row of the same key holds instead. Mend the \
    migration, or the expectation.
    """

  let triggering = RuleExample(
    """
    expect:
      day:
        - {id: 1, mood_key: good}
    """,
    .example(
      .postgresql,
      filling: .example(missing: "day 1 is expected with mood_key 'good', and has NULL")))
  let passing = RuleExample(
    """
    expect:
      day:
        - {id: 1, mood_key: good}   # and the upgrade fills it
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    run.fixtureFindings(
      self, \.missing,
      otherwise: "let the upgrade make it so for this row too, or correct the expectation there")
  }
}
