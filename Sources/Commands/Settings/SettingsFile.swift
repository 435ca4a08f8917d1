import Formats
import Platform

/// The file that a project's settings stand in.
enum SettingsFile {
  /// Reads the file that was named, else `stairway.yml` in the project's folder, else
  /// `[tool.stairway]` of its `pyproject.toml`.
  ///
  /// - Parameter readTOML: hands out the table as JSON, see `TOMLTable`; called only where
  ///   `pyproject.toml` speaks of Stairway.
  /// - Returns: the root of what it says; nil where there is no such file.
  /// - Throws: `SettingsError`.
  static func read(
    project: Path, named: Path?, readTOML: (Path) throws -> SettingNode?
  ) throws -> SettingNode? {
    guard let file = find(project: project, named: named) else { return nil }
    guard let text = text(of: file) else {
      throw SettingsError(
        .unreadableSettings, at: (named ?? Path(file.name)).text,
        "the settings file cannot be read",
        fix: named == nil
          ? "make it a file that you may read"
          : "name one that exists with --config, or leave it out")
    }
    if let named { return try parse(text, name: named.text) }
    return file.name == "pyproject.toml" ? try readTOML(file) : try parse(text, name: file.name)
  }

  /// The file that `read` takes the settings from; nil where there is none.
  static func find(project: Path, named: Path?) -> Path? { named ?? all(in: project).first }

  /// Every file of the project's folder that holds settings; the first is read, and no other.
  static func all(in project: Path) -> [Path] {
    let own = ["stairway.yml", "stairway.yaml"].map { project / $0 }.filter(Files.exists)
    let pyproject = project / "pyproject.toml"
    let isMeant = (text(of: pyproject) ?? "").split(whereSeparator: \.isNewline).contains {
      !$0.drop(while: \.isWhitespace).hasPrefix("#") && $0.contains("tool.stairway")
    }
    return own + (isMeant ? [pyproject] : [])
  }

  private static func parse(_ text: String, name: String) throws -> SettingNode {
    do {
      return SettingNode(try YAMLDocument.parse(text, name: name), file: name)
    } catch let error as FormatError {
      throw SettingsError(
        .unreadableSettings, at: error.place, error.message, fix: "correct the YAML there")
    }
  }

  /// The file's text; nil where there is none or it cannot be read.
  static func text(of file: Path) -> String? {
    Files.isFile(file) ? try? Files.text(of: file) : nil
  }
}
