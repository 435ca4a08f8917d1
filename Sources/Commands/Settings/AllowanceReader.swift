import History
import Rules

/// Reads the `allow` entries of a settings file.
enum AllowanceReader {
  private static let keys = ["rule", "revision", "object", "because"]

  /// - Throws: `SettingsError` for an entry without a reason, an unknown key or an unknown rule.
  static func allowances(_ node: SettingNode?) throws -> [Allowance] {
    guard case .list(let items) = node?.content else { return [] }
    return try items.map(allowance)
  }

  private static func allowance(_ node: SettingNode) throws -> Allowance {
    guard case .map(let entries) = node.content else {
      throw SettingsError(
        .wrongType, at: node.place,
        "'allow' expects a list of mappings, not \(node.title)",
        fix: "write it like `allow: [{rule: data-dropped, because: moved to profiles}]`")
    }
    var texts: [String: String] = [:]
    for entry in entries {
      guard keys.contains(entry.key) else {
        let nearest = keys.nearest(to: entry.key).map { "; did you mean '\($0)'?" } ?? ""
        throw SettingsError(
          .unknownKey, at: entry.place, "unknown key '\(entry.key)' in an allowance\(nearest)",
          fix: "the keys there are: " + keys.joined(separator: ", "))
      }
      switch entry.value.content {
      case .text(let text): texts[entry.key] = text
      case .nothing: continue
      default:
        throw SettingsError(
          .wrongType, at: entry.value.place,
          "'\(entry.key)' of an allowance expects text, not \(entry.value.title)",
          fix: "write it like `{rule: data-dropped, because: moved to profiles}`")
      }
    }
    guard let rule = texts["rule"] else {
      throw SettingsError(
        .invalidAllowance, at: node.place, "an allowance names the rule that it is about",
        fix: "add rule: with a name that `stairway explain --all` lists")
    }
    guard let reason = texts["because"], !reason.trimmed.isEmpty else {
      throw SettingsError(
        .missingReason, at: node.place, "the allowance of \(rule) needs a reason",
        fix: "add because: with a sentence that a colleague will understand")
    }
    return Allowance(
      rule: try KnownRules.rule(rule, at: node.place),
      revision: texts["revision"].map { RevisionID($0) }, object: texts["object"],
      reason: reason, place: node.place)
  }
}
