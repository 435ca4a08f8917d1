/// Completions for zsh, by its `_arguments`
/// (<https://zsh.sourceforge.io/Doc/Release/Completion-System.html#Completion-Functions>).
struct ZshCompletions {
  private let commands: [CommandSyntax]

  init(_ commands: [CommandSyntax]) { self.commands = commands }

  var text: String {
    """
    #compdef stairway
    # Completions of Stairway for zsh; written by `stairway completions zsh`.
    _stairway() {
      if (( CURRENT == 2 )); then
        local -a commands=(
    \(commands.map { "      \(Self.quoted("\($0.name):\($0.overview)"))" }.joined(separator: "\n"))
        )
        _describe command commands
        _arguments '--help[Show the commands.]' '--version[Show the version.]'
        return
      fi
      local command=$words[2]
      shift words
      (( CURRENT-- ))
      case $command in
    \(commands.map(branch).joined(separator: "\n"))
      esac
    }
    if [[ $funcstack[1] == _stairway ]]; then
      _stairway "$@"
    else
      compdef _stairway stairway
    fi

    """
  }

  private func branch(of command: CommandSyntax) -> String {
    let options = command.shownOptions.flatMap(specifications)
    let positionals = command.positionals.enumerated().map { place, positional in
      "\(place + 1):\(positional.name):\(Self.action(positional.completed))"
    }
    let all = (options + positionals).map { " \\\n        \(Self.quoted($0))" }.joined()
    return "    \(command.name)) _arguments\(all) ;;"
  }

  private func specifications(of option: Option) -> [String] {
    option.names.map { name in
      let value = option.value.map { value in
        ":\(value):\(Self.action(option.completed ?? .anything))"
      }
      let equals = option.value != nil && name.hasPrefix("--") ? "=" : ""
      return
        "\(option.isRepeatable ? "*" : "")\(name)\(equals)[\(Self.bracketed(option.help))]\(value ?? "")"
    }
  }

  private static func action(_ word: CompletedWord) -> String {
    switch word {
    case .one(let choices): "(\(choices.joined(separator: " ")))"
    case .file: "_files"
    case .folder: "_files -/"
    case .anything: " "
    }
  }

  private static func bracketed(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("[", with: "\\[").replacing("]", with: "\\]")
      .replacing(":", with: "\\:")
  }

  private static func quoted(_ text: String) -> String {
    "'\(text.replacing("'", with: "'\\''"))'"
  }
}
