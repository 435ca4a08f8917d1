import Formats
import Projects

/// `stairway doctor`: what was found, where it comes from, and what is missing.
enum DoctorCommand: Command {
  static let syntax = CommandSyntax(
    "doctor", overview: "Say what is found, from where, and what is missing.",
    discussion: """
      Finds the project's history, its settings, its Python with the packages, the
      servers and git as `verify` would, and loads the migration environment on an
      empty scratch database of each engine; no migration is run. The exit status
      is 3 where something is missing that `verify` needs.
      """,
    positionals: [
      Positional("PROJECT", isRequired: false, help: "The project's folder (default: this one).")
    ],
    options: [
      .engine, .python, .config, .postgresqlServer,
      Option(
        "output-format", value: "FORMAT", choices: ["full", "json"],
        help: "How it is written: full (for reading) or json."),
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    let folder = try ProjectFolder(arguments, in: invocation)
    let examination = try Examination(of: folder, in: invocation)
    if arguments["output-format"] == "json" {
      invocation.writeOutput(try JSONText.encode(examination) + "\n")
    } else {
      invocation.show(examination.text)
    }
    return examination.outcome
  }
}
