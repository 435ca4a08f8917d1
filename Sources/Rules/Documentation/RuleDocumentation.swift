/// The pages of `docs/rules`, generated so that they say what the rules do.
package enum RuleDocumentation {
  /// Every page by its file name: one a rule, and the index.
  package static var pages: [(file: String, text: String)] {
    [("README.md", index)]
      + RuleBook.all.map { ("\($0.name).md", markdown(for: $0)) }
  }

  /// A rule's own page.
  package static func markdown(for rule: any Rule) -> String { Explanation(of: rule).markdown }

  /// The table of all rules with links to their pages.
  package static var index: String {
    let rows = RuleBook.all.map { rule in
      "| [`\(rule.name)`](\(rule.name).md) | \(rule.severity.rawValue) | \(rule.summary) |"
    }
    return
      ([
        "<!-- Generated from Sources/Rules: STAIRWAY_WRITE_DOCS=1 swift test --filter RulesTests -->",
        "", "# Rules", "",
        "What Stairway checks. The names are stable: they are what `allow`, `severity` and "
          + "`stairway explain`",
        "take, the `type` of a failure in `junit.xml` and the `rule` of a finding in `report.json`.",
        "", "| rule | severity | seen when |", "| --- | --- | --- |",
      ] + rows).joined(separator: "\n") + "\n"
  }
}
