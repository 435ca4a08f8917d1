import Databases
import History
import Schemas
import Testing
import Walks

@testable import Rules

@Suite struct LogRuleTests {
  private func record(
    _ revisions: [Revision], added: [RevisionID] = [], changes: [RevisionChange] = [],
    merge: ForthcomingMerge = .init(), lock: LockRecord? = nil, isSince: Bool = true
  ) -> RunRecord {
    var record = RunRecord.history(revisions)
    let since = SinceRecord(
      reference: "origin/main", tip: "tip", base: "base", added: added, changes: changes,
      merge: merge)
    record.log = LogRecord(since: isSince ? since : nil, lock: lock)
    return record
  }

  private let a1 = Revision(id: "a1", file: "v/a1.py")
  private let b2 = Revision(id: "b2", parents: ["a1"], file: "v/b2.py")

  private func edited(_ id: RevisionID, parts: [RevisionChange.Part]) -> RevisionChange {
    RevisionChange(
      revision: id, formerFile: "v/\(id).py", parents: [], dependencies: [], isEdited: true,
      parts: parts)
  }

  @Test func `an edit is told with the parts that do something else, at the first of them`() throws
  {
    let parts = [
      RevisionChange.Part(name: "gone", line: nil, difference: ["-old"]),
      RevisionChange.Part(name: "upgrade", line: 9, difference: ["+new"]),
      RevisionChange.Part(name: "", line: 3, difference: []),
    ]
    let finding = try #require(
      RuleBook.judge(record([a1], changes: [edited("a1", parts: parts)])).findings.first)
    #expect(
      finding.message
        == "revision a1 is merged in origin/main, and gone(), upgrade() and the code beside its "
        + "functions do something else now")
    #expect(finding.line == 9)
    #expect(finding.evidence.source == ["-old", "+new"])
    #expect(finding.severity == .error)
    #expect(finding.fix?.hasPrefix("git checkout base -- :/v/a1.py, and make the change") == true)
  }

  @Test func `an edited downgrade warns, whatever else stays`() throws {
    let part = RevisionChange.Part(name: "downgrade", line: 9, difference: [])
    let finding = try #require(
      RuleBook.judge(record([a1], changes: [edited("a1", parts: [part])])).findings.first)
    #expect(finding.severity == .warning)
    #expect(
      finding.fix
        == "where it mends the way down, declare that in the file: "
        + "`# stairway: allow edited-revision downgrade because …`; "
        + "else git checkout base -- :/v/a1.py")
  }

  @Test func `a downgrade's edit that is declared covers none of the upgrade`() {
    let allowance = Allowance(
      rule: "edited-revision", revision: "a1", object: "downgrade", reason: "it was wrong",
      place: "v/a1.py:3")
    for (names, isDeclared) in [
      (["downgrade"], true), (["upgrade"], false), (["upgrade", "downgrade"], false),
      (["", "downgrade"], false),
    ] {
      let parts = names.map { RevisionChange.Part(name: $0, line: 9, difference: []) }
      let judgement = RuleBook.judge(
        record([a1], changes: [edited("a1", parts: parts)]), allowances: [allowance])
      #expect(judgement.findings.isEmpty == isDeclared, "\(names)")
      #expect(judgement.declared.count == (isDeclared ? 1 : 0), "\(names)")
    }
  }

  @Test func `what the lock file tells is said where git does not tell it`() throws {
    let change = edited("a1", parts: [])
    let lock = LockRecord(file: "stairway.lock", changes: [change])
    let alone = RuleBook.judge(record([a1], lock: lock, isSince: false)).findings
    #expect(
      alone.map(\.message) == [
        "revision a1 does something else than stairway.lock says"
      ])
    let both = RuleBook.judge(
      record(
        [a1], changes: [edited("a1", parts: [.init(name: "upgrade", line: 1, difference: [])])],
        lock: lock)
    ).findings
    #expect(both.count == 1)
    #expect(both.first?.message.contains("is merged in origin/main") == true)
  }

  @Test func `a moved revision is told with what it followed`() throws {
    let moved = Revision(id: "b2", parents: [], file: "v/b2.py")
    let change = RevisionChange(
      revision: "b2", formerFile: "v/b2.py", formerParents: ["a1"], parents: [], dependencies: [])
    let findings = RuleBook.judge(record([a1, moved], changes: [change])).findings
    let finding = try #require(findings.first { $0.rule == "misplaced-revision" })
    #expect(
      finding.message
        == "revision b2 is merged in origin/main, and now follows nothing instead of a1")
    #expect(finding.fix == "let b2 follow a1 again")
  }

  @Test func `several that are gone are one finding for each place, and named together`() {
    func gone(_ id: RevisionID, after parents: RevisionID...) -> RevisionChange {
      RevisionChange(revision: id, formerFile: "v/\(id).py", formerParents: parents)
    }
    let findings = RuleBook.judge(
      record(
        [a1, Revision(id: "z9", parents: ["a1"], file: "v/z9.py")], added: ["z9"],
        changes: [gone("b2", after: "a1"), gone("c3", after: "b2"), gone("x1", after: "w1")])
    ).findings.filter { $0.rule == "deleted-revision" }
    #expect(
      Set(findings.map(\.message)) == [
        "2 revisions are gone that are merged in origin/main: b2 and c3; z9 takes their place, and a "
          + "database that is at one of them cannot go on",
        "revision x1 is merged in origin/main, and no file defines it any more",
      ])
  }

  @Test func `heads that the merge will give are told with both sides`() throws {
    let c3 = Revision(id: "c3", parents: ["b2"], message: "add posts", file: "v/c3.py")
    let d4 = Revision(id: "d4", parents: ["b2"], file: "v/d4.py")
    let findings = RuleBook.judge(
      record([a1, b2, c3], added: ["c3"], merge: .init(arriving: [d4]))
    ).findings
    #expect(
      findings.map(\.message) == [
        "merged into origin/main, the history will have 2 heads: c3 (c3.py, from this branch) and "
          + "d4 (d4.py, from origin/main)"
      ])
    #expect(findings.first?.file == "v/c3.py")
    #expect(findings.first?.fix == "`git merge origin/main`, then: merge c3 d4")
  }

  /// Another `down_revision` for the first alone would leave the second where it is.
  @Test func `a branch that merges in its middle is not told to follow with one end of two`() {
    let findings = RuleBook.judge(
      record(
        [
          a1, b2, Revision(id: "x9", parents: ["a1"], file: "v/x9.py"),
          Revision(id: "c3", parents: ["b2"], message: "add posts", file: "v/c3.py"),
          Revision(id: "m4", parents: ["c3", "x9"], file: "v/m4.py"),
        ], added: ["c3", "m4"],
        merge: .init(arriving: [Revision(id: "d5", parents: ["b2", "x9"], file: "v/d5.py")]))
    ).findings
    #expect(findings.map(\.rule) == ["multiple-heads"])
    #expect(findings.first?.fix == "`git merge origin/main`, then: merge d5 m4")
  }

  /// Following the other head it would leave the parent that both had as one.
  @Test func `a line is not told to follow another one where a head would stay behind`() {
    let findings = RuleBook.judge(
      record(
        [a1, b2, Revision(id: "f1", parents: ["b2"], message: "add posts", file: "v/f1.py")],
        added: ["f1"],
        merge: .init(arriving: [Revision(id: "c1", parents: ["a1"], file: "v/c1.py")]))
    ).findings
    #expect(findings.map(\.rule) == ["multiple-heads"])
    #expect(findings.first?.fix == "`git merge origin/main`, then: merge c1 f1")
  }

  @Test func `heads that a moved revision has left are mended by moving it back`() {
    let m1 = Revision(id: "m1", parents: ["c3"], file: "v/m1.py")
    let findings = RuleBook.judge(
      record(
        [a1, b2, Revision(id: "c3", parents: ["a1"], file: "v/c3.py"), m1],
        changes: [
          RevisionChange(
            revision: "m1", formerFile: "v/m1.py", formerParents: ["b2", "c3"], parents: ["c3"],
            dependencies: [])
        ])
    ).findings
    #expect(Set(findings.map(\.rule)) == ["multiple-heads", "misplaced-revision"])
    #expect(Set(findings.map(\.fix)) == ["let m1 follow b2 and c3 again"])
  }

  @Test func `what follows the new one where revisions were squashed is led back with them`() throws
  {
    func gone(_ id: RevisionID, after parent: RevisionID) -> RevisionChange {
      RevisionChange(revision: id, formerFile: "v/\(id).py", formerParents: [parent])
    }
    let findings = RuleBook.judge(
      record(
        [
          a1, Revision(id: "z9", parents: ["a1"], file: "v/z9.py"),
          Revision(id: "d4", parents: ["z9"], file: "v/d4.py"),
        ], added: ["z9"],
        changes: [
          gone("b2", after: "a1"), gone("c3", after: "b2"),
          RevisionChange(
            revision: "d4", formerFile: "v/d4.py", formerParents: ["c3"], parents: ["z9"],
            dependencies: []),
        ])
    ).findings
    #expect(findings.map(\.rule) == ["deleted-revision", "vague-message"])
    #expect(
      findings.first?.fix
        == "git checkout base -- :/v/b2.py :/v/c3.py; and take v/z9.py away; let d4 follow c3 again"
    )
  }

  @Test func `what lay elsewhere is brought to where it is looked for now`() throws {
    var gone = RevisionChange(revision: "b2", formerFile: "v/b2.py", formerParents: ["a1"])
    gone.formerPlace = "old/b2.py"
    var other = edited("a1", parts: [.init(name: "upgrade", line: 9, difference: [])])
    other.formerPlace = "old/a1.py"
    let findings = RuleBook.judge(record([a1], changes: [gone, other])).findings
    let fixes = Dictionary(uniqueKeysWithValues: findings.map { ($0.rule, $0.fix ?? "") })
    let top = "\"$(git rev-parse --show-cdup)\""
    #expect(
      fixes["deleted-revision"]?.hasPrefix("git show base:old/b2.py > \(top)v/b2.py;") == true)
    #expect(fixes["edited-revision"]?.hasPrefix("git show base:old/a1.py > \(top)v/a1.py,") == true)
  }

  @Test(arguments: [
    // Only theirs, which is theirs to mend; and one that follows theirs already.
    (
      [
        Revision(id: "c3", parents: ["b2"], message: "add posts"),
        Revision(id: "d4", parents: ["b2"]),
      ], [Revision](), true
    ),
    (
      [Revision(id: "d4", parents: ["b2"], labels: ["billing"])],
      [Revision(id: "c3", parents: ["b2"], labels: ["shop"], message: "add posts")], true
    ),
    (
      [Revision(id: "d4", parents: ["b2"])],
      [Revision(id: "c3", parents: ["b2"], message: "add posts")], false
    ),
  ])
  func `of a merge only heads that this branch brings in beside others are told`(
    arriving: [Revision], own: [Revision], isSilent: Bool
  ) {
    let findings = RuleBook.judge(
      record([a1, b2] + own, added: own.map(\.id), merge: .init(arriving: arriving))
    ).findings
    #expect(findings.isEmpty == isSilent, "\(findings.map(\.message))")
  }

  @Test(arguments: [
    "", "fix", "Fix.", "update", "wip", "Changes", "migration", "temp", "empty message", "WIP!!!",
    "update models", "fix 2", "new migration", "...", "some changes to the database",
  ])
  func `a message without a word about what changes is vague`(message: String) throws {
    let finding = try #require(RuleBook.judge(.added(message: message)).findings.first)
    #expect(finding.rule == "vague-message")
    #expect(finding.severity == .warning)
    #expect(finding.line == 1)
  }

  @Test(arguments: [
    "initial migration", "initial schema", "add users", "fix rounding of invoice totals", "users",
    "update price to numeric", "добавить почту", "merge heads", "drop the old tables",
  ])
  func `a message with such a word is not`(message: String) {
    #expect(RuleBook.judge(.added(message: message)).findings.isEmpty)
  }

  @Test func `of an old history nothing is said, nor of merges`() {
    let old = Revision(id: "a1", message: "fix", file: "v/a1.py")
    #expect(RuleBook.judge(.history([old])).findings.isEmpty)
    #expect(RuleBook.judge(record([old])).findings.isEmpty)
    let merge = Revision(id: "m1", parents: ["b2", "c3"], message: "update")
    #expect(
      RuleBook.judge(
        record([old, b2, Revision(id: "c3", parents: ["a1"]), merge], added: ["m1"])
      ).findings.isEmpty)
    #expect(
      RuleBook.judge(
        record([old], lock: LockRecord(file: "stairway.lock", missing: ["a1"]), isSince: false)
      ).findings.map(\.rule) == ["vague-message"])
  }

  @Test func `what the upgrade did is proposed as a message`() throws {
    var run = RunRecord.added(message: "update")
    var engine = EngineRecord(engine: .sqlite)
    var step = StepRecord(.upgrade, outcome: .succeeded)
    step.change = .added(.column, "users", "email")
    engine.roundTrips = [RoundTripRecord(revision: Revision.example.id, steps: [step])]
    run.engines = [engine]
    let finding = try #require(
      RuleBook.judge(run).findings.first { $0.rule == "vague-message" })
    #expect(
      finding.fix
        == "write it into the first line of its docstring, e.g. \"add column users.email\"")
  }

  @Test func `an allowance of what is only known since a commit is not unused without one`() {
    let allowance = Allowance(
      rule: "edited-revision", revision: "a1", reason: "it failed everywhere",
      place: "stairway.yml:3")
    let without = RuleBook.judge(.history([a1]), allowances: [allowance]).findings
    #expect(without.isEmpty, "\(without.map(\.message))")
    let gone = RevisionChange(revision: "z9", formerFile: "v/z9.py")
    let allowed = RuleBook.judge(
      record([a1], changes: [gone]),
      allowances: [
        Allowance(
          rule: "deleted-revision", revision: "z9", reason: "never applied", place: "stairway.yml:4"
        )
      ])
    #expect(allowed.findings.isEmpty, "\(allowed.findings.map(\.message))")
    #expect(allowed.declared.count == 1)
  }
}
