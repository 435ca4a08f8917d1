import Databases
import Formats
import History
import Platform
import Rules
import Testing

@testable import Commands

struct StarterSettingsTests {
  private func settings(_ text: String) throws -> Settings {
    let root = SettingNode(try YAMLDocument.parse(text, name: "stairway.yml"), file: "stairway.yml")
    return try Settings(SettingsLayers(file: root), project: "/project", workingFolder: "/here")
  }

  /// The lines with which a setting stands there, as a reader takes the `#` away; what explains them
  /// has one blank after it, what stands in a section two.
  private func uncommented(_ text: String) -> String {
    text.split(separator: "\n").filter { !$0.hasPrefix("# ") || $0.hasPrefix("#  ") }
      .map { $0.hasPrefix("#") ? "\($0.dropFirst())" : "\($0)" }.joined(separator: "\n")
  }

  @Test func `it is accepted as it is, and says nothing`() throws {
    let settings = try settings(StarterSettings().text)
    #expect(SettingKey.all.allSatisfy { settings.layers[$0.path] == nil })
  }

  @Test func `every example in it is accepted without its mark`() throws {
    let settings = try settings(uncommented(StarterSettings().text))
    #expect(settings.engines == [.sqlite, .postgresql])
    #expect(settings.layers.text("alembic.python") == ".venv/bin/python")
    #expect(settings.downgradeFloor == "4cd99ccb2794")
    #expect(settings.skipped.count == 1)
    #expect(settings.allowances.map(\.rule) == ["data-dropped"])
    #expect(SettingKey.all.count { settings.layers[$0.path] != nil } == 12)
  }

  @Test func `what is known already stands there with its reason`() throws {
    let starter = StarterSettings(known: [
      .init(path: "skip", lines: ["skip:", "  \"12\": a reason"], because: "As told.")
    ])
    #expect(starter.text.contains("\n# As told.\nskip:\n  \"12\": a reason\n"))
    #expect(!starter.text.contains("#skip"))
    #expect(try settings(starter.text).skipped == ["12": "a reason"])
  }

  @Test func `no line of it is too wide to be read`() {
    for line in StarterSettings().text.split(separator: "\n") { #expect(line.count <= 100) }
  }
}
