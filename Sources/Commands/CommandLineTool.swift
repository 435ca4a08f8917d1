import Databases
import Platform

/// The program: finds the command, runs it, and turns whatever comes of it into an exit status.
enum CommandLineTool {
  static let version = "0.1.0"

  static let commands: [any Command.Type] = [
    VerifyCommand.self, RehearseCommand.self, BaselineCommand.self, HistoryCommand.self,
    SnapshotCommand.self, DiffCommand.self, LockCommand.self, ExplainCommand.self,
    InitCommand.self, DoctorCommand.self, CompletionsCommand.self,
  ]

  static func run(_ invocation: Invocation) -> Outcome {
    do {
      return try dispatch(invocation)
    } catch let error as UsageError {
      invocation.tell(Credentials.removed(from: text(of: error)))
      return .usage
    } catch {
      // Whatever was given up because of the signal, it was the signal that ended the run.
      let complaint =
        invocation.interruption.isRaised
        ? Complaint(PlatformError(.interrupted, "interrupted by a signal")) : Complaint(error)
      // It may quote what stands in the settings or on the command line.
      invocation.tell(Credentials.removed(from: complaint.text))
      return complaint.outcome
    }
  }

  private static func dispatch(_ invocation: Invocation) throws -> Outcome {
    guard let name = invocation.arguments.first else {
      invocation.writeError(
        HelpPage.overview(of: commands.map { $0.syntax }, width: invocation.pageWidth))
      return .usage
    }
    switch name {
    case "--help", "-h", "help":
      invocation.writeOutput(
        HelpPage.overview(of: commands.map { $0.syntax }, width: invocation.pageWidth))
      return .verified
    case "--version":
      invocation.writeOutput("stairway \(version)\n")
      return .verified
    default:
      break
    }
    guard let command = commands.first(where: { $0.syntax.name == name }) else {
      throw unknown(name)
    }
    let arguments = try ParsedArguments(
      Array(invocation.arguments.dropFirst()), by: command.syntax)
    if arguments.has("help") {
      invocation.writeOutput(HelpPage.page(of: command.syntax, width: invocation.pageWidth))
      return .verified
    }
    return try command.run(arguments, in: invocation)
  }

  private static func unknown(_ name: String) -> UsageError {
    let root = CommandSyntax("", overview: "", options: [Option("version", help: "")])
    if name.hasPrefix("-") {
      let known = root.options.flatMap(\.names)
      return .unknownOption(name, nearest: known.nearest(to: name), root)
    }
    return .unknownCommand(name, nearest: commands.map { $0.syntax.name }.nearest(to: name))
  }

  private static func text(of error: UsageError) -> String {
    let command = error.syntax.flatMap { $0.name.isEmpty ? nil : $0 }
    let usage = command.map(HelpPage.usage) ?? "stairway COMMAND [OPTION]..."
    let name = command.map { "stairway \($0.name)" } ?? "stairway"
    return """
      error: \(error.sentence)
      usage: \(usage)
        See '\(name) --help' for more information.

      """
  }
}
