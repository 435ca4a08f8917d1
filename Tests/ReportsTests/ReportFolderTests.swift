import Databases
import History
import Platform
import Reports
import Rules
import Testing

extension ReportForm {
  static let tested = ReportForm(exitStatus: 1)
}

@Suite struct ReportFolderTests {
  static let files = [
    "gl-code-quality-report.json", "junit.xml", "report.html", "report.json", "report.sarif",
    "summary.md",
  ]
  /// As snapshots begin.
  static let snapshot = "{\n  \"engine\" : \"sqlite\",\n"

  @Test func `reports and snapshots are put in place together, and nothing else stays`() throws {
    let temporary = try TemporaryFolder()
    let path = temporary.path / "deep/reports"
    let folder = try ReportFolder(path)
    try folder.keep(snapshot: Self.snapshot, engine: .sqlite, revision: "aaa1")
    try folder.keep(snapshot: Self.snapshot, engine: .sqlite, revision: "../a b/.x")
    #expect(try Files.names(in: path).allSatisfy { $0.hasPrefix(".") })
    let report = try SampleRecord.report()
    try folder.publish(report, as: .tested)
    #expect(try Files.names(in: path) == (Self.files + ["snapshots"]).sorted())
    #expect(try Files.text(of: path / "report.json") == report.json + "\n")
    #expect(
      try Files.names(in: path / "snapshots/sqlite") == ["%2E.%2Fa%20b%2F.x.json", "aaa1.json"])
  }

  @Test func `snapshots of an earlier run do not mix with those of this one`() throws {
    let temporary = try TemporaryFolder()
    for revision in ["old", "new"] {
      let folder = try ReportFolder(temporary.path)
      try folder.keep(snapshot: Self.snapshot, engine: .sqlite, revision: .init(revision))
      try folder.publish(try SampleRecord.report(), as: .tested)
    }
    #expect(try Files.names(in: temporary.path / "snapshots/sqlite") == ["new.json"])
  }

  @Test func `what somebody else keeps in a folder of that name stays`() throws {
    let temporary = try TemporaryFolder()
    try Files.makeFolder(temporary.path / "snapshots")
    try Files.write("theirs", to: temporary.path / "snapshots/page.snap")
    try Files.makeFolder(temporary.path / "snapshots/sqlite")
    try Files.write("{\"theirs\": 1}", to: temporary.path / "snapshots/sqlite/page.json")
    let folder = try ReportFolder(temporary.path)
    try folder.keep(snapshot: Self.snapshot, engine: .sqlite, revision: "aaa1")
    try folder.publish(try SampleRecord.report(), as: .tested)
    #expect(try Files.names(in: temporary.path / "snapshots") == ["page.snap", "sqlite"])
    #expect(
      try Files.names(in: temporary.path / "snapshots/sqlite") == ["aaa1.json", "page.json"])
    // One that would have to give way stays, and the run says so.
    try Files.write("{\"theirs\": 1}", to: temporary.path / "snapshots/sqlite/bbb2.json")
    let next = try ReportFolder(temporary.path)
    try next.keep(snapshot: Self.snapshot, engine: .sqlite, revision: "bbb2")
    let report = try SampleRecord.report()
    let error = #expect(throws: ReportError.self) { try next.publish(report, as: .tested) }
    #expect(error?.message.contains("snapshots/sqlite/bbb2.json is another tool's") == true)
    #expect(
      try Files.text(of: temporary.path / "snapshots/sqlite/bbb2.json") == "{\"theirs\": 1}")
  }

  @Test func `a run that ends early leaves no reports, neither its own nor earlier ones`() throws {
    let temporary = try TemporaryFolder()
    let earlier = try ReportFolder(temporary.path)
    try earlier.keep(snapshot: Self.snapshot, engine: .sqlite, revision: "aaa1")
    try earlier.publish(try SampleRecord.report(), as: .tested)
    do {
      let folder = try ReportFolder(temporary.path)
      try folder.keep(snapshot: Self.snapshot, engine: .sqlite, revision: "bbb2")
    }
    #expect(try Files.names(in: temporary.path) == ["snapshots"])
    #expect(try Files.names(in: temporary.path / "snapshots/sqlite") == [])
  }

  @Test(arguments: files) func `what others keep under a report's name is theirs`(name: String)
    throws
  {
    let temporary = try TemporaryFolder()
    try Files.write("theirs", to: temporary.path / name)
    try ReportFolder.withdraw(from: temporary.path)
    let error = #expect(throws: ReportError.self) { try ReportFolder(temporary.path) }
    #expect(error?.code == .otherReports)
    #expect(error?.message.contains("\(temporary.path)/\(name) is another tool's") == true)
    #expect(error?.fix?.contains("--report-dir") == true)
    #expect(try Files.names(in: temporary.path) == [name])
    #expect(try Files.text(of: temporary.path / name) == "theirs")
    // Of these, a rehearsal writes none.
    let isOfRehearsal = !["report.sarif", "gl-code-quality-report.json"].contains(name)
    #expect((try? ReportFolder(temporary.path, isForRehearsal: true)) == nil || !isOfRehearsal)
    // A file without contents is nobody's.
    try Files.write("", to: temporary.path / name)
    try ReportFolder(temporary.path).publish(SampleRecord.report(), as: .tested)
    #expect(Files.size(of: temporary.path / name) != 0)
    try ReportFolder.withdraw(from: temporary.path / "nowhere")
    #expect(!Files.exists(temporary.path / "nowhere"))
  }

  @Test(arguments: [true, false])
  func `every file of a run is known as Stairway's own`(isFound: Bool) throws {
    let temporary = try TemporaryFolder()
    let folder = try ReportFolder(temporary.path)
    let report = try SampleRecord.report(
      isFound ? SampleRecord.record : SampleRecord.clean,
      findings: isFound ? SampleRecord.findings : [])
    try folder.publish(report, as: .tested)
    #expect(try Files.names(in: temporary.path) == Self.files)
    try ReportFolder.withdraw(from: temporary.path)
    #expect(try Files.names(in: temporary.path) == [])
  }

  @Test func `what a killed run left is swept, what a running one writes is not`() throws {
    let temporary = try TemporaryFolder()
    let left = temporary.path / ".stairway-1-00000000000000ff"
    try Files.makeFolder(left)
    try Files.write("half", to: left / "report.json")
    let empty = temporary.path / ".stairway-1-000000000000feed"
    try Files.makeFolder(empty)
    let running = try ReportFolder(temporary.path)
    try running.keep(snapshot: Self.snapshot, engine: .sqlite, revision: "aaa1")
    #expect(!Files.exists(left))
    #expect(!Files.exists(empty))
    let second = try ReportFolder(temporary.path)
    try running.publish(try SampleRecord.report(), as: .tested)
    #expect(try Files.names(in: temporary.path / "snapshots/sqlite") == ["aaa1.json"])
    withExtendedLifetime(second) {}
  }

  @Test func `a folder that cannot be written is refused before the run, with a way out`() throws {
    let temporary = try TemporaryFolder()
    try Files.write("a file", to: temporary.path / "reports")
    let error = #expect(throws: ReportError.self) { try ReportFolder(temporary.path / "reports") }
    #expect(error?.code == .cannotWriteReports)
    #expect(error?.message.contains("\(temporary.path)/reports") == true)
    #expect(error?.fix?.contains("--report-dir") == true)
  }
}
