import Platform
import Projects

/// `stairway init`: the files to begin with, or those that follow from pytest-alembic's.
enum InitCommand: Command {
  static let syntax = CommandSyntax(
    "init", overview: "Write a stairway.yml, fixtures and a workflow to begin with.",
    discussion: """
      No command needs these files. The workflow is one for GitHub, and is written
      where the project lies in a git repository that has none which names Stairway,
      and no .gitlab-ci.yml. Settings that stand in stairway.yaml or pyproject.toml
      stay there: no stairway.yml is written beside them. With --from-pytest-alembic,
      pytest evaluates the project's conftest.py, and the rows and settings that it
      gives pytest-alembic become Stairway's; the exit status is 1 where something
      could not be brought along, 4 where files are in the way.
      """,
    positionals: [
      Positional("PROJECT", isRequired: false, help: "The project's folder (default: this one).")
    ],
    options: [
      .python,
      Option(
        "from-pytest-alembic",
        help: "Bring along what the fixture alembic_config says of rows and revisions."),
      Option("force", help: "Overwrite files that are there already."),
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    let folder = try ProjectFolder(arguments, in: invocation)
    let isForced = arguments.has("force")
    var files = NewFiles(in: folder.path)
    var left: [LeftOut] = []
    if arguments.has("from-pytest-alembic") {
      let (project, history) = try folder.project()
      let brought = BroughtAlong(
        try folder.data(of: project), history: history, fixtures: folder.settings.fixtures)
      left = brought.left
      for fixture in brought.fixtures { files.add(fixture) }
      left += try SettingsEdit(brought, of: folder).add(to: &files, isForced: isForced)
    } else {
      _ = try AlembicLayout(folder.settings.alembic(project: folder.path, in: invocation))
      let settings = SettingsFile.find(project: folder.path, named: nil)
      if let settings, settings.name != "stairway.yml" {
        files.keep(settings.name, account: "the settings stand there")
      } else {
        files.add("stairway.yml", StarterSettings().text)
      }
      let fixtures = folder.path / folder.settings.fixtures.text
      if !Files.exists(fixtures) {
        files.add((folder.settings.fixtures / "README.md").text, FixturesReadme.text)
      }
      if let workflow = folder.workflow(invocation) {
        files.add(
          workflow.name, workflow.text,
          account:
            "put the repository and the commit of your Stairway in place of OWNER/stairway@000…"
            + (workflow.isToBeCompleted ? ", and what the project needs behind pip install" : ""))
      }
    }
    let written = try files.write(isForced: isForced)
    for remark in left { invocation.tell(remark.text) }
    invocation.show(written.map { "\($0)\n" }.joined())
    let named = arguments.positional(0).map { " \($0)" } ?? ""
    invocation.tell("next: `stairway verify\(named)`\n")
    return left.isEmpty ? .verified : .findings
  }
}

extension ProjectFolder {
  /// nil where the project lies in no repository, in one of GitLab's, or where a workflow verifies it already.
  fileprivate func workflow(_ invocation: Invocation) -> StarterWorkflow? {
    guard let place = RepositoryRoot.place(of: path, environment: invocation.environment) else {
      return nil
    }
    let workflow = StarterWorkflow(of: path, at: place)
    let folder = (path / workflow.name).parent
    let root = folder.parent.parent
    let others = ((try? Files.names(in: folder)) ?? []).filter {
      $0 != Path(StarterWorkflow.name).name
        && (try? Files.text(of: folder / $0))?.contains("/stairway@") == true
    }
    return others.isEmpty && !Files.exists(root / ".gitlab-ci.yml") ? workflow : nil
  }

  /// What the project's conftest.py tells pytest-alembic.
  ///
  /// - Throws: `Complaint`.
  fileprivate func data(of project: AlembicProject) throws -> ConftestData {
    do {
      return try project.conftestData()
    } catch {
      throw shown(Complaint(error))
    }
  }
}

/// Something of pytest-alembic's that has no place in Stairway's files.
struct LeftOut: Hashable, Sendable {
  let message: String
  let fix: String

  /// The lines for standard error.
  var text: String { "warning[left-out]: \(message)\n  fix: \(fix)\n" }
}
