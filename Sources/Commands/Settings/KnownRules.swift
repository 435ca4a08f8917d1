import Rules

/// The rules' names, for settings that take one from the user.
enum KnownRules {
  /// Rules about rows, which settings may already speak of although nothing is judged by them yet.
  static let withoutJudge: Set<RuleName> = [
    "upgrade-fails-on-data", "downgrade-fails-on-data", "rows-lost", "data-dropped", "values-lost",
    "values-changed", "expected-rows-missing", "fixture-rejected", "sequence-behind",
    "dangling-references",
  ]

  /// Every name that may be given, in alphabetical order.
  static var names: [String] {
    Set(RuleBook.all.map(\.name)).union(withoutJudge).map(\.text).sorted()
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
