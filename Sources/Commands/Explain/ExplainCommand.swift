import Rules

/// `stairway explain RULE`: what a finding means and how to mend it.
enum ExplainCommand: Command {
  static let syntax = CommandSyntax(
    "explain", overview: "Say what a rule means, with an example and the mend.",
    positionals: [
      Positional(
        "RULE", isRequired: false, choices: RuleBook.all.map(\.name.text),
        help: "The rule's name, as a finding has it.")
    ],
    options: [Option("all", help: "List every rule with its severity instead.")])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    if arguments.has("all") {
      invocation.show(list)
      return .verified
    }
    guard let name = arguments.positional(0) else {
      throw UsageError.other("Missing expected argument 'RULE', or '--all' for the list.", syntax)
    }
    guard let rule = RuleBook[RuleName(name)] else {
      let nearest = RuleBook.nearest(to: name).map { " Did you mean '\($0)'?" } ?? ""
      throw Complaint(
        "unknown-rule", "there is no rule '\(name)'.\(nearest)",
        fix: "`stairway explain --all` lists the rules", outcome: .usage)
    }
    invocation.show(Explanation(of: rule).text(width: invocation.pageWidth))
    return .verified
  }

  private static var list: String {
    let width = RuleBook.all.map(\.name.text.count).max() ?? 0
    return RuleBook.all.map { rule in
      let name = rule.name.text + String(repeating: " ", count: width - rule.name.text.count)
      let severity = rule.severity.rawValue
      let padding = String(repeating: " ", count: max(0, 7 - severity.count))
      return "\(name)  \(severity)\(padding)  \(rule.summary)\n"
    }.joined()
  }
}
