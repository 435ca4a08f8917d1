/// A command line taken apart by a command's table.
struct ParsedArguments: Sendable, Hashable {
  private var values: [String: [String]] = [:]
  private(set) var positionals: [String] = []

  /// The option's value; the last, where it was given more than once.
  subscript(id: String) -> String? { values[id]?.last }

  /// All the values of a repeatable option, in their order.
  func all(_ id: String) -> [String] { values[id] ?? [] }

  /// Whether the flag was given.
  func has(_ id: String) -> Bool { values[id] != nil }

  /// The positional argument with this index, where there is one.
  func positional(_ index: Int) -> String? {
    positionals.indices.contains(index) ? positionals[index] : nil
  }

  /// Reads `arguments` by the table: `--opt value`, `--opt=value`, and `--` before what shall not be
  /// read as options. A mention of `--help` wins over every mistake.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: [String], by syntax: CommandSyntax) throws {
    if arguments.prefix(while: { $0 != "--" }).contains(where: { ["--help", "-h"].contains($0) }) {
      values["help"] = [""]
      return
    }
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        positionals += rest
        break
      } else if argument.hasPrefix("-"), argument.count > 1 {
        try read(argument, from: &rest, by: syntax)
      } else {
        positionals.append(argument)
      }
    }
    try checkPositionals(by: syntax)
  }

  private mutating func read(
    _ argument: String, from rest: inout ArraySlice<String>, by syntax: CommandSyntax
  ) throws {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count > 1 ? String(parts[1]) : nil
    guard let option = syntax.options.first(where: { $0.names.contains(name) }) else {
      let known = syntax.shownOptions.flatMap(\.names)
      throw UsageError.unknownOption(name, nearest: known.nearest(to: name), syntax)
    }
    guard option.value != nil else {
      if let attached { throw UsageError.unexpectedValue(attached, option, syntax) }
      values[option.id] = [""]
      return
    }
    guard let value = attached ?? Self.takeValue(from: &rest) else {
      throw UsageError.missingValue(option, syntax)
    }
    guard option.choices.isEmpty || option.choices.contains(value) else {
      throw UsageError.invalidValue(value, option, syntax)
    }
    if option.isRepeatable {
      values[option.id, default: []].append(value)
    } else {
      values[option.id] = [value]
    }
  }

  /// The next argument, unless it looks like an option: a forgotten value must not swallow one.
  private static func takeValue(from rest: inout ArraySlice<String>) -> String? {
    guard let next = rest.first, next == "-" || !next.hasPrefix("-") else { return nil }
    return rest.popFirst()
  }

  private func checkPositionals(by syntax: CommandSyntax) throws {
    let unexpected = positionals.dropFirst(syntax.positionals.count)
    if !unexpected.isEmpty { throw UsageError.unexpectedArguments(Array(unexpected), syntax) }
    let missing = syntax.positionals.dropFirst(positionals.count).first { $0.isRequired }
    if let missing { throw UsageError.missingArgument(missing, syntax) }
  }
}
