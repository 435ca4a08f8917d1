import Databases
import History
import Rows
import Schemas
import Testing
import Walks

@testable import Rules

/// Rules about rows, judged by what became of one column of table `day`.
@Suite struct RowRuleTests {
  private typealias Column = RowsDifference.Column

  private static func rows(_ column: Column?, isMadeUp: Bool = false) -> RowsDifference {
    var table = RowsDifference.Table(
      before: TableName("day"), after: TableName("day"), rowsBefore: 3, rowsAfter: 3)
    table.isMadeUp = isMadeUp
    table.columns = [column].compactMap { $0 }
    return RowsDifference([table])
  }

  private static func changed(_ changes: [ValueChange: Int], _ type: String? = nil) -> Column {
    var column = Column(before: "mood", after: "mood")
    column.changes = changes
    column.valuesBefore = 3
    (column.typeBefore, column.typeAfter) = ("text", type ?? "text")
    return column
  }

  private static func judge(
    _ upgrade: RowsDifference, trace: RowsDifference? = RowsDifference()
  ) -> [String] {
    let steps = [StepRecord(.upgrade, outcome: .succeeded, rows: upgrade)]
    return RuleBook.judge(.example(.sqlite, steps: steps, rowsTrace: trace)).findings
      .map { "\($0.severity) \($0.rule)" }
  }

