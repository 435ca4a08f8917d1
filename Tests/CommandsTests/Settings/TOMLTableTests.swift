import Testing

@testable import Commands

struct TOMLTableTests {
  private let text = """
    [project]
    engines = 1

    [tool.stairway]
    engines = ["sqlite"]
    # alembic.config
    alembic.section = "main"

    [tool.stairway.postgresql]
    server = "x"
    """

  @Test func `what Python prints becomes settings with the file's lines`() throws {
    let output = #"""
      {"m": [{"key": "engines", "value": {"l": [{"t": "sqlite"}]}},
             {"key": "alembic", "value": {"m": [{"key": "section", "value": {"t": "main"}}]}},
             {"key": "postgresql", "value": {"m": [{"key": "server", "value": {"t": "x"}}]}}]}
      """#
    let node = try #require(try TOMLTable.node(status: 0, output: output, text: text))
    let layers = try SettingsLayers(file: node)
    #expect(layers.names("engines") == ["sqlite"])
    #expect(layers["engines"]?.place == "pyproject.toml:5")
    #expect(layers["alembic.section"]?.place == "pyproject.toml:7")
    #expect(layers["postgresql.server"]?.place == "pyproject.toml:10")
  }

  @Test func `a file without the table says nothing`() throws {
    #expect(try TOMLTable.node(status: 0, output: "null\n", text: "") == nil)
  }

  @Test(arguments: [
    (Int32(3), SettingsError.Code.noTOMLReader), (4, .unreadableSettings), (1, .noTOMLReader),
  ])
  func `a table that cannot be read is said so`(status: Int32, code: SettingsError.Code) {
    let error = #expect(throws: SettingsError.self) {
      try TOMLTable.node(status: status, output: "Expected '=' (at line 3)", text: text)
    }
    #expect(error?.code == code)
  }
}
