import Databases
import History
import Rows
import Schemas
import Walks

/// A fixture cannot be written.
struct FixtureRejected: Rule {
  let name: RuleName = "fixture-rejected"
  let severity = Severity.error
  let summary = "a fixture cannot be inserted"
  let explanation = """
    A row that the project provides for a revision does not fit the schema of that moment: a table or \
    column that is not there, a value that the type does not take, a key that is already there. Or a \
    file among the fixtures cannot be read, or is named after no revision. The rest is used, and the \
    walk goes on.
    """
  let mend = """
    The finding names the file and the line, and what the engine said. Fixtures belong to the revision \
    after which they are inserted: a column that a later revision adds is not there yet.
    """

  let triggering = RuleExample(
    """
    rows:
      day:
        - {id: 1, mod: good}   # the column is called mood
    """,
    .example(
      .postgresql,
      filling: .example(
        rejected: "there is no column 'mod' in table day; did you mean 'mood'?")))
  let passing = RuleExample(
    """
    rows:
      day:
        - {id: 1, mood: good}
    """, .example(.postgresql, trace: .init()))

  func findings(in run: JudgedRun) -> [Finding] {
    let unowned = run.record.fixtureFaults.map { fault in
      Finding(
        rule: name, severity: severity, file: fault.place.file, line: fault.place.line,
        message: fault.message,
        fix: fault.fix ?? "correct it there")
    }
    return unowned
      + run.fixtureFindings(
        self, \.rejected,
        otherwise: "correct it there, or move it to the revision after which it fits")
  }
}
