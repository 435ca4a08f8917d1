import Formats
import History
import Projects
import Rules
import Walks

/// `stairway history`: the graph of revisions.
enum HistoryCommand: Command {
  static let syntax = CommandSyntax(
    "history", overview: "Draw the history, with heads, merges and labels.",
    positionals: [
      Positional("PROJECT", isRequired: false, help: "The project's folder (default: this one).")
    ],
    options: [
      .config, .python,
      Option(
        "output-format", value: "FORMAT", choices: ["full", "json"],
        help: "How the history is written: full (for reading) or json."),
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    let folder = try ProjectFolder(arguments, in: invocation)
    let (project, graph) = try folder.project()
    if arguments["output-format"] == "json" {
      invocation.writeOutput(try JSONText.encode(HistoryDocument(graph)) + "\n")
    } else {
      invocation.show(HistoryDrawing.lines(of: graph).map { $0 + "\n" }.joined())
    }
    let run = RunRecord(adapter: project.adapter, revisions: graph.definitions)
    let findings = RuleBook.judge(
      run, allowances: [], severities: [:], mendWriter: project.mendWriter
    ).findings
    for finding in findings {
      invocation.tell("\(finding.severity.rawValue)[\(finding.rule)]: \(finding.message)\n")
    }
    if graph.revisions.isEmpty { return .nothingToVerify }
    return graph.canBeWalked ? .verified : .couldNotVerify
  }
}
