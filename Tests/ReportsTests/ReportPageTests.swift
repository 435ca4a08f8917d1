import Databases
import History
import Platform
import Reports
import Rules
import Schemas
import Testing
import Walks

@Suite struct ReportPageTests {
  /// What a page that did not escape would run, or be broken by.
  static let corpus = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
    "javascript:alert(1)", "]]><script>alert(1)</script>", "</style><script>alert(1)</script>",
    "</title></script><svg onload=alert(1)>", "<!--<script>", "&lt;script&gt;&#x3c;",
    "</pre></details>",
  ]

  @Test(arguments: corpus)
  func `nothing that a project holds is markup, wherever it stands`(_ text: String) throws {
    let reader = try PageReader(try Self.holding(text).page())
    let plain = try PageReader(try Self.holding("plain").page())
    #expect(reader.elements.map(\.tag) == plain.elements.map(\.tag))
    #expect(
      reader.elements.map { $0.attributes.keys.sorted() }
        == plain.elements.map { $0.attributes.keys.sorted() })
    #expect(reader.links.allSatisfy { $0.hasPrefix("#") })
    #expect(reader.text.contains(text))
  }

  @Test func `what would steer a terminal or turn the writing round is shown`() throws {
    let page = try Self.holding("a\u{1B}[2J \u{202E}turned\u{2066} \u{7}\u{0}z").page()
    #expect(page.contains("a\\x1B[2J \\u{202E}turned\\u{2066} \\x07\\x00z"))
    #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(!page.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) })
  }

  @Test func `the policy names the style and the script that the page has, and permits no other`()
    throws
  {
    let reader = try PageReader(try SampleRecord.report().page())
    let policy = reader.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
    let style = try #require(reader.hashes["style"])
    let script = try #require(reader.hashes["script"])
    #expect(
      policy?.attributes["content"]
        == "default-src 'none'; style-src 'sha256-\(style)'; script-src 'sha256-\(script)'; "
        + "base-uri 'none'; form-action 'none'")
    #expect(reader.elements.count { $0.tag == "style" } == 1)
    #expect(reader.elements.count { $0.tag == "script" } == 1)
    #expect(
      !reader.elements.contains { $0.attributes["style"] != nil || $0.attributes["src"] != nil })
  }

  @Test func `the verdict, where to begin and the command stand before the findings`() throws {
    let words = [
      "env", "STAIRWAY_SEED=7", "stairway", "verify", "a folder", "--since=main", "--engine",
      "sqlite",
    ]
    let text = try PageReader(try SampleRecord.report(invocation: words).page()).text
    let order = [
      "3 findings to mend", "4 revisions on SQLite 3.40.1 and PostgreSQL 15.18: 3 errors",
      "Begin here: the history has 2 heads",
      "env STAIRWAY_SEED=7 stairway verify 'a folder' --since=main --engine sqlite",
      "What to do", "flask db merge heads", "Staircase", "History", "Worth knowing", "Environment",
      "/srv/shop",
    ]
    var rest = text[...]
    for part in order {
      let found = try #require(
        rest.firstRange(of: part), "\(part) comes after what stands before it")
      rest = rest[found.upperBound...]
    }
    #expect(
      text.contains(
        "env STAIRWAY_SEED=7 stairway verify 'a folder' --engine sqlite --revisions aaa1..bbb2"))
  }

  @Test func `it begins with the finding that the summary begins with`() throws {
    func finding(
      _ message: String, _ severity: Severity, _ engine: Engine?, _ revision: RevisionID? = nil
    ) -> Finding {
      Finding(
        rule: "downgrade-fails", severity: severity, engine: engine, revision: revision,
        message: message)
    }
    let findings = [
      finding("a remark", .note, .sqlite, "aaa1"), finding("later here", .error, .sqlite, "bbb2"),
      finding("the models here", .error, .sqlite), finding("earlier", .error, .postgresql, "aaa1"),
      finding("later there", .error, .postgresql, "bbb2"),
      finding("the models there", .error, .postgresql),
    ]
    let report = try SampleRecord.report(findings: findings, declared: [])
    let text = try PageReader(report.page()).text
    #expect(text.contains("Begin here: later here"), "\(text.prefix(2_000))")
    let order = [
      "later here", "later there", "the models here", "the models there", "earlier", "a remark",
    ]
    let begin = try #require(text.firstRange(of: "Begin here: later here"))
    var rest = text[begin.upperBound...]
    for part in order {
      let found = try #require(rest.firstRange(of: part), "\(part) stands before its turn")
      rest = rest[found.upperBound...]
    }
  }

  @Test func `each finding has a name of its own, which is the same in the next run`() throws {
    let findings = SampleRecord.findings + SampleRecord.findings.prefix(2)
    let names = try PageReader(try SampleRecord.report(findings: findings).page()).names
    #expect(Set(names).count == names.count)
    #expect(
      names.allSatisfy { name in
        name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
      })
    var later = SampleRecord.record
    later.startedAt += 1_000
    later.duration += 3
    #expect(
      try PageReader(try SampleRecord.report(later, findings: findings).page()).names == names)
    #expect(names.contains { $0.hasPrefix("downgrade-fails-bbb2-") })
  }

  @Test func `what the findings can be narrowed to says how many there are`() throws {
    let findings = [TerminalTests.trace, TerminalTests.trace, TerminalTests.wide]
    let text = try PageReader(
      SampleRecord.report(SampleRecord.clean, findings: findings, declared: []).page()
    ).text
    #expect(text.split(separator: " ").joined(separator: " ").contains("error 3"), "\(text)")
    #expect(!text.contains("SQLite 3 "), "there is one engine alone")
  }

  @Test func `rows are shown to whoever unfolds them`() throws {
    let finding = Finding(
      rule: "rows-lost", severity: .error, message: "a row is lost",
      evidence: Evidence(rows: ["users 1: name 'Ann'", "users 2: name 'Bob'"]))
    let page = try SampleRecord.report(SampleRecord.clean, findings: [finding], declared: []).page()
    let rows = try #require(page.split(separator: "<h4>rows</h4>").last)
    #expect(
      rows.hasPrefix("\n<details class=\"step\"><summary>Show 2 lines</summary>\n<pre>users 1"))
  }

  @Test func `statements that only looked at the schema are counted, not listed`() throws {
    let refused = Statement(sql: "PRAGMA table_info(x)", duration: 0.001, error: "no")
    let looks = [
      "PRAGMA main.table_info(\"u\")", "SELECT sql FROM sqlite_master",
      "  SELECT 1 FROM pg_catalog.pg_class",
    ]
    let changes = ["PRAGMA foreign_keys = ON", "SELECT setval('s', 1)"]
    var record = SampleRecord.clean
    record.engines[0].roundTrips[0].steps[1] = StepRecord(
      .downgrade, outcome: .succeeded,
      statements: (looks + changes).map { Statement(sql: $0, duration: 0.001) } + [refused])
    let text = try PageReader(
      SampleRecord.report(record, findings: [TerminalTests.trace]).page()
    ).text
    #expect(text.contains("The downgrade: 6 statements"))
    for change in changes + [refused.sql] { #expect(text.contains(change), "\(text)") }
    for look in looks { #expect(!text.contains(look)) }
    #expect(text.contains("Left out here: 3 statements that only looked at the schema;"))
  }

  @Test func `every link leads somewhere`() throws {
    for report in [
      try SampleRecord.report(), try Self.history(of: 5_000),
      try SampleRecord.report(RunRecord(fault: SampleRecord.fault), findings: []),
    ] {
      let reader = try PageReader(report.page())
      let names = Set(reader.names)
      #expect(reader.links.allSatisfy { names.contains(String($0.dropFirst())) })
    }
  }

  @Test func `a run without revisions, one that could not begin and one without findings say so`()
    throws
  {
    let none = try PageReader(
      try SampleRecord.report(RunRecord(project: "/srv/shop"), findings: [], declared: []).page())
    #expect(none.text.contains("Nothing to verify"))
    #expect(!none.names.contains("staircase") && !none.names.contains("history"))
    let failed = try PageReader(
      try SampleRecord.report(RunRecord(fault: SampleRecord.fault), findings: [], declared: [])
        .page())
    #expect(failed.text.contains("Could not be verified"))
    #expect(failed.text.contains("run `stairway doctor` to see what it printed"))
    let clean = try PageReader(
      try SampleRecord.report(SampleRecord.clean, findings: [], declared: []).page())
    #expect(clean.text.contains("Nothing was found that is wrong."))
  }

  @Test func `a page of 5,000 revisions stays small and says what it does not list`() throws {
    let page = try Self.history(of: 5_000).page()
    #expect(page.utf8.count < 3_000_000)
    #expect(page.contains("3000 more rows not listed here"))
    #expect(page.contains("✓ 4992 revisions</text>"))
    #expect(page.contains("<tr id=\"revision-r4998\""))
    let whole = try Self.history(of: 12).page()
    #expect(!whole.contains("class=\"cut\""))
  }

  @Test func `a huge value is cut wherever it stands, and its size is said`() throws {
    let page = try Self.holding(String(repeating: "x", count: 102_400)).page()
    #expect(page.utf8.count < 300_000)
    #expect(page.contains("x… (cut here: 100 KiB in all)"))
  }

  @Test func `a finding shows the file's lines as they are, without passwords`() throws {
    let folder = try TemporaryFolder()
    try Files.makeFolder(folder.path / "migrations/versions")
    try Files.write(
      (1...30).map {
        $0 == 21 ? "    url = \"postgresql://ann:secret@db/shop\" # <here>" : "line \($0)"
      }.joined(separator: "\n"),
      to: folder.path / "migrations/versions/bbb2.py")
    var record = SampleRecord.record
    record.project = folder.path.text
    let text = try PageReader(try SampleRecord.report(record, folder: "elsewhere").page()).text
    #expect(text.contains("20 line 20"))
    #expect(text.contains("21     url = \"postgresql://ann:***@db/shop\" # <here>"))
    #expect(!text.contains("line 29"))
    #expect(!text.contains("secret"))
    record.revisions[1] = Revision(id: "bbb2", file: "migrations/versions/another.py")
    let other = try PageReader(try SampleRecord.report(record).page()).text
    #expect(!other.contains("line 20"))
  }

  @Test func `a rehearsal's page shows no value in a file's lines`() throws {
    let folder = try TemporaryFolder()
    try Files.makeFolder(folder.path / "v")
    try Files.write(
      """
      def upgrade():
          op.execute("UPDATE users SET name = 'Ann Lee'")
          op.create_index("ix", "users", ["street"])
      """, to: folder.path / "v/b2.py")
    var record = SampleRecord.rehearsed {
      $0.steps[0].statements.append(
        StatementMeasurement(sql: "CREATE INDEX ix ON users (street)", duration: 0.1))
    }
    record.project = folder.path.text
    let finding = Finding(
      rule: "long-lock", severity: .warning, engine: .postgresql, revision: "b2", step: .upgrade,
      objects: [SampleRecord.rehearsedUsers], file: "v/b2.py", line: 2, message: "it is long",
      evidence: Evidence(), fix: nil)
    let text = try PageReader(
      try SampleRecord.report(record, findings: [finding], declared: []).page()
    ).text
    #expect(text.contains("op.execute(\"UPDATE users SET name = "))
    #expect(text.contains("[\"street\"]"))
    #expect(!text.contains("Ann Lee"))
  }

  @Test func `a page is the same when it is made from report.json`() throws {
    let report = try SampleRecord.report(invocation: ["stairway", "verify"])
    #expect(try Report(json: report.json, name: "report.json").page() == report.page())
  }

  @Test func `the graph tells heads, merges and revisions without a way back in words`() throws {
    var record = RunRecord(project: "/srv/shop")
    record.revisions = [
      Revision(id: "a", message: "begin", file: "a.py"),
      Revision(id: "b", parents: ["a"], message: "left", file: "b.py"),
      Revision(id: "c", parents: ["a"], message: "right", file: "c.py"),
      Revision(id: "d", parents: ["b", "c"], message: "both", file: "d.py"),
      Revision(id: "e", parents: ["gone"], message: "orphan", file: "e.py"),
    ]
    var engine = EngineRecord(engine: .sqlite)
    engine.roundTrips = [
      RoundTripRecord(
        revision: "b",
        steps: [
          SampleRecord.step(.upgrade),
          SampleRecord.step(
            .downgrade,
            .failed(StepFailure(kind: .notImplemented, type: "NotImplementedError", message: ""))),
        ])
    ]
    record.engines = [engine]
    let text = try PageReader(try SampleRecord.report(record, findings: [], declared: []).page())
      .text
    #expect(
      text.contains("5 revisions, 2 heads (e and d), 1 merge and 1 that cannot be taken down"))
    #expect(text.contains("d bothhead · merge of b and c"))
    #expect(text.contains("no way back"))
    #expect(text.contains("goneno file defines it"))
  }

  @Test
  func `a rehearsal has a time line of its revisions and of the locks that keep others waiting`()
    throws
  {
    let users = ObjectID(.table, schema: "public", ["users"])
    var rehearsal = RehearsalRecord(
      engine: .postgresql, version: "15.18", pending: ["b2", "c3"],
      bounds: RehearsalBounds(longestLock: 0.5, longestStep: 30),
      steps: [
        StepMeasurement(
          revision: "b2", begin: 0, duration: 3,
          locks: [
            HeldLock(relation: users, mode: .accessExclusive, statement: 0, taken: 1, held: 2),
            HeldLock(relation: users, mode: .accessShare, statement: 0, taken: 0.5, held: 2.5),
          ]),
        StepMeasurement(revision: "c3", begin: 3, duration: 1),
      ], duration: 4, transactions: 1)
    rehearsal.rollback = RehearsedWay(
      steps: [StepMeasurement(revision: "c3", begin: 0, duration: 0.2)], duration: 2.1)
    var record = RunRecord(
      project: "/srv/shop",
      revisions: [
        Revision(id: "b2", message: "widen ids"), Revision(id: "c3", parents: ["b2"]),
      ])
    record.engines = [EngineRecord(engine: .postgresql, version: "15.18")]
    record.rehearsal = rehearsal
    let page = try SampleRecord.report(record, findings: [], declared: []).page()
    let reader = try PageReader(page)
    #expect(reader.text.contains("Go: what is pending ran on the copy of production"))
    #expect(reader.text.contains("✓ time 4 s in one transaction"))
    #expect(
      reader.text.contains("? tested on a copy (not found out) nothing is known of how it was made")
    )
    #expect(reader.text.contains("ACCESS EXCLUSIVE on table users for 2 s: reads and writes wait"))
    #expect(!reader.text.contains("ACCESS SHARE"))
    #expect(reader.text.contains("✓ back: 2.1 s"))
    #expect(!reader.names.contains("staircase"))
    // The second half of three of four seconds, of 640 that the whole is wide.
    let bars = reader.elements.filter { $0.tag == "rect" }.map {
      [$0.attributes["x"], $0.attributes["width"]]
    }
    #expect(bars == [["300", "480"], ["460", "320"], ["780", "160"]])
  }

  /// A text in every place of a report that takes one.
  private static func holding(_ text: String) throws -> Report {
    let object = ObjectID(.table, [Identifier(text)])
    let difference = SchemaDifference([
      ObjectChange(before: nil, after: SchemaObject(object, ["comment": .text(text)]))
    ])
    let failure = StepFailure(
      type: text, message: text, statement: text,
      frames: [Frame(file: text, line: 3, function: text, code: text)])
    var step = StepRecord(
      .upgrade, outcome: .failed(failure),
      statements: [Statement(sql: text, duration: 0.1, error: text)], output: text)
    step.change = difference
    var engine = EngineRecord(engine: .sqlite, version: text, scratch: text)
    engine.environment = [text: text]
    engine.notes = [text]
    engine.roundTrips = [
      RoundTripRecord(revision: RevisionID(text), steps: [step]),
      RoundTripRecord(
        revision: "next",
        steps: [
          StepRecord(
            .upgrade,
            outcome: .unjudged(
              Fault(
                .init(rawValue: text), message: text, output: text, fix: text, file: text, line: 1))
          )
        ]),
      RoundTripRecord(
        revision: "last", steps: [StepRecord(.upgrade, outcome: .blocked(by: RevisionID(text)))]),
    ]
    var record = RunRecord(project: "/srv/" + text, adapter: text, engines: [engine])
    record.revisions = [
      Revision(id: RevisionID(text), labels: [text], message: text, file: text, upgradeLine: 1),
      Revision(id: "next", parents: [RevisionID(text)], message: text, file: text),
      Revision(id: "last", parents: ["next"], message: text),
    ]
    record.leftOut = [LeftOutEngine(engine: .postgresql, reason: text)]
    let finding = Finding(
      rule: RuleName(text), severity: .error, engine: .sqlite, revision: RevisionID(text),
      step: .upgrade, objects: [object], file: text, line: 2, message: text,
      evidence: Evidence(
        statement: text, error: text, sqlState: text, difference: difference, rows: [text],
        frames: failure.frames, opinions: [text], source: ["+" + text]), fix: text)
    return try SampleRecord.report(
      record, findings: [finding],
      declared: [
        DeclaredFinding(finding: finding, reason: text),
        DeclaredFinding(known: finding),
      ], folder: text, invocation: ["stairway", "verify", text])
  }

  /// A line of revisions of which the last but one has a finding.
  private static func history(of count: Int) throws -> Report {
    let ids = (0..<count).map { RevisionID("r\($0)") }
    var engine = EngineRecord(engine: .sqlite, version: "3.40.1")
    engine.roundTrips = ids.map { id in
      RoundTripRecord(
        revision: id,
        steps: [StepName.upgrade, .downgrade, .reupgrade].map {
          StepRecord($0, outcome: .succeeded, duration: 0.002)
        })
    }
    let revisions = ids.enumerated().map { index, id in
      Revision(
        id: id, parents: index == 0 ? [] : [ids[index - 1]], message: "number \(index)",
        file: "\(id).py")
    }
    let finding = Finding(
      rule: "downgrade-leaves-trace", severity: .error, engine: .sqlite, revision: ids[count - 2],
      step: .downgrade, message: "something is left")
    return try SampleRecord.report(
      RunRecord(project: "/srv/shop", revisions: revisions, engines: [engine]), findings: [finding],
      declared: [])
  }
}
