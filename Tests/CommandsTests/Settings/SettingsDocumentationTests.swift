import FoundationEssentials
import Platform
import Testing

@testable import Commands

struct SettingsDocumentationTests {
  private let file = Path(#filePath).parent.parent.parent.parent / "docs/configuration.md"

  @Test func `the page lists the keys that there are`() throws {
    if ProcessInfo.processInfo.environment["STAIRWAY_WRITE_DOCS"] != nil {
      try Files.write(SettingsDocumentation.page, to: file)
    }
    #expect(
      try Files.text(of: file) == SettingsDocumentation.page,
      "write it again: STAIRWAY_WRITE_DOCS=1 swift test --filter CommandsTests")
  }

  @Test(arguments: SettingKey.all)
  func `every key is explained with what it expects and its default`(key: SettingKey) {
    #expect(SettingsDocumentation.page.contains("### `\(key.path)`\n\n\(key.meaning)"))
  }
}
