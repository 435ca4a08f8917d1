import History
import Rules

/// Reads the allowances that stand beside the code they are about:
/// `# stairway: allow data-dropped users.nickname because moved to profiles`, or `-- stairway: …`.
enum AllowComment {
  /// The allowances of one file.
  ///
  /// - Parameter revision: whose file it is; nil for the project's other files.
  /// - Throws: `SettingsError` for one without a reason, or with an unknown rule.
  static func allowances(
    in text: String, file: String, revision: RevisionID?
  ) throws -> [Allowance] {
    // Most files have none, and are looked through only once.
    guard text.contains("stairway:") else { return [] }
    var found: [Allowance] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard let directive = directive(in: line) else { continue }
      found.append(try allowance(directive, revision: revision, place: "\(file):\(index + 1)"))
    }
    return found
  }

  /// What follows `# stairway:` in the line, as words.
  private static func directive(in line: Substring) -> [Substring]? {
    for mark in ["#", "--"] {
      guard let comment = line.firstRange(of: mark) else { continue }
      let text = line[comment.upperBound...].drop { $0 == " " || $0 == "\t" || $0 == "#" }
      if text.hasPrefix("stairway:") {
        return text.dropFirst("stairway:".count).split { $0.isWhitespace }
      }
    }
    return nil
  }

  private static func allowance(
    _ words: [Substring], revision: RevisionID?, place: String
  ) throws -> Allowance {
    let form = "write: stairway: allow RULE OBJECT because REASON"
    guard words.first == "allow" else {
      throw SettingsError(
        .invalidAllowance, at: place,
        "'\(words.first ?? "")' is nothing that a comment for Stairway can say; it can allow a rule",
        fix: form)
    }
    guard let because = words.firstIndex(of: "because"), because + 1 < words.count else {
      throw SettingsError(
        .missingReason, at: place, "an allowance needs a reason after 'because'", fix: form)
    }
    let subject = words[1..<because]
    guard let rule = subject.first else {
      throw SettingsError(
        .invalidAllowance, at: place, "an allowance names the rule that it is about", fix: form)
    }
    return Allowance(
      rule: try KnownRules.rule(String(rule), at: place), revision: revision,
      object: subject.count > 1 ? subject.dropFirst().joined(separator: " ") : nil,
      reason: words[(because + 1)...].joined(separator: " "), place: place)
  }
}
