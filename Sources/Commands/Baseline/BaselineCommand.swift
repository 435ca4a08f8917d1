/// `stairway baseline`: records the findings that a history has, so that from then on only new ones
/// fail.
enum BaselineCommand: Command {
  static let syntax = CommandSyntax(
    "baseline", overview: "Record the findings that there are, so that only new ones fail.",
    discussion: """
      Verifies as 'stairway verify' does, and writes what is found into
      stairway-baseline.json: by rule, engine, revision and object, so that moved
      lines do not matter. With --prune it only takes out what is gone. What a run did
      not come by, as with --revisions or --engine, stays as it is. The whole history
      is looked at, also where the settings name a commit to begin at (since); with
      --since, only what a branch adds is, and the rest stays as it is.

      Exit status: as that of 'stairway verify' with the file that was written.
      """,
    positionals: VerifyCommand.syntax.positionals,
    options: [
      Option("prune", help: "Add nothing; take out what is there no more.")
    ] + VerifyCommand.options)

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    try VerifyCommand.run(
      arguments, in: invocation, baseline: arguments.has("prune") ? .prune : .record)
  }
}
