import Databases
import Formats
import Reports
import Schemas

/// `stairway diff`: what lies between two schemas.
enum DiffCommand: Command {
  static let syntax = CommandSyntax(
    "diff", overview: "Show what differs between two databases or snapshots.",
    discussion: """
      Both are only read. The exit status is 1 where the schemas differ, and 0
      where they are the same or differ in nothing but looks.
      """,
    positionals: [
      Positional(
        "A", help: "A SQLite file, a snapshot, or a URL like postgresql://user@host/database."),
      Positional("B", help: "Likewise."),
    ],
    options: [
      Option(
        "output-format", value: "FORMAT", choices: ["full", "json"],
        help: "How the differences are written: full (for reading) or json.")
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    let before = try SnapshotSource(arguments.positional(0) ?? "", in: invocation).snapshot()
    let after = try SnapshotSource(arguments.positional(1) ?? "", in: invocation).snapshot()
    guard before.engine == after.engine else {
      throw Complaint(
        "different-engines",
        "one is \(before.engine.title) and the other \(after.engine.title): their schemas cannot be compared",
        fix: "name two databases or snapshots of one engine", outcome: .usage)
    }
    let difference = SchemaDifference(from: before, to: after)
    if arguments["output-format"] == "json" {
      invocation.writeOutput(Redaction.applied(to: try JSONText.encode(difference) + "\n"))
    } else {
      invocation.show(Redaction.applied(to: text(of: difference)))
    }
    return difference.isStructural ? .findings : .verified
  }

  /// The differences by their weight, the heaviest first.
  private static func text(of difference: SchemaDifference) -> String {
    if difference.isEmpty { return "The schemas are the same.\n" }
    let headings: [(Weight, String)] = [
      (.structural, ""), (.columnOrder, "Only the order of columns:\n"),
      (.cosmetic, "Only in looks:\n"),
    ]
    return headings.compactMap { weight, heading in
      let lines = SchemaDifference(difference.changes.filter { $0.weight == weight }).lines
      return lines.isEmpty ? nil : heading + lines.map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }
}
