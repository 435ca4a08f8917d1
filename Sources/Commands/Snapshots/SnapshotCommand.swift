import Platform
import Reports

/// `stairway snapshot`: the canonical schema of a database as JSON.
enum SnapshotCommand: Command {
  static let syntax = CommandSyntax(
    "snapshot", overview: "Write a database's schema as canonical JSON, with a fingerprint.",
    discussion: "The database is only read.",
    positionals: [
      Positional("DATABASE", help: "A SQLite file, or a URL like postgresql://user@host/database.")
    ],
    options: [
      Option(
        "output", short: "o", value: "FILE", help: "Write to this file instead of standard output.")
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    let source = try SnapshotSource(arguments.positional(0) ?? "", in: invocation)
    let text = Redaction.applied(to: try SnapshotDocument(source.snapshot()).text())
    if let file = arguments["output"], file != "-" {
      try Files.write(text, to: invocation.path(file))
    } else {
      invocation.writeOutput(text)
    }
    return .verified
  }
}
