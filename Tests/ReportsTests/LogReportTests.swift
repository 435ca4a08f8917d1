import Databases
import History
import Platform
import Rows
import Rules
import Testing
import Walks

@testable import Reports

@Suite struct LogReportTests {
  private func record(added: [RevisionID] = ["c3"]) -> RunRecord {
    var record = RunRecord(project: "/shop", adapter: "alembic", revisions: [Revision(id: "a1")])
    let change = RevisionChange(
      revision: "a1", formerFile: "v/a1.py", formerParents: ["z0"], parents: [], dependencies: [],
      isEdited: true,
      parts: [.init(name: "upgrade", line: 9, difference: ["-one", "+two"])], successor: "c3")
    var gone = RevisionChange(revision: "h8", formerFile: "w/h8.py")
    gone.leftAt = "w/h8.py"
    gone.formerCommit = "1f"
    gone.formerModule = "w"
    record.log = LogRecord(
      since: SinceRecord(
        reference: "origin/main", tip: "1f", base: "2e", added: added,
        changes: [change, gone], reworded: ["j0"], vanished: [.vanished],
        merge: ForthcomingMerge(
          arriving: [Revision(id: "d4", parents: ["a1"])], replacing: ["d4"], leaving: ["e5"],
          renamed: ["k1", "l2"].map { id in
            ForthcomingMerge.Renaming(revision: id, ours: "v/\(id)_a.py", theirs: "v/\(id)_b.py")
          }),
        uncommitted: ["v/c3.py"],
        unread: [UnreadFile(file: "v/f6.py", reason: "syntax error in line 3"), .vanished],
        baseline: BaselineGrowth(file: "known.json", added: 1)),
      lock: LockRecord(
        file: "stairway.lock", missing: ["c3", "d4"],
        changes: [RevisionChange(revision: "g7", formerParents: ["a1"])]))
    return record
  }

  @Test func `what is known of the log is in the report, read back and as its schema has it`()
    throws
  {
    let finding = Finding(
      rule: "edited-revision", severity: .error, revision: "a1", message: "it was edited",
      evidence: Evidence(source: ["-one", "+two"]))
    let json = try SampleRecord.report(record(), findings: [finding]).json
    let again = try Report(json: json, name: "report.json")
    #expect(again.record.log == record().log)
    #expect(again.judgement.findings == [finding])
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-log")
    defer { try? Files.removeTree(folder) }
    try Files.write(json, to: folder / "report.json")
    let script = """
      import json, sys, jsonschema
      validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
      print([e.json_path + ": " + e.message[:200] for e in validator.iter_errors(json.load(open(sys.argv[2])))])
      """
    let schema = (PackageFiles.root / "docs/report.schema.json").text
    let answer = try PackageFiles.python(script, [schema, (folder / "report.json").text])
    #expect(answer.hasPrefix("[]"), "\(answer)")
  }

  @Test func `what is no finding is remarked`() throws {
    #expect(
      Remarks(report: try SampleRecord.report(record(), findings: [], declared: [])).all.map(\.text)
        == [
          "v/c3.py is not committed: what lies in the work tree was verified",
          "v/f6.py could not be compared with what it was at origin/main: syntax error in line 3",
          "revision k1 is in v/k1_a.py here and in v/k1_b.py in origin/main, and so is 1 more: "
            + "`git merge origin/main` asks which of the two is kept; keep one",
          "this branch adds 1 finding to known.json: it fails nothing from now on",
          "c3 and d4 are not in stairway.lock: `stairway lock` adds them",
        ])
  }

  @Test func `rows of older fixtures that were left out are remarked, the first of each file`()
    throws
  {
    func fault(_ file: String, _ line: Int) -> FixtureFault {
      FixtureFault(place: SourcePlace(file: file, line: line), message: "users has no column x")
    }
    var record = RunRecord(project: "/shop", adapter: "alembic", revisions: [Revision(id: "a1")])
    record.engines = [EngineRecord(engine: .sqlite, version: "3.40.1")]
    record.engines[0].leftOutRows = [
      fault("f/a1.yml", 3), fault("f/a1.yml", 9), fault("f/b2.yml", 1),
    ]
    let said = "was left out where the rows of older revisions were written: users has no column x"
    #expect(
      Remarks(report: try SampleRecord.report(record, findings: [], declared: [])).all.map(\.text)
        == [
          "SQLite: f/a1.yml:3 \(said), and 1 more of the file", "SQLite: f/b2.yml:1 \(said)",
        ])
  }

  @Test func `a run in which nothing changed says so`() throws {
    var record = record(added: [])
    record.log = LogRecord(since: SinceRecord(reference: "origin/main"))
    let nothing = try SampleRecord.report(record, findings: [], declared: [])
    #expect(nothing.summary.verdict == .nothing)
    #expect(
      nothing.summaryLine(style: Style())
        == "nothing to verify: no revision changed since origin/main")
    record.engines = [EngineRecord(engine: .sqlite, version: "3.40.1")]
    let held = try SampleRecord.report(record, findings: [], declared: [])
    #expect(held.summary.verdict == .verified)
    #expect(
      held.summaryLine(style: Style())
        == "no revision changed since origin/main on SQLite 3.40.1: verified")
    record.log = LogRecord(since: SinceRecord(reference: "the run before", departed: ["c3"]))
    #expect(
      try SampleRecord.report(record, findings: [], declared: []).summaryLine(style: Style())
        == "1 revision gone since the run before, no other changed on SQLite 3.40.1: verified")
    // One that could not be reached has changed all the same.
    record.log = LogRecord(since: SinceRecord(reference: "origin/main", added: ["c3"]))
    record.engines[0].fault = Fault(Fault.Code(rawValue: "no-server"), message: "no server")
    let unreached = try SampleRecord.report(record, findings: [], declared: [])
    #expect(
      unreached.summaryLine(style: Style())
        == "1 revision on SQLite 3.40.1: 1 could not be judged")
  }
}

extension UnreadFile {
  fileprivate static let vanished = UnreadFile(file: "v/i9.py", reason: "it is computed")
}
