import Platform
import Testing

@testable import Commands

/// Real shells, with the scripts that `stairway completions` prints.
@Suite struct CompletionsTests {
  private static let commands = CommandLineTool.commands.map { $0.syntax }

  /// What a shell prints that runs lines of its own after the completions have been read.
  private func answer(_ shell: Shell, _ options: [String] = [], _ lines: String) throws -> [String]
  {
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-completions-test")
    defer { try? Files.removeTree(folder) }
    try Files.write(shell.script(completing: Self.commands), to: folder / "completions")
    try Files.write("", to: folder / "stairway.yml")
    try Files.makeFolder(folder / "backend")
    let run = try ChildProcess.run(
      Launch(
        shell.rawValue, options + ["-c", lines],
        environment: ["PATH": "/usr/bin:/bin", "HOME": folder.text],
        workingDirectory: folder))
    #expect(run.isSuccess && run.errors.isEmpty, "\(run.errors)")
    return run.output.split(separator: "\n").map(String.init)
  }

  /// - Parameter words: what has been typed, the last of them in part.
  private func bash(_ words: String...) throws -> [String] {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    return try answer(
      .bash, ["--norc"],
      """
      source completions
      compopt() { echo "compopt $*"; }
      COMP_WORDS=(\(list)) COMP_CWORD=\(words.count - 1)
      _stairway
      printf '%s\\n' "${COMPREPLY[@]}"
      """)
  }

  @Test func `bash completes commands, options and the values that are known`() throws {
    #expect(try bash("stairway", "ver") == ["verify"])
    #expect(try bash("stairway", "") == Self.commands.map(\.name) + ["--help", "--version"])
    #expect(try bash("stairway", "verify", "--eng") == ["--engine"])
    #expect(try bash("stairway", "verify", "--engine", "") == ["sqlite", "postgresql"])
    #expect(try bash("stairway", "verify", "--engine", "=", "sq") == ["sqlite"])
    #expect(try bash("stairway", "verify", "--engine", "=") == ["sqlite", "postgresql"])
    #expect(try bash("stairway", "explain", "sequence-b") == ["sequence-behind"])
    #expect(try bash("stairway", "completions", "") == ["bash", "zsh", "fish"])
    #expect(try bash("stairway", "verify", "ba") == ["compopt -o dirnames +o default"])
    #expect(try bash("stairway", "verify", "--config", "").isEmpty)
  }

  private func fish(_ line: String) throws -> [String] {
    try answer(.fish, ["--no-config"], "source completions; complete -C '\(line)'").map {
      String($0.prefix { $0 != "\t" })
    }
  }

  @Test func `fish completes commands, options and the values that are known`() throws {
    #expect(try fish("stairway ver") == ["verify"])
    #expect(try Set(fish("stairway ")) == Set(Self.commands.map(\.name)))
    #expect(try fish("stairway verify --eng") == ["--engine"])
    #expect(try Set(fish("stairway verify --engine ")) == ["sqlite", "postgresql"])
    #expect(try fish("stairway verify --engine=sq") == ["--engine=sqlite"])
    #expect(try fish("stairway explain sequence-b") == ["sequence-behind"])
    #expect(try fish("stairway verify ba") == ["backend/"])
    #expect(try fish("stairway verify --config sta") == ["stairway.yml"])
  }

  /// What zsh's own functions are handed: whether they show it well is theirs.
  private func zsh(_ words: String...) throws -> [String] {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    return try answer(
      .zsh, ["-f"],
      """
      compdef() { }
      _arguments() { print -rl -- "$@" }
      _describe() { print -rl -- "${(@P)2}" }
      source completions
      words=(\(list)) CURRENT=\(words.count)
      _stairway
      """)
  }

  @Test func `zsh is told commands, options and the values that are known`() throws {
    let commands = try zsh("stairway", "")
    for command in Self.commands {
      #expect(commands.contains("\(command.name):\(command.overview)"))
    }
    let options = try zsh("stairway", "verify", "--")
    #expect(options.contains { $0.contains("--engine=[") && $0.hasSuffix(":(sqlite postgresql)") })
    #expect(options.contains { $0.hasPrefix("--config=[") && $0.hasSuffix(":FILE:_files") })
    #expect(options.contains("1:PROJECT:_files -/"))
    let shown = Self.commands.first { $0.name == "verify" }?.shownOptions.flatMap(\.names) ?? []
    #expect(options.count == shown.count + 1)
  }

  @Test func `every option of every command is completed by each shell`() {
    for shell in Shell.allCases {
      let script = shell.script(completing: Self.commands)
      for command in Self.commands {
        for option in command.shownOptions {
          #expect(script.contains(shell == .fish ? "-l \(option.id)" : "--\(option.id)"))
        }
      }
    }
  }
}
