import Databases

/// One option of a command, as its table and its help page list it.
struct Option: Sendable, Hashable {
  /// What code asks for it by: its long name without dashes.
  let id: String
  /// `--output` and perhaps `-o`, in the order that help shows them.
  let names: [String]
  /// The value's name in help, like `FILE`; nil for a flag.
  let value: String?
  /// The only values it takes; empty: any.
  let choices: [String]
  /// Whether each mention adds a value; otherwise the last one counts.
  let isRepeatable: Bool
  let help: String
  /// Left out of help and of proposals.
  let isHidden: Bool

  init(
    _ id: String, short: String? = nil, value: String? = nil, choices: [String] = [],
    isRepeatable: Bool = false, isHidden: Bool = false, help: String
  ) {
    self.id = id
    names = (short.map { ["-\($0)"] } ?? []) + ["--\(id)"]
    self.value = value
    self.choices = choices
    self.isRepeatable = isRepeatable
    self.isHidden = isHidden
    self.help = help
  }

  /// How sentences name it: `--engine ENGINE`.
  var synopsis: String {
    let name = names.last ?? id
    return value.map { "\(name) \($0)" } ?? name
  }

  static let help = Option("help", short: "h", help: "Show this page.")
}

/// An argument without dashes.
struct Positional: Sendable, Hashable {
  /// Its name in usage and help, like `PROJECT`.
  let name: String
  let isRequired: Bool
  /// The values that completions propose; empty: what the name tells, like a folder.
  let choices: [String]
  let help: String

  init(_ name: String, isRequired: Bool = true, choices: [String] = [], help: String) {
    self.name = name
    self.isRequired = isRequired
    self.choices = choices
    self.help = help
  }
}

/// Everything that a command takes: what the parser reads by and help is written from.
struct CommandSyntax: Sendable, Hashable {
  let name: String
  /// One sentence for the list of commands.
  let overview: String
  /// Further paragraphs for the command's own page.
  let discussion: String
  let positionals: [Positional]
  let options: [Option]

  init(
    _ name: String, overview: String, discussion: String = "", positionals: [Positional] = [],
    options: [Option] = []
  ) {
    self.name = name
    self.overview = overview
    self.discussion = discussion
    self.positionals = positionals
    self.options = options + [.help]
  }

  /// Those that help and completions name.
  var shownOptions: [Option] { options.filter { !$0.isHidden } }
}

extension Option {
  static let config = Option(
    "config", value: "FILE",
    help: "Read this settings file instead of the project's stairway.yml or pyproject.toml.")
  static let engine = Option(
    "engine", value: "ENGINE", choices: Engine.allCases.map(\.rawValue), isRepeatable: true,
    help: "Verify on this engine: sqlite or postgresql; may be given more than once.")
  static let postgresqlServer = Option(
    "postgresql-server", value: "URL",
    help: "Make scratch databases on this server instead of a private one.")
  static let python = Option(
    "python", value: "PATH",
    help: "The Python that runs the migrations (default: $VIRTUAL_ENV, .venv, venv, python3).")
}
