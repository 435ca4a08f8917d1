import FoundationEssentials
import Testing

@testable import Rules

@Suite struct RuleDocumentationTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    + "/docs/rules"

  @Test func `docs-rules holds what the rules say, and no other page`() throws {
    let files = FileManager.default
    if ProcessInfo.processInfo.environment["STAIRWAY_WRITE_DOCS"] != nil {
      try? files.removeItem(atPath: Self.folder)
      try files.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
      for page in RuleDocumentation.pages {
        try page.text.write(
          toFile: "\(Self.folder)/\(page.file)", atomically: true, encoding: .utf8)
      }
    }
    let stale: Comment = "run STAIRWAY_WRITE_DOCS=1 swift test --filter RulesTests"
    let found = Set(try files.contentsOfDirectory(atPath: Self.folder))
    #expect(found == Set(RuleDocumentation.pages.map(\.file)), stale)
    for page in RuleDocumentation.pages where found.contains(page.file) {
      let written = try String(contentsOfFile: "\(Self.folder)/\(page.file)", encoding: .utf8)
      #expect(written == page.text, stale)
    }
  }

  @Test(arguments: RuleBook.all.map(\.name))
  func `an explanation fits the terminal and says what to do`(_ name: RuleName) throws {
    let text = Explanation(of: try #require(RuleBook[name])).text(width: 80)
    #expect(text.hasPrefix("\(name) ("))
    #expect(text.contains("How to mend it"))
    let long = text.split(separator: "\n").filter { !$0.hasPrefix("    ") && $0.count > 80 }
    #expect(long.isEmpty)
  }
}
