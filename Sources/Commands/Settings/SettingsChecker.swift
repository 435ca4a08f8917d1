/// Holds what a settings file says against the table of keys.
struct SettingsChecker {
  let keys: [SettingKey]

  init(keys: [SettingKey] = SettingKey.all) { self.keys = keys }

  /// The file's values by the path of their key, each of the type that its key wants.
  ///
  /// - Throws: `SettingsError` for the first unknown key or wrong value in the file's order.
  func values(of root: SettingNode) throws -> [String: SettingNode] {
    var found: [String: SettingNode] = [:]
    try collect(root, section: "", into: &found)
    return found
  }

  /// Checks one value, wherever it came from.
  func check(_ node: SettingNode, for key: SettingKey) throws {
    switch (key.kind, node.content) {
    case (_, .nothing), (.text, .text), (.allowances, .list): return
    case (.flag, .text(let text)):
      try check(text, isOneOf: ["true", "false"], of: key, at: node.place)
    case (.seconds, .text(let text)):
      guard let number = Double(text), number > 0, number.isFinite else {
        throw wrongType(node, key)
      }
    case (.duration, .text(let text)):
      guard DurationText.seconds(text) != nil else { throw wrongType(node, key) }
    case (.wholeNumber, .text(let text)):
      guard UInt64(text) != nil else { throw wrongType(node, key) }
    case (.choice(let names), .text(let text)), (.choices(let names), .text(let text)):
      try check(text, isOneOf: names, of: key, at: node.place)
    case (.choices(let names), .list(let items)):
      for item in items {
        guard case .text(let text) = item.content else { throw wrongType(item, key) }
        try check(text, isOneOf: names, of: key, at: item.place)
      }
    case (.texts, .map(let entries)), (.severities, .map(let entries)):
      for entry in entries {
        guard case .text = entry.value.content else { throw wrongType(entry.value, key) }
      }
    case (.reasons, .map(let entries)):
      for entry in entries { try checkReason(entry, of: key) }
    default:
      throw wrongType(node, key)
    }
  }

  private func checkReason(_ entry: SettingNode.Entry, of key: SettingKey) throws {
    switch entry.value.content {
    case .text(let text) where !text.trimmed.isEmpty: return
    case .text, .nothing:
      throw SettingsError(
        .missingReason, at: entry.place, "'\(key.path)' needs a reason for \(entry.key)",
        fix: "add a sentence that a colleague will understand after the colon")
    default: throw wrongType(entry.value, key)
    }
  }

  private func collect(
    _ node: SettingNode, section: String, into found: inout [String: SettingNode]
  ) throws {
    guard case .map(let entries) = node.content else {
      if node.content == .nothing { return }
      throw SettingsError(
        .wrongType, at: node.place,
        section.isEmpty
          ? "settings are a mapping of keys to values, not \(node.title)"
          : "'\(section)' is a section with keys of its own, not \(node.title)",
        fix: names(in: section))
    }
    for entry in entries {
      let path = section.isEmpty ? entry.key : "\(section).\(entry.key)"
      if let key = keys.first(where: { $0.path == path }) {
        try check(entry.value, for: key)
        if entry.value.content != .nothing { found[path] = entry.value }
      } else if section.isEmpty, keys.contains(where: { $0.section == entry.key }) {
        try collect(entry.value, section: entry.key, into: &found)
      } else {
        throw unknown(entry, section: section)
      }
    }
  }

  private func unknown(_ entry: SettingNode.Entry, section: String) -> SettingsError {
    let siblings = siblings(in: section)
    let elsewhere = keys.first { $0.name == entry.key && $0.section != section }
    let proposal =
      if let elsewhere {
        elsewhere.section.isEmpty
          ? "; '\(elsewhere.name)' stands at the top, outside of any section"
          : "; '\(elsewhere.name)' belongs into the section '\(elsewhere.section)'"
      } else {
        siblings.nearest(to: entry.key).map { "; did you mean '\($0)'?" } ?? ""
      }
    let subject = section.isEmpty ? "unknown key" : "unknown key in '\(section)':"
    return SettingsError(
      .unknownKey, at: entry.place, "\(subject) '\(entry.key)'\(proposal)", fix: names(in: section))
  }

  private func siblings(in section: String) -> [String] {
    keys.filter { $0.section == section }.map(\.name)
      + (section.isEmpty ? Set(keys.map(\.section)).filter { !$0.isEmpty }.sorted() : [])
  }

  private func names(in section: String) -> String {
    "the keys there are: " + siblings(in: section).sorted().joined(separator: ", ")
  }

  private func check(
    _ text: String, isOneOf names: [String], of key: SettingKey, at place: String
  ) throws {
    if names.contains(text) { return }
    let nearest = names.nearest(to: text).map { "; did you mean '\($0)'?" } ?? ""
    throw SettingsError(
      .invalidValue, at: place,
      "'\(key.path)' expects \(key.kind.expectation), not '\(text)'\(nearest)", fix: form(of: key))
  }

  private func wrongType(_ node: SettingNode, _ key: SettingKey) -> SettingsError {
    SettingsError(
      .wrongType, at: node.place,
      "'\(key.path)' expects \(key.kind.expectation), not \(node.title)", fix: form(of: key))
  }

  /// How the key is written, as an example.
  private func form(of key: SettingKey) -> String {
    let value =
      switch key.kind {
      case .text: "TEXT"
      case .choice(let names): names.first ?? ""
      case .choices(let names): "[\(names.joined(separator: ", "))]"
      case .texts: "{NAME: TEXT}"
      case .severities: "{data-dropped: error}"
      case .allowances: "[{rule: data-dropped, because: moved to profiles}]"
      case .seconds: "300"
      case .duration: key.standard == "none" ? "2s" : key.standard
      case .wholeNumber: "42"
      case .flag: "false"
      case .reasons: "{4cd99ccb2794: loads a dump that only production has}"
      }
    let entry = "\(key.name): \(value)"
    return "write it like `\(key.section.isEmpty ? entry : "\(key.section): {\(entry)}")`"
  }
}
