/// Writes help pages from the commands' tables.
enum HelpPage {
  private static let width = 80
  private static let column = 28

  /// The first page: what Stairway is and its commands.
  static func overview(of commands: [CommandSyntax]) -> String {
    var page = """
      OVERVIEW: Proves that database migrations go up, down and up again without losing anything.

      USAGE: stairway COMMAND [OPTION]...

      COMMANDS:

      """
    for command in commands { page += entry(command.name, command.overview) }
    page += "\nOPTIONS:\n"
    page += entry("--version", "Show the version.")
    page += entry("-h, --help", Option.help.help)
    page += "\n  See 'stairway COMMAND --help' for one command's options.\n"
    return page
  }

  /// One command's page.
  static func page(of command: CommandSyntax) -> String {
    var page = "OVERVIEW: \(command.overview)\n"
    if !command.discussion.isEmpty { page += "\n\(command.discussion)\n" }
    page += "\nUSAGE: \(usage(of: command))\n"
    if !command.positionals.isEmpty {
      page += "\nARGUMENTS:\n"
      for positional in command.positionals { page += entry(positional.name, positional.help) }
    }
    page += "\nOPTIONS:\n"
    for option in command.shownOptions {
      let names = option.names.joined(separator: ", ")
      page += entry(option.value.map { "\(names) \($0)" } ?? names, option.help)
    }
    return page
  }

  /// The line that shows how the command is written: `stairway history [OPTION]... [PROJECT]`.
  static func usage(of command: CommandSyntax) -> String {
    let positionals = command.positionals.map { $0.isRequired ? $0.name : "[\($0.name)]" }
    return (["stairway", command.name, "[OPTION]..."] + positionals).joined(separator: " ")
  }

  /// A name, and its explanation from a fixed column on, broken between words.
  private static func entry(_ name: String, _ explanation: String) -> String {
    var lines: [String] = []
    var line = "  " + name
    if line.count >= column - 1 {
      lines.append(line)
      line = ""
    }
    line += String(repeating: " ", count: max(0, column - line.count))
    var isEmpty = true
    for word in explanation.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: column)
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    lines.append(line)
    return lines.joined(separator: "\n") + "\n"
  }
}
