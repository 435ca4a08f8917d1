import Databases
import History
import Platform
import Rules
import Testing

@testable import Commands

@Suite struct BaselineFileTests {
  private static let entries = [
    Baseline.Entry(
      KnownFinding(rule: "unregistered-model", engine: nil, revision: nil, object: nil)),
    Baseline.Entry(
      KnownFinding(
        rule: "downgrade-fails", engine: .sqlite, revision: "a1", object: nil), count: 2),
    Baseline.Entry(
      KnownFinding(
        rule: "downgrade-leaves-trace", engine: .postgresql, revision: "a1",
        object: "type \"mood\"\n")),
  ]

  private static let text = #"""
    {"version": 1, "findings": [
    {"rule": "unregistered-model"},
    {"revision": "a1", "rule": "downgrade-fails", "engine": "sqlite", "count": 2},
    {"revision": "a1", "rule": "downgrade-leaves-trace", "engine": "postgresql", "object": "type \"mood\"\n"}
    ]}

    """#

  /// A file with this text in a folder of its own.
  private func file(_ text: String?) throws -> (BaselineFile, folder: Path) {
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-baseline-test")
    let path = folder / BaselineFile.standardName
    if let text { try Files.write(text, to: path) }
    return (BaselineFile(path, project: folder), folder)
  }

  @Test func `a finding is a line, and the order does not depend on when it came`() throws {
    #expect(BaselineFile.text(of: Baseline(Self.entries)) == Self.text)
    #expect(BaselineFile.text(of: Baseline(Self.entries.reversed())) == Self.text)
    #expect(BaselineFile.text(of: Baseline()) == "{\"version\": 1, \"findings\": []}\n")
  }

  @Test func `what was written is read back`() throws {
    let (file, folder) = try file(nil)
    defer { try? Files.removeTree(folder) }
    #expect(try file.read() == nil)
    try file.checkCanBeWritten()
    try file.write(Baseline(Self.entries))
    #expect(try file.read() == Baseline(Self.entries))
    #expect(try Files.names(in: folder) == [BaselineFile.standardName])
  }

  @Test(
    arguments: [
      ("{", "stairway-baseline.json:1", "a key between double quotes is expected"),
      ("[]", "stairway-baseline.json:1", "a baseline is an object, {…}"),
      ("{\"findings\": []}", "stairway-baseline.json:1", "a baseline begins with its \"version\""),
      ("{\"version\": 1}", "stairway-baseline.json:1", "a baseline has a list of \"findings\""),
      (
        "{\"version\": \"1\", \"findings\": []}", "stairway-baseline.json:1",
        "the \"version\" of a baseline is a whole number, for now 1"
      ),
      (
        "{\"version\": 1, \"findins\": []}", "stairway-baseline.json:1",
        "unknown key 'findins' in a baseline; did you mean 'findings'?"
      ),
      (
        "{\"version\": 1, \"findings\": [\n{\"rule\": \"downgrade-fail\"}]}",
        "stairway-baseline.json:2",
        "there is no rule 'downgrade-fail'; did you mean 'downgrade-fails'?"
      ),
      (
        "{\"version\": 1, \"findings\": [\n{\"engine\": \"sqlite\"}]}", "stairway-baseline.json:2",
        "a finding names its \"rule\""
      ),
      (
        "{\"version\": 1, \"findings\": [\n{\"rule\": \"rows-lost\", \"engine\": \"mysql\"}]}",
        "stairway-baseline.json:2", "there is no engine 'mysql'; there are sqlite and postgresql"
      ),
      (
        "{\"version\": 1, \"findings\": [\n{\"rule\": \"rows-lost\", \"objects\": \"x\"}]}",
        "stairway-baseline.json:2", "unknown key 'objects' in a finding; did you mean 'object'?"
      ),
      (
        "{\"version\": 1, \"findings\": [\n{\"rule\": \"rows-lost\", \"object\": 3}]}",
        "stairway-baseline.json:2", "\"object\" of a finding is a text"
      ),
      (
        "{\"version\": 1, \"findings\": [\n{\"rule\": \"rows-lost\", \"count\": 0}]}",
        "stairway-baseline.json:2", "\"count\" of a finding is a whole number above 0"
      ),
      (
        "{\"version\": 1, \"findings\": [\n{\"rule\": \"rows-lost\"},\n{\"rule\": \"rows-lost\"}]}",
        "stairway-baseline.json:3", "this finding is already in line 2"
      ),
      (
        "{\"version\": 1, \"findings\": [\n<<<<<<< HEAD\n]}", "stairway-baseline.json:2",
        "the file holds an unresolved merge: both sides changed the known findings"
      ),
      (
        "{\"version\": 1.0, \"findings\": []}", "stairway-baseline.json:1",
        "the \"version\" of a baseline is a whole number, for now 1"
      ),
    ])
  func `a file that cannot be followed is a mistake with its line and status 4`(
    text: String, place: String, message: String
  ) throws {
    let (file, folder) = try file(text)
    defer { try? Files.removeTree(folder) }
    let error = #expect(throws: (any Error).self) { try file.read() }
    let complaint = Complaint(try #require(error))
    #expect(complaint.place == place)
    #expect(complaint.message.hasSuffix(message), "\(complaint.message)")
    #expect(complaint.outcome == .usage)
    #expect(complaint.fix != nil)
  }

  @Test func `a place that cannot be written is said before the run, with status 4`() throws {
    let (file, folder) = try file(nil)
    defer { try? Files.removeTree(folder) }
    try Files.makeFolder(file.path)
    for (path, message) in [
      (file.path, "stairway-baseline.json is a folder"),
      (folder / "nowhere/b.json", "nowhere/b.json cannot be written: cannot make a folder in"),
    ] {
      let error = #expect(throws: Complaint.self) {
        try BaselineFile(path, project: folder).checkCanBeWritten()
      }
      #expect(error?.code == "cannot-write-baseline")
      #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
      #expect(error?.outcome == .usage)
    }
  }
}