  @Test
  func `a sequence that lags behind after all revisions is told at the one that filled the table`()
    throws
  {
    let record = RunRecord.example(.postgresql) {
      $0.ascent = StepRecord(
        .ascent, outcome: .succeeded,
        statements: [
          Statement(
            sql: "INSERT INTO day SELECT * FROM old_day", duration: 0, line: 12,
            revision: Revision.example.id)
        ],
        observations: [
          Observation(
            .sequenceBehind,
            objects: [ObjectID(.column, ["day", "id"]), ObjectID(.sequence, ["day_id_seq"])],
            detail: "gives 1 next, and 3 is there")
        ])
    }
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.rule == "sequence-behind")
    #expect(finding.revision == Revision.example.id)
    #expect((finding.file, finding.line) == (Revision.example.file, 12))
  }

  /// What came back of a dropped column: everything, nothing, not the column, or something else.
  @Test func `what was dropped is told by what the downgrade brings back`() {
    var dropped = Column(before: "mood", after: nil)
    dropped.valuesBefore = 3
    var empty = Self.changed([.nulled: 3])
    empty.isUniformAfter = true
    var other = Self.changed([.replaced: 2])
    other.isUniformAfter = false
    let upgrade = Self.rows(dropped)
    #expect(Self.judge(upgrade) == [])
    #expect(Self.judge(upgrade, trace: nil) == ["warning data-dropped"])
    #expect(Self.judge(upgrade, trace: Self.rows(empty)) == ["warning data-dropped"])
    #expect(Self.judge(upgrade, trace: Self.rows(dropped)) == ["warning data-dropped"])
    #expect(Self.judge(upgrade, trace: Self.rows(other)) == ["error values-lost"])
    dropped.computedBefore = "a + b"
    #expect(Self.judge(Self.rows(dropped), trace: nil) == [])
  }

  /// What the upgrade sent, how the column's values and type changed, and which statement is told of it.
  struct ChangedCase: Sendable {
    let sent: [String]
    let changes: [ValueChange: Int]
    var types = ("varchar(20)", "varchar(40)")
    let told: Int
    var severity = "warning"

    static let widened = "ALTER TABLE day ALTER COLUMN mood TYPE varchar(40)"
    static let narrowed = "ALTER TABLE day ALTER COLUMN mood TYPE varchar(5)"
    static let all: [ChangedCase] = [
      .init(
        sent: ["UPDATE day SET mood = upper(mood)", widened], changes: [.replaced: 2], told: 0),
      .init(
        sent: [widened, "UPDATE day SET note = 'x', mood = left(mood, 2) WHERE id > 1"],
        changes: [.truncated: 2], told: 1),
      .init(
        sent: ["UPDATE day SET mood = upper(mood)", narrowed], changes: [.truncated: 2],
        types: ("varchar(20)", "varchar(5)"), told: 1, severity: "error"),
      .init(
        sent: ["UPDATE day SET note = mood", narrowed], changes: [.replaced: 2], told: 1,
        severity: "error"),
      .init(
        sent: [
          "UPDATE day SET mood = 'f' WHERE mood IS NULL",
          "ALTER TABLE day ALTER COLUMN mood TYPE integer USING (mood = 't')::integer",
        ], changes: [.replaced: 2, .filled: 1], types: ("text", "integer"), told: 1,
        severity: "error"),
      .init(
        sent: [
          "UPDATE day SET mood = round(mood, 1)",
          "ALTER TABLE day ALTER COLUMN mood TYPE numeric(12, 2)",
        ], changes: [.rounded: 2], types: ("numeric(10,2)", "numeric(12,2)"), told: 0),
    ]
  }

  @Test(arguments: ChangedCase.all)
  func `values that a statement beside a change of type set are told at that statement`(
    _ one: ChangedCase
  ) throws {
    var column = Self.changed(one.changes)
    (column.typeBefore, column.typeAfter) = one.types
    let statements = one.sent.enumerated().map {
      Statement(sql: $1, duration: 0, line: 10 + $0, revision: Revision.example.id)
    }
    let step = StepRecord(
      .upgrade, outcome: .succeeded, statements: statements, rows: Self.rows(column))
    let judgement = RuleBook.judge(
      .example(.postgresql, steps: [step], rowsTrace: Self.rows(column)))
    let finding = try #require(judgement.findings.first { $0.rule == "values-changed" })
    #expect(finding.line == 10 + one.told)
    #expect("\(finding.severity)" == one.severity)
    #expect(finding.message.contains("with its type") == (one.severity == "error"))
    #expect(finding.fix?.contains("keep \(one.types.0)") == (one.severity == "error"))
  }

  @Test func `a generated column is told of where its expression was changed`() {
    var column = Self.changed([.replaced: 3])
    column.isMoved = true
    #expect(Self.judge(Self.rows(column)) == ["error values-changed"])
    (column.computedBefore, column.computedAfter) = ("a * 2", "a * 3")
    #expect(Self.judge(Self.rows(column)) == ["warning values-changed"])
    column.computedAfter = "a * 2"
    #expect(Self.judge(Self.rows(column), trace: Self.rows(column)) == [])
  }

  @Test func `a reference to nothing is no value that could be lost`() {
    let mended = Self.rows(Self.changed([.unlinked: 2]))
    let back = Self.rows(Self.changed([.nulled: 2]))
    #expect(Self.judge(mended, trace: back) == ["warning values-changed"])
    let more = Self.rows(Self.changed([.unlinked: 1, .nulled: 1]))
    #expect(
      Set(Self.judge(more, trace: back)) == ["error values-lost", "warning values-changed"])
  }

  /// A table that has lost `lost` of its three rows up and down, and what the second upgrade did to it.
  private static func madeAgain(
    up: Int = 0, again: (lost: Int, changed: Int)? = (0, 0)
  ) -> [String] {
    func table(lost: Int, added: Int = 0, changed: Int = 0) -> RowsDifference {
      var difference = rows(changed > 0 ? Self.changed([.replaced: changed]) : nil)
      difference.tables[0].rowsLost = lost
      difference.tables[0].rowsAdded = added
      return difference
    }
    let steps = [
      StepRecord(.upgrade, outcome: .succeeded, rows: table(lost: up, added: 1)),
      StepRecord(.downgrade, outcome: .succeeded), StepRecord(.reupgrade, outcome: .succeeded),
    ]
    var record = RunRecord.example(.sqlite, steps: steps, rowsTrace: table(lost: 1))
    record.engines[0].roundTrips[0].reupgradeRows = again.map {
      table(lost: $0.lost, changed: $0.changed)
    }
    return RuleBook.judge(record).findings.filter { $0.rule == "rows-lost" }.map(\.message)
  }

  @Test func `rows that the second upgrade writes again are not lost`() {
    let lost = ["the way up and down loses 1 of 3 rows of table day"]
    #expect(Self.madeAgain() == [])
    #expect(Self.madeAgain(again: nil) == lost)
    #expect(Self.madeAgain(again: (lost: 1, changed: 0)) == lost)
    #expect(Self.madeAgain(again: (lost: 0, changed: 1)) == lost)
    #expect(Self.madeAgain(up: 2) == ["the upgrade loses 2 of 3 rows of table day"])
  }

  @Test(arguments: [(Int?.some(4), ["error reupgrade-differs"]), (nil, [])])
  func `rows that each upgrade inserts again are told where the revision does it`(
    _ line: Int?, _ expected: [String]
  ) {
    var steps = [StepRecord].succeeded
    steps[2].statements = [
      Statement(sql: "INSERT INTO day (id) VALUES (9)", duration: 0, line: line)
    ]
    let record = RunRecord.example(.sqlite) {
      var trip = RoundTripRecord(
        revision: Revision.example.id, steps: steps, trace: SchemaDifference(),
        reupgradeDifference: SchemaDifference())
      trip.reupgradeRows = RowsDifference([
        RowsDifference.Table(
          before: TableName("day"), after: TableName("day"), rowsBefore: 3, rowsAfter: 4)
      ])
      $0.roundTrips = [trip]
    }
    let findings = RuleBook.judge(record).findings
    #expect(findings.map { "\($0.severity) \($0.rule)" } == expected)
    #expect(findings.allSatisfy { $0.line == line })
  }

  /// How a column's values differ after the second upgrade, whether the revision added it, and what is said.
  @Test(arguments: [
    (true, Bool?.some(true), "note"), (true, false, "error"), (true, nil, "warning"),
    (false, true, "error"),
  ])
  func `values that a revision draws for its own column are a note`(
    _ isAdded: Bool, _ isDrawnAnew: Bool?, _ severity: String
  ) throws {
    var added = Column(before: isAdded ? nil : "mood", after: "mood")
    added.changes = isAdded ? [:] : [.filled: 3]
    added.valuesAfter = 3
    var steps = [StepRecord].succeeded
    steps[0].rows = Self.rows(added)
    var again = Self.changed([.replaced: 3])
    again.isDrawnAnew = isDrawnAnew
    let record = RunRecord.example(.sqlite) {
      var trip = RoundTripRecord(
        revision: Revision.example.id, steps: steps, trace: SchemaDifference(),
        reupgradeDifference: SchemaDifference())
      trip.reupgradeRows = Self.rows(again)
      $0.roundTrips = [trip]
    }
    let findings = RuleBook.judge(record).findings.filter { $0.rule == "reupgrade-differs" }
    #expect(findings.map { "\($0.severity)" } == [severity])
    #expect(findings.allSatisfy { $0.fix?.contains("reupgrade-differs column day.mood") == true })
  }

  @Test(arguments: [
    (StepName.rollback, true, false), (.rollback, false, false), (.upgrade, false, true),
    (.upgrade, true, true),
  ])
  func `a fixture is asked for only where it would say something`(
    _ step: StepName, _ hasProvided: Bool, _ isAsked: Bool
  ) throws {
    let failure = StepFailure(
      type: "sqlalchemy.exc.IntegrityError", message: "day.mood contains null values")
    let record = RunRecord.example(.postgresql) {
      var trip = RoundTripRecord(
        revision: Revision.example.id,
        steps: [
          StepRecord(step, outcome: .failed(failure), emptyTrial: .succeedsWithoutMadeUpRows)
        ])
      trip.filling = RowFilling()
      trip.filling?.hasProvided = hasProvided
      $0.roundTrips = [trip]
    }
    let finding = try #require(RuleBook.judge(record).findings.first)
    #expect(finding.severity == .warning)
    #expect(finding.fix?.contains("say in a fixture") == isAsked, "\(finding.fix ?? "")")
    #expect(finding.fix?.contains("allow \(finding.rule)") == (!isAsked || hasProvided))
  }

  @Test(arguments: [true, false])
  func `texts that are no numbers are an error where the project wrote them`(_ isMadeUp: Bool) {
    let upgrade = Self.rows(Self.changed([.misread: 3], "INTEGER"), isMadeUp: isMadeUp)
    let back = Self.rows(Self.changed([.replaced: 3]), isMadeUp: isMadeUp)
    let severity = isMadeUp ? "warning" : "error"
    #expect(
      Set(Self.judge(upgrade, trace: back)) == [
        "\(severity) values-changed", "\(severity) values-lost",
      ])
  }

  @Test(arguments: ["DATE", "TIMESTAMP"])
  func `dates that SQLite read as numbers are lost, though they were made up`(_ type: String) {
    var column = Self.changed([.misread: 3], "DATETIME")
    column.typeBefore = type
    let steps = [
      StepRecord(.upgrade, outcome: .succeeded, rows: Self.rows(column, isMadeUp: true))
    ]
    let back = Self.rows(Self.changed([.replaced: 3]), isMadeUp: true)
    let findings = RuleBook.judge(.example(.sqlite, steps: steps, rowsTrace: back)).findings
    #expect(
      Set(findings.map { "\($0.severity) \($0.rule)" }) == [
        "error values-changed", "error values-lost",
      ])
    #expect(
      findings.allSatisfy {
        $0.fix?.contains("SET new_mood = strftime('%Y-%m-%d %H:%M:%S.000000', mood)") == true
      })
  }

  /// A step whose last statement was refused on made-up rows: its severity.
  static let refused: [(Engine, String, String?, [String], Severity)] = [
    (
      .sqlite, "FOREIGN KEY constraint failed", nil,
      [
        "CREATE TABLE _alembic_tmp_day (id INTEGER)",
        "INSERT INTO _alembic_tmp_day (id) SELECT day.id FROM day", "DROP TABLE day",
      ], .error
    ),
    (
      .sqlite, "FOREIGN KEY constraint failed", nil, ["DELETE FROM day"], .warning
    ),
    (
      .sqlite, "UNIQUE constraint failed: _alembic_tmp_day.slug", nil,
      [
        "CREATE TABLE _alembic_tmp_day (id INTEGER, slug TEXT DEFAULT '' NOT NULL, UNIQUE (slug))",
        "INSERT INTO _alembic_tmp_day (id) SELECT day.id FROM day",
      ], .error
    ),
    (
      .postgresql, "could not create unique index", "23505",
      [
        "ALTER TABLE day ADD COLUMN slug TEXT DEFAULT '' NOT NULL",
        "CREATE UNIQUE INDEX u ON day (slug)",
      ], .error
    ),
    (
      .postgresql, "could not create unique index", "23505",
      [
        "ALTER TABLE day ADD COLUMN slug TEXT DEFAULT '' NOT NULL",
        "UPDATE day SET slug = title", "CREATE UNIQUE INDEX u ON day (slug)",
      ], .warning
    ),
  ]

  @Test(arguments: refused)
  func `a failure that no row can escape is an error, though the rows were made up`(
    _ engine: Engine, _ message: String, _ state: String?, _ statements: [String],
    _ severity: Severity
  ) throws {
    let failure = StepFailure(
      type: "sqlalchemy.exc.IntegrityError", message: message, sqlState: state,
      statement: statements.last)
    let step = StepRecord(
      .upgrade, outcome: .failed(failure),
      statements: statements.map {
        Statement(sql: $0, duration: 0, error: $0 == statements.last ? message : nil)
      } + [Statement(sql: "DROP TABLE _alembic_tmp_day", duration: 0)],
      emptyTrial: .succeedsWithoutMadeUpRows)
    let finding = try #require(RuleBook.judge(.example(engine, steps: [step])).findings.first)
    #expect(finding.rule == "upgrade-fails-on-data")
    #expect(finding.severity == severity)
    #expect(finding.fix?.contains("where your rows are never") == (severity == .warning))
  }

  @Test(arguments: [(1, Severity.error), (0, .warning)])
  func `a downgrade that trips over the upgrade's own rows is an error`(
    _ added: Int, _ severity: Severity
  ) throws {
    let failure = StepFailure(
      type: "sqlalchemy.exc.IntegrityError",
      message:
        #"update or delete on table "kind" violates foreign key constraint "fk" on table "day""#,
      sqlState: "23503", statement: "DELETE FROM kind")
    func table(_ name: TableName, _ added: Int) -> RowsDifference.Table {
      var table = RowsDifference.Table(
        before: name, after: name, rowsBefore: 3, rowsAfter: 3 + added)
      table.rowsAdded = added
      return table
    }
    let steps = [
      StepRecord(
        .upgrade, outcome: .succeeded,
        rows: RowsDifference([
          table(TableName("kind"), 1), table(TableName("day"), added),
        ])),
      StepRecord(
        .downgrade, outcome: .failed(failure), emptyTrial: .succeedsWithoutMadeUpRows),
    ]
    let findings = RuleBook.judge(.example(.postgresql, steps: steps)).findings
    let finding = try #require(findings.first { $0.rule == "downgrade-fails-on-data" })
    #expect(finding.severity == severity)
  }

  @Test func `a change of type is told at the statement that makes it`() throws {
    let statements = [
      "ALTER TABLE day ALTER mood TYPE varchar(5) USING left(mood, 5)",
      "ALTER TABLE day ALTER mood SET DEFAULT 'x'",
      "ALTER TABLE day ADD CHECK (length(mood) < 9)",
    ]
    let step = StepRecord(
      .upgrade, outcome: .succeeded,
      statements: statements.enumerated().map { Statement(sql: $1, duration: 0, line: $0 + 3) },
      rows: Self.rows(Self.changed([.truncated: 3], "varchar(5)")))
    let findings = RuleBook.judge(.example(.postgresql, steps: [step])).findings
    #expect(findings.map(\.rule) == ["values-changed"])
    #expect(findings.map(\.line) == [3])
  }

  @Test func `NULLs that were filled are told of where the column held nothing else`() {
    var column = Self.changed([.filled: 1], "varchar")
    #expect(Self.judge(Self.rows(column)) == [])
    column.valuesBefore = 0
    #expect(Self.judge(Self.rows(column)) == ["warning values-changed"])
  }

  @Test(arguments: [
    (EmptyTrial.succeedsWithoutMadeUpNulls, Severity.warning),
    (.succeedsWithoutMadeUpRows, .error), (.succeeds, .error),
  ])
  func `a NULL that was made up alone makes a warning`(_ trial: EmptyTrial, _ severity: Severity) {
    let failure = StepFailure(
      type: "sqlalchemy.exc.IntegrityError", message: "column mood contains null values",
      sqlState: "23502")
    let step = StepRecord(.upgrade, outcome: .failed(failure), emptyTrial: trial)
    let findings = RuleBook.judge(.example(.postgresql, steps: [step])).findings
    #expect(findings.map(\.rule) == ["upgrade-fails-on-data"])
    #expect(findings.map(\.severity) == [severity])
  }

  @Test(arguments: [("23505", "duplicate key value"), (nil, "UNIQUE constraint failed: day.mood")])
  func `duplicates are not told as a NULL`(_ state: String?, _ message: String) throws {
    let failure = StepFailure(
      type: "sqlalchemy.exc.IntegrityError", message: message, sqlState: state)
    let step = StepRecord(
      .upgrade, outcome: .failed(failure), emptyTrial: .succeedsWithoutMadeUpNulls)
    let finding = try #require(RuleBook.judge(.example(.sqlite, steps: [step])).findings.first)
    #expect(finding.severity == .warning)
    #expect(finding.message.contains("of which several come out the same"))
    #expect(!finding.message.contains("on a NULL"))
  }
}
