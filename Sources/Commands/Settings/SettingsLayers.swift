import Platform

/// The values of all settings that somebody gave: flags above variables above the file.
struct SettingsLayers: Sendable, Hashable {
  private var values: [String: SettingNode]

  /// Checks every layer against the table of keys and puts them on top of each other.
  ///
  /// - Parameters:
  ///   - file: the root of the settings file; nil where there is none.
  ///   - environment: the process's variables.
  ///   - arguments: the command line, whose flags the table names.
  /// - Throws: `SettingsError`.
  init(
    file: SettingNode?, environment: [String: String] = [:], arguments: ParsedArguments? = nil
  ) throws {
    let checker = SettingsChecker()
    values = try file.map(checker.values(of:)) ?? [:]
    for key in SettingKey.all {
      if let name = key.variable, let text = environment[name], !text.isEmpty {
        let node = Self.node(text, for: key, at: name)
        try checker.check(node, for: key)
        values[key.path] = node
      }
      if let flag = key.flag, let arguments {
        let given = arguments.all(String(flag.dropFirst(2)))
        guard let last = given.last else { continue }
        let content: SettingNode.Content =
          if case .choices = key.kind {
            .list(given.map { SettingNode(.text($0), at: flag) })
          } else {
            .text(last)
          }
        let node = SettingNode(content, at: flag)
        try checker.check(node, for: key)
        values[key.path] = node
      }
    }
  }

  /// The value as it was given, with its place.
  subscript(path: String) -> SettingNode? { values[path] }

  /// The value of a key that holds text.
  func text(_ path: String) -> String? {
    if case .text(let text) = values[path]?.content { text } else { nil }
  }

  /// Whether the file gives the key's value, and neither a flag nor a variable.
  func isFromFile(_ path: String) -> Bool {
    guard let place = values[path]?.place,
      let key = SettingKey.all.first(where: { $0.path == path })
    else { return false }
    return place != key.flag && place != key.variable
  }

  /// The place that a key names: from the project's folder on where the file gives it, else from the
  /// working folder on.
  func place(_ path: String, project: Path, workingFolder: Path) -> Path? {
    text(path).map { (isFromFile(path) ? project : workingFolder) / $0 }
  }

  /// The value of a key that holds a list of names, or a single one.
  func names(_ path: String) -> [String]? {
    switch values[path]?.content {
    case .text(let text): [text]
    case .list(let items):
      items.compactMap { if case .text(let text) = $0.content { text } else { nil } }
    default: nil
    }
  }

  /// The value of a key that maps names to texts.
  func texts(_ path: String) -> [String: String] {
    var found: [String: String] = [:]
    for entry in values[path]?.entries ?? [] {
      if case .text(let text) = entry.value.content { found[entry.key] = text }
    }
    return found
  }

  /// A variable holds a list as names with commas between them.
  private static func node(_ text: String, for key: SettingKey, at place: String) -> SettingNode {
    guard case .choices = key.kind else { return SettingNode(.text(text), at: place) }
    let names = text.split(separator: ",").map { SettingNode(.text($0.trimmed), at: place) }
    return SettingNode(.list(names), at: place)
  }
}
