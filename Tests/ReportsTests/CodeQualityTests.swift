import Formats
import Platform
import Reports
import Rules
import Testing
import Walks

@Suite struct CodeQualityTests {
  private struct Issue: Decodable, Equatable {
    struct Location: Decodable, Equatable {
      struct Lines: Decodable, Equatable { let begin: Int }
      let path: String
      let lines: Lines
    }
    let check_name: String
    let description: String
    let fingerprint: String
    let severity: String
    let location: Location
  }

  private func issues(_ report: Report) throws -> [Issue] {
    try JSONText.decode(from: report.codeQuality(), name: "gl-code-quality-report.json")
  }

  @Test func `each finding is an issue with a place, a line of its own and its own fingerprint`()
    throws
  {
    let report = try SampleRecord.report(folder: "x", repositoryFolder: "backend")
    let issues = try issues(report)
    #expect(issues.count == 8)
    #expect(Set(issues.map(\.fingerprint)).count == 8)
    #expect(issues.allSatisfy { !$0.location.path.isEmpty && $0.location.lines.begin >= 1 })
    #expect(
      issues.map {
        "\($0.severity) \($0.check_name) \($0.location.path):\($0.location.lines.begin)"
      }
        == [
          "blocker stairway/worker-exited backend/migrations/versions/ccc3.py:12",
          "blocker stairway/database-lost backend/migrations/versions/ddd4.py:1",
          "critical stairway/multiple-heads backend/migrations/versions/ddd4.py:1",
          "critical stairway/downgrade-fails backend/migrations/versions/bbb2.py:22",
          "minor stairway/downgrade-reorders-columns backend/migrations/versions/bbb2.py:21",
          "minor stairway/sequence-too-narrow backend/migrations/versions/aaa1_users.py:10",
          "critical stairway/descent-leaves-trace backend/migrations/versions/ddd4.py:1",
          "minor stairway/unused-allow backend/stairway.yml:4",
        ])
    #expect(
      issues[5].description == "users.id outgrows its sequence (SQLite, aaa1)")
    #expect(!issues[3].description.contains("\n"))
    #expect(try report.codeQuality().split(separator: "\n").count == 10)
  }

  @Test func `two projects of one repository share no fingerprint`() throws {
    func prints(_ folder: String) throws -> Set<String> {
      Set(try issues(try SampleRecord.report(repositoryFolder: folder)).map(\.fingerprint))
    }
    #expect(try prints("services/one") == prints("services/one"))
    #expect(try prints("services/one").isDisjoint(with: prints("services/two")))
  }

  @Test func `a file beside the project is called as the repository does`() throws {
    let finding = Finding(
      rule: "downgrade-fails", severity: .error, file: "/srv/shared/versions/a1.py", line: 3,
      message: "it fails")
    func path(_ folder: String) throws -> String? {
      try issues(
        try SampleRecord.report(
          SampleRecord.clean, findings: [finding], declared: [], repositoryFolder: folder)
      ).first?.location.path
    }
    // The project is /srv/shop.
    #expect(try path("shop") == "shared/versions/a1.py")
    #expect(try path("") == "/srv/shared/versions/a1.py")
  }

  @Test func `where nothing is wrong the list is empty`() throws {
    let report = try SampleRecord.report(SampleRecord.clean, findings: [], declared: [])
    #expect(try report.codeQuality() == "[]\n")
  }
}
