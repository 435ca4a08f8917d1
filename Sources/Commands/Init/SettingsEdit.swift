import Formats
import History
import Platform

/// The settings that follow from pytest-alembic's, put where the project keeps its own.
struct SettingsEdit {
  private let folder: ProjectFolder
  private let wanted: [StarterSettings.Known]
  private let file: Path?

  init(_ brought: BroughtAlong, of folder: ProjectFolder) {
    self.folder = folder
    file = SettingsFile.find(project: folder.path, named: nil)
    wanted = Self.wanted(brought).filter { !Self.holds($0.path, brought, in: folder.settings) }
  }

  private static func wanted(_ brought: BroughtAlong) -> [StarterSettings.Known] {
    var wanted: [StarterSettings.Known] = []
    if let floor = brought.floor, let minimum = brought.minimum {
      wanted.append(
        .init(
          path: "downgrade-floor", lines: ["downgrade-floor: \(YAMLText.text(floor.text))"],
          because: "pytest-alembic's minimum_downgrade_revision is \(minimum)."))
    }
    if !brought.skipped.isEmpty {
      wanted.append(
        .init(
          path: "skip",
          lines: ["skip:"]
            + brought.skipped.map { "  \(YAMLText.text($0.text)): pytest-alembic skips it too" },
          because: "pytest-alembic's skip_revisions; better reasons are yours to give."))
    }
    return wanted
  }

  /// Whether the project says so already.
  private static func holds(
    _ path: String, _ brought: BroughtAlong, in settings: Settings
  ) -> Bool {
    path == "skip"
      ? brought.skipped.allSatisfy { settings.skipped[$0] != nil }
      : settings.downgradeFloor == brought.floor
  }

  /// Adds the file of settings, where one is to be written.
  ///
  /// - Returns: what has to be written by hand, since the project keeps its settings elsewhere or
  ///   says something else already.
  /// - Throws: `Complaint` where there is a `stairway.yml` that lacks them, unless it may be touched.
  func add(to files: inout NewFiles, isForced: Bool) throws -> [LeftOut] {
    guard let file else {
      files.add(
        "stairway.yml", StarterSettings(known: wanted).text,
        account: wanted.isEmpty ? nil : wanted.map(\.path).joined(separator: ", "))
      return []
    }
    guard !wanted.isEmpty else { return [] }
    let name = file.relative(to: folder.path).text
    guard file.name != "pyproject.toml", let extended = try extended(file, name) else {
      return wanted.map { byHand($0, name) }
    }
    guard isForced else {
      throw Complaint(
        "files-exist", at: name,
        "the file is there already, without \(wanted.map(\.path).joined(separator: " and "))",
        fix: "`--force` adds it: \(wanted.flatMap(\.lines).joined(separator: "⏎ "))",
        outcome: .usage)
    }
    files.add(
      name, extended, account: wanted.map(\.path).joined(separator: ", "), isExtension: true)
    return []
  }

  /// The file's text with the settings at its end; nil where it says something else of one of them, or
  /// is written in a way that nothing can be added to.
  private func extended(_ file: Path, _ name: String) throws -> String? {
    guard !wanted.contains(where: { folder.settings.layers[$0.path] != nil }) else { return nil }
    var text = try Files.text(of: file)
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    for setting in wanted {
      text += "\n# \(setting.because)\n" + setting.lines.map { $0 + "\n" }.joined()
    }
    guard let root = try? YAMLDocument.parse(text, name: name),
      let layers = try? SettingsLayers(file: SettingNode(root, file: name)),
      wanted.allSatisfy({ layers[$0.path] != nil })
    else { return nil }
    return text
  }

  private func byHand(_ setting: StarterSettings.Known, _ name: String) -> LeftOut {
    let held = folder.settings.layers[setting.path]?.place
    return LeftOut(
      message: held.map { "\($0) says something else of \(setting.path) than pytest-alembic" }
        ?? "\(setting.path) has to be added to \(name)",
      fix: "say there: \(setting.lines.joined(separator: "⏎ "))")
  }
}
