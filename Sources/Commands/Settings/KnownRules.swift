import Rules

/// The rules' names, for settings that take one from the user.
enum KnownRules {
  /// Every name that may be given, in alphabetical order.
  static var names: [String] {
    RuleBook.all.map(\.name.text).sorted()
  }

  /// The rule of this name.
  ///
  /// - Throws: `SettingsError` `unknown-rule`, with the nearest name.
  static func rule(_ name: String, at place: String) throws -> RuleName {
    guard names.contains(name) else {
      let nearest = names.nearest(to: name).map { "; did you mean '\($0)'?" } ?? ""
      throw SettingsError(
        .unknownRule, at: place, "there is no rule '\(name)'\(nearest)",
        fix: "`stairway explain --all` lists the rules")
    }
    return RuleName(name)
  }
}
