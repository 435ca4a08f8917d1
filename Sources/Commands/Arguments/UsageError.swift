/// A command line that cannot be understood, said as swift-argument-parser says it.
enum UsageError: Error, Hashable {
  case unknownCommand(String, nearest: String?)
  case unknownOption(String, nearest: String?, CommandSyntax)
  case missingValue(Option, CommandSyntax)
  case invalidValue(String, Option, CommandSyntax)
  case unexpectedValue(String, Option, CommandSyntax)
  case unexpectedArguments([String], CommandSyntax)
  case missingArgument(Positional, CommandSyntax)
  /// Options that contradict each other, or a value whose form is wrong: said by the command.
  case other(String, CommandSyntax)

  var sentence: String {
    switch self {
    case .unknownCommand(let name, let nearest):
      "Unknown command '\(name)'.\(Self.proposal(nearest))"
    case .unknownOption(let name, let nearest, _):
      "Unknown option '\(name)'.\(Self.proposal(nearest))"
    case .missingValue(let option, _):
      "Missing value for '\(option.synopsis)'."
    case .invalidValue(let value, let option, _):
      "The value '\(value)' is invalid for '\(option.synopsis)'. Please provide one of "
        + Self.enumeration(option.choices) + "." + Self.proposal(option.choices.nearest(to: value))
    case .unexpectedValue(let value, let option, _):
      "The option '\(option.synopsis)' does not take any value, but '\(value)' was specified."
    case .unexpectedArguments(let arguments, _):
      arguments.count == 1
        ? "Unexpected argument '\(arguments[0])'."
        : "\(arguments.count) unexpected arguments: "
          + arguments.map { "'\($0)'" }.joined(separator: ", ") + "."
    case .missingArgument(let positional, _):
      "Missing expected argument '\(positional.name)'."
    case .other(let sentence, _):
      sentence
    }
  }

  /// The command whose usage is shown below the sentence; nil where none was recognised.
  var syntax: CommandSyntax? {
    switch self {
    case .unknownCommand: nil
    case .unknownOption(_, _, let syntax), .missingValue(_, let syntax),
      .invalidValue(_, _, let syntax), .unexpectedValue(_, _, let syntax),
      .unexpectedArguments(_, let syntax), .missingArgument(_, let syntax), .other(_, let syntax):
      syntax
    }
  }

  private static func proposal(_ nearest: String?) -> String {
    nearest.map { " Did you mean '\($0)'?" } ?? ""
  }

  private static func enumeration(_ names: [String]) -> String {
    let quoted = names.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }
}
