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
    if let named {
      guard let text = text(of: named) else {
        throw SettingsError(
          .unreadableSettings, at: named.text, "the settings file cannot be read",
          fix: "name one that exists with --config, or leave it out")
      }
      return try parse(text, name: named.text)
    }
    for name in ["stairway.yml", "stairway.yaml"] {
      if let text = text(of: project / name) { return try parse(text, name: name) }
    }
    let pyproject = project / "pyproject.toml"
    guard let text = text(of: pyproject), text.contains("tool.stairway") else { return nil }
    return try readTOML(pyproject)
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
