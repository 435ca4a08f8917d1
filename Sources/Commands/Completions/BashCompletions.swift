/// Completions for bash, as one function
/// (<https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html>).
struct BashCompletions {
  private let commands: [CommandSyntax]

  init(_ commands: [CommandSyntax]) { self.commands = commands }

  var text: String {
    """
    # Completions of Stairway for bash; written by `stairway completions bash`.
    _stairway() {
      local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
      COMPREPLY=()
      # bash takes --engine=sqlite for three words.
      if [ "$current" = = ]; then
        current=
      elif [ "$previous" = = ]; then
        previous=${COMP_WORDS[COMP_CWORD-2]}
      fi
      if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W '\(first)' -- "$current"))
        return
      fi
      case "${COMP_WORDS[1]} $previous" in
    \(values)
      esac
      case "${COMP_WORDS[1]} $current" in
    \(options)
      esac
      case "${COMP_WORDS[1]}" in
    \(positionals)
      esac
    }
    # Where nothing is proposed: files.
    complete -o default -F _stairway stairway

    """
  }

  private var first: String {
    (commands.map(\.name) + ["--help", "--version"]).joined(separator: " ")
  }

  private var values: String {
    commands.flatMap { command in
      command.shownOptions.compactMap { option -> String? in
        guard let word = option.completed else { return nil }
        let names = option.names.map { "'\(command.name) \($0)'" }.joined(separator: " | ")
        return "    \(names)) \(Self.proposal(word)); return ;;"
      }
    }.joined(separator: "\n")
  }

  private var options: String {
    commands.map { command in
      let names = command.shownOptions.flatMap(\.names).joined(separator: " ")
      return "    '\(command.name) '-*) \(Self.proposal(.one(of: [names]))); return ;;"
    }.joined(separator: "\n")
  }

  private var positionals: String {
    commands.compactMap { command in
      command.positionals.first.map {
        "    \(command.name)) \(Self.proposal($0.completed)) ;;"
      }
    }.joined(separator: "\n")
  }

  private static func proposal(_ word: CompletedWord) -> String {
    switch word {
    case .one(let choices):
      "COMPREPLY=($(compgen -W '\(choices.joined(separator: " "))' -- \"$current\"))"
    case .folder: "compopt -o dirnames +o default 2>/dev/null"
    case .file: ":"
    case .anything: "compopt +o default 2>/dev/null"
    }
  }
}
