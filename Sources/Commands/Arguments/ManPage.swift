/// Writes the manual page from the commands' tables, in the macros of `man`
/// (<https://man7.org/linux/man-pages/man7/groff_man.7.html>).
enum ManPage {
  static func text(of commands: [CommandSyntax], version: String) -> String {
    var lines = [
      ".\\\" Written from the commands' tables by Stairway's own tests; do not edit.",
      ".TH STAIRWAY 1 \"\" \"Stairway \(escaped(version))\"",
      ".SH NAME",
      "stairway \\- prove that database migrations go up, down and up again without losing anything",
      ".SH SYNOPSIS",
      ".B stairway",
      ".I COMMAND",
      "[\\fIOPTION\\fR]...",
      ".SH COMMANDS",
    ]
    for command in commands { lines += section(of: command) }
    lines += [".SH EXIT STATUS"]
    for outcome in Outcome.allCases {
      lines += [".TP", ".B \(outcome.rawValue)", escaped(outcome.meaning)]
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func section(of command: CommandSyntax) -> [String] {
    var lines = [".SS \(escaped(HelpPage.usage(of: command)))", escaped(command.overview)]
    if !command.discussion.isEmpty {
      lines += [".PP", ".nf"]
      lines += command.discussion.split(separator: "\n", omittingEmptySubsequences: false)
        .map { escaped(String($0)) }
      lines.append(".fi")
    }
    for positional in command.positionals {
      lines += [".TP", ".I \(escaped(positional.name))", escaped(positional.help)]
    }
    for option in command.shownOptions {
      let names = option.names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
      let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
      lines += [".TP", names + value, escaped(option.help)]
    }
    return lines
  }

  /// Text in which nothing is a request or an escape of `roff`.
  private static func escaped(_ text: String) -> String {
    let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }
}
