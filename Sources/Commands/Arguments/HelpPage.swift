import Reports

/// Writes help pages from the commands' tables.
enum HelpPage {
  /// The first page: what Stairway is and its commands.
  ///
  /// - Parameter width: columns that it may take.
  static func overview(of commands: [CommandSyntax], width: Int = 80) -> String {
    var page = """
      OVERVIEW: Proves that migrations go up, down and up again, and lose nothing.

      USAGE: stairway COMMAND [OPTION]...

      COMMANDS:

      """
    for command in commands { page += entry(command.name, command.overview, width) }
    page += "\nOPTIONS:\n"
    page += entry("--version", "Show the version.", width)
    page += entry("-h, --help", Option.help.help, width)
    page += "\n  See 'stairway COMMAND --help' for one command's options.\n"
    return Wrapping.page(page, width: width)
  }

  /// One command's page.
  ///
  /// - Parameter width: columns that it may take.
  static func page(of command: CommandSyntax, width: Int = 80) -> String {
    var page = "OVERVIEW: \(command.overview)\n"
    if !command.discussion.isEmpty { page += "\n\(discussion(of: command, width))\n" }
    page += "\nUSAGE: \(usage(of: command))\n"
    if !command.positionals.isEmpty {
      page += "\nARGUMENTS:\n"
      for positional in command.positionals {
        page += entry(positional.name, positional.help, width)
      }
    }
    page += "\nOPTIONS:\n"
    for option in command.shownOptions {
      let names = option.names.joined(separator: ", ")
      page += entry(option.value.map { "\(names) \($0)" } ?? names, option.help, width)
    }
    return Wrapping.page(page, width: width)
  }

  /// Its lines as they are where they fit, else its paragraph anew.
  private static func discussion(of command: CommandSyntax, _ width: Int) -> String {
    width < 80 ? command.discussion.replacing("\n", with: " ") : command.discussion
  }

  /// The line that shows how the command is written: `stairway history [OPTION]... [PROJECT]`.
  static func usage(of command: CommandSyntax) -> String {
    let positionals = command.positionals.map { $0.isRequired ? $0.name : "[\($0.name)]" }
    return (["stairway", command.name, "[OPTION]..."] + positionals).joined(separator: " ")
  }

  /// A name, and its explanation from a fixed column on, or below it where there are few columns.
  private static func entry(_ name: String, _ explanation: String, _ width: Int) -> String {
    let column = width < 60 ? 6 : 28
    let indent = String(repeating: " ", count: column)
    let lines = Wrapping.lines(indent + explanation, width: width)
    let head = "  " + name
    guard head.count < column - 1, let first = lines.first else {
      return ([head] + lines).joined(separator: "\n") + "\n"
    }
    let gap = String(repeating: " ", count: column - head.count)
    return ([head + gap + first.dropFirst(column)] + lines.dropFirst()).joined(separator: "\n")
      + "\n"
  }
}
