import Formats
import History
import Platform
import Projects
import Rules
import Walks

extension Settings {
  /// Reads a project's settings from wherever they stand.
  ///
  /// - Parameters:
  ///   - project: the project's folder, absolute.
  ///   - named: the file that they are in, where it is not the one that the arguments name.
  /// - Throws: `SettingsError`; `ProjectError` where a Python is needed to read TOML and none is there.
  static func read(
    project: Path, named: Path? = nil, arguments: ParsedArguments, in invocation: Invocation
  ) throws -> Settings {
    let file = try SettingsFile.read(
      project: project, named: named ?? arguments["config"].map(invocation.path)
    ) { pyproject in
      try readTOML(pyproject, project: project, arguments: arguments, in: invocation)
    }
    let layers = try SettingsLayers(
      file: file, environment: invocation.environment, arguments: arguments)
    return try Settings(layers, project: project, workingFolder: invocation.workingFolder)
  }

  /// Where reports would go by settings that cannot be followed, as far as they can be read.
  static func likelyReportFolder(
    project: Path, arguments: ParsedArguments, in invocation: Invocation
  ) -> Path {
    if let named = arguments["report-dir"] ?? invocation.environment["STAIRWAY_REPORT_DIR"],
      !named.isEmpty
    {
      return invocation.path(named)
    }
    let file = try? SettingsFile.read(
      project: project, named: arguments["config"].map(invocation.path)
    ) { _ in nil }
    guard case .text(let named)?? = file?["report-dir"]?.content else {
      return invocation.workingFolder / "reports"
    }
    return project / named
  }

  private static func readTOML(
    _ file: Path, project: Path, arguments: ParsedArguments, in invocation: Invocation
  ) throws -> SettingNode? {
    let variable = invocation.environment["STAIRWAY_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }
    let named = arguments["python"] ?? variable
    let python = try PythonInterpreter(
      named: named.map(invocation.path), folders: [project], environment: invocation.environment)
    let answer = try ChildProcess.run(
      Launch(
        python.path.text, ["-I", "-c", TOMLTable.script, file.text],
        environment: invocation.environment))
    let status: Int32 = if case .exited(let number)? = answer.status { number } else { -1 }
    return try TOMLTable.node(
      status: status, output: answer.output, text: Files.text(of: file))
  }

  /// What the adapter for Alembic goes by.
  ///
  /// Paths on the command line and in variables begin at the working folder, those in the file at
  /// the project's.
  func alembic(project: Path, in invocation: Invocation) -> AlembicSettings {
    AlembicSettings(
      folder: project, config: layers.text("alembic.config").map { Path($0) },
      section: layers.text("alembic.section") ?? "alembic", app: layers.text("alembic.app"),
      application: startsApplication ? layers.text("application") : nil,
      python: layers["alembic.python"].flatMap { node in
        guard case .text(let text) = node.content else { return nil }
        let isWhole = layers.isFromFile("alembic.python") || !text.contains("/")
        return isWhole ? Path(text) : invocation.path(text)
      },
      environment: layers.texts("alembic.environment"),
      configure: layers.text("alembic.configure"),
      start: layers.text("alembic.start").map(Self.start),
      xArguments: layers["alembic.x"]?.entries.compactMap { entry in
        if case .text(let text) = entry.value.content { "\(entry.key)=\(text)" } else { nil }
      } ?? [], skipped: Set(skipped.keys),
      stepTimeout: layers.text("alembic.step-timeout").flatMap(Double.init) ?? 300)
  }

  private static func start(_ text: String) -> AlembicSettings.Start {
    if text == "create_all" { return .createAll }
    return text.hasSuffix(".sql") ? .sqlFile(Path(text)) : .command(text)
  }

  /// The allowances of the settings and those that stand beside the code they are about.
  ///
  /// - Throws: `SettingsError` for a comment that cannot be followed.
  func allowances(besides graph: RevisionGraph, in project: Path) throws -> [Allowance] {
    let beside = try graph.revisions.flatMap { revision -> [Allowance] in
      guard let text = SettingsFile.text(of: project / revision.file) else { return [] }
      return try AllowComment.allowances(in: text, file: revision.file, revision: revision.id)
    }
    // One of a rule without a judge would only be reported as matching nothing.
    return allowances + beside
  }

  /// The allowances that stand in the files of the models that a run speaks of.
  ///
  /// - Throws: `SettingsError` for a comment that cannot be followed.
  static func allowances(besideModelsIn record: RunRecord, project: Path) throws -> [Allowance] {
    let parities = record.engines.compactMap(\.parity)
    let files =
      parities.flatMap { $0.models?.units.compactMap(\.model?.file) ?? [] }
      + parities.flatMap { $0.unregistered?.models.compactMap(\.file) ?? [] }
    let revisions = Set(record.revisions.map(\.file))
    return try Set(files).subtracting(revisions).sorted().flatMap { file -> [Allowance] in
      guard let text = SettingsFile.text(of: project / file) else { return [] }
      return try AllowComment.allowances(in: text, file: file, revision: nil)
    }
  }
}
