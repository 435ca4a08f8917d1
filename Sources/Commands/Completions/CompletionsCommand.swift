/// `stairway completions SHELL`: what a shell needs to complete Stairway's commands.
enum CompletionsCommand: Command {
  static let syntax = CommandSyntax(
    "completions", overview: "Print the completions of a shell.",
    discussion: """
      bash, in ~/.bashrc:  eval "$(stairway completions bash)"
      zsh, for a folder of $fpath:  stairway completions zsh >~/.zfunc/_stairway
      fish:  stairway completions fish >~/.config/fish/completions/stairway.fish
      """,
    positionals: [
      Positional("SHELL", choices: Shell.allCases.map(\.rawValue), help: "bash, zsh or fish.")
    ])

  static func run(_ arguments: ParsedArguments, in invocation: Invocation) throws -> Outcome {
    let name = arguments.positional(0) ?? ""
    guard let shell = Shell(rawValue: name) else {
      let known = Shell.allCases.map(\.rawValue)
      let nearest = known.nearest(to: name).map { " Did you mean '\($0)'?" } ?? ""
      throw UsageError.other(
        "There are no completions for '\(name)', only for bash, zsh and fish.\(nearest)", syntax)
    }
    invocation.writeOutput(shell.script(completing: CommandLineTool.commands.map { $0.syntax }))
    return .verified
  }
}

/// A shell that completions can be written for.
enum Shell: String, CaseIterable {
  case bash, zsh, fish

  func script(completing commands: [CommandSyntax]) -> String {
    switch self {
    case .bash: BashCompletions(commands).text
    case .zsh: ZshCompletions(commands).text
    case .fish: FishCompletions(commands).text
    }
  }
}

/// What a word on the command line can be.
enum CompletedWord: Hashable {
  case one(of: [String])
  case file
  case folder
  /// A number, a date, a name that only the project knows.
  case anything

  /// - Parameter value: its name in help.
  init(value: String, choices: [String]) {
    self =
      if !choices.isEmpty {
        .one(of: choices)
      } else if value.contains("FILE") || value == "PATH" {
        .file
      } else if value == "PROJECT" || value.hasSuffix("DIR") {
        .folder
      } else {
        .anything
      }
  }
}

extension Option {
  /// nil for a flag.
  var completed: CompletedWord? { value.map { CompletedWord(value: $0, choices: choices) } }
}

extension Positional {
  var completed: CompletedWord { CompletedWord(value: name, choices: choices) }
}
