import Platform
import Testing

@testable import Commands

@Suite struct StarterWorkflowTests {
  private static let root = Path(#filePath).parent.parent.parent.parent

  @Test func `the workflow to begin with is the one that the documentation shows`() throws {
    let shown = try Files.text(of: Self.root / "docs/ci/github-pull-request.yml")
    #expect(StarterWorkflow().text == shown)
    #expect(StarterWorkflow().name == ".github/workflows/migrations.yml")
  }

  @Test(arguments: [
    ("requirements.txt", "pip install -r requirements.txt"), ("setup.py", "pip install ."),
    ("README", "pip install alembic # and what else the project needs"),
  ])
  func `what is installed is what the project says that it needs`(
    name: String, command: String
  ) throws {
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-workflow")
    defer { try? Files.removeTree(folder) }
    try Files.write("", to: folder / name)
    let workflow = StarterWorkflow(of: folder, at: "")
    #expect(workflow.text.contains("      - run: \(command)\n"))
    #expect(workflow.isToBeCompleted == (name == "README"))
  }

  @Test func `in a folder of the repository each step is led there`() throws {
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-workflow")
    defer { try? Files.removeTree(folder) }
    try Files.write("[project]\n", to: folder / "pyproject.toml")
    let workflow = StarterWorkflow(of: folder, at: "apps/backend")
    #expect(workflow.name == "../../.github/workflows/migrations.yml")
    #expect(
      workflow.text.contains("- run: pip install .\n        working-directory: apps/backend\n"))
    #expect(workflow.text.contains("base_ref) }}\n          working-directory: apps/backend\n"))
    #expect(workflow.text.contains("path: ${{ steps.stairway.outputs.report-dir }}\n"))
  }
}
