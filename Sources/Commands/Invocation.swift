import Databases
import Platform
import Reports

/// What a command is run with: everything that it takes from outside or gives to it.
struct Invocation: Sendable {
  /// The command line without the program's name.
  let arguments: [String]
  let environment: [String: String]
  /// The folder that relative paths begin at; absolute.
  let workingFolder: Path
  /// Data, as a file or another program may read it.
  let writeOutput: @Sendable (String) -> Void
  /// Progress and complaints.
  let writeError: @Sendable (String) -> Void
  let outputIsTerminal: Bool
  let errorIsTerminal: Bool
  /// Puts a question to whoever sits at the terminal, and returns the line that was typed; nil where
  /// nobody can be asked.
  let ask: (@Sendable (String) throws -> String?)?
  let clock: Clock
  let interruption: Interruption

  /// Whether text for standard output is to be coloured: `--color` above `NO_COLOR` above
  /// `FORCE_COLOR` and `CLICOLOR_FORCE` above whether it is a terminal.
  func isColoured(option: String?, isTerminal: Bool) -> Bool {
    switch option {
    case "always": return true
    case "never": return false
    default: break
    }
    if let value = environment["NO_COLOR"], !value.isEmpty { return false }
    for name in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
      if let value = environment[name], !value.isEmpty { return value != "0" }
    }
    return isTerminal && !terminalIsDumb
  }

  /// Whether a line that was written cannot be written again.
  var terminalIsDumb: Bool { environment["TERM"] == "dumb" }

  /// Whether the locale's characters are Unicode's: the first of these variables that is set says it.
  var showsUnicode: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
    let name = (locale ?? "").lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }

  /// Columns of the terminal that standard output is; nil where it is none.
  var outputWidth: Int? { outputIsTerminal ? Terminal.standardOutput.width : nil }

  /// The same of standard error.
  var errorWidth: Int? { errorIsTerminal ? Terminal.standardError.width : nil }

  /// Whether standard output is a terminal that shows no Unicode; files and pipes are UTF-8.
  var outputIsPlain: Bool { outputIsTerminal && !showsUnicode }

  /// The same of standard error.
  var errorIsPlain: Bool { errorIsTerminal && !showsUnicode }

  /// Columns that a page of help may take.
  var pageWidth: Int { min(80, outputWidth ?? 80) }

  /// Writes text for a person to standard output, as wide as the terminal; what would steer that is shown
  /// instead.
  func show(_ text: String) {
    writeOutput(Self.laid(text, isPlain: outputIsPlain, width: outputWidth))
  }

  /// The same to standard error.
  func tell(_ text: String) {
    writeError(Self.laid(text, isPlain: errorIsPlain, width: errorWidth))
  }

  private static func laid(_ text: String, isPlain: Bool, width: Int?) -> String {
    let text = VisibleText.lines(text)
    return Wrapping.page(isPlain ? VisibleText.plain(text) : text, width: width)
  }

  /// The path that an argument means, from the working folder on.
  func path(_ argument: String) -> Path {
    argument == "." || argument.isEmpty ? workingFolder : workingFolder / argument
  }

  /// What is to be typed for the same run: with the settings that came from the environment, and once
  /// where it goes on; addresses without their passwords.
  var words: [String] {
    let settings = SettingKey.all.compactMap { key -> String? in
      let names = [key.variable, key.borrowed].compactMap(\.self)
      guard let name = names.first(where: { environment[$0]?.isEmpty == false }),
        let text = environment[name]
      else { return nil }
      return "\(name)=\(key.isAddress ? PostgresAddress.shown(text) : text)"
    }.sorted()
    return (settings.isEmpty ? [] : ["env"] + settings) + ["stairway"] + shownArguments
  }

  /// The options that name a database; `--source` may name a file, too.
  private static let addressed =
    ["--source"] + SettingKey.all.filter(\.isAddress).compactMap(\.flag)

  private var shownArguments: [String] {
    var shown: [String] = []
    for argument in arguments where argument != "--watch" {
      let option = Self.addressed.first { argument.hasPrefix("\($0)=") }
      if let option {
        shown.append("\(option)=" + shownAddress(String(argument.dropFirst(option.count + 1))))
      } else {
        let isValue = shown.last.map(Self.addressed.contains) ?? false
        shown.append(isValue ? shownAddress(argument) : argument)
      }
    }
    return shown
  }

  private func shownAddress(_ text: String) -> String {
    let isFile =
      text.hasPrefix("sqlite:") || !text.contains { "=@".contains($0) } || Files.exists(path(text))
    return isFile ? text : PostgresAddress.shown(text)
  }
}
