/// Completions for fish (<https://fishshell.com/docs/current/completions.html>).
struct FishCompletions {
  private let commands: [CommandSyntax]

  init(_ commands: [CommandSyntax]) { self.commands = commands }

  var text: String {
    var lines = [
      "# Completions of Stairway for fish; written by `stairway completions fish`.",
      "complete -c stairway -f",
      "complete -c stairway -n __fish_use_subcommand -l help -s h -d 'Show the commands.'",
      "complete -c stairway -n __fish_use_subcommand -l version -d 'Show the version.'",
    ]
    for command in commands {
      lines.append(
        "complete -c stairway -n __fish_use_subcommand -a \(command.name) "
          + "-d \(Self.quoted(command.overview))")
      let condition = "complete -c stairway -n '__fish_seen_subcommand_from \(command.name)'"
      for positional in command.positionals.prefix(1) {
        lines.append("\(condition) \(Self.words(positional.completed))")
      }
      for option in command.shownOptions {
        let names = option.names.map {
          $0.hasPrefix("--") ? "-l \($0.dropFirst(2))" : "-s \($0.dropFirst())"
        }
        let value = option.completed.map { " -r \(Self.words($0))" } ?? ""
        lines.append(
          "\(condition) \(names.joined(separator: " "))\(value) -d \(Self.quoted(option.help))")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func words(_ word: CompletedWord) -> String {
    switch word {
    case .one(let choices): "-f -a \(quoted(choices.joined(separator: " ")))"
    case .file: "-F"
    case .folder: "-f -a '(__fish_complete_directories)'"
    case .anything: "-f"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
  }
}
