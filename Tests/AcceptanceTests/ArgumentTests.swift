import Platform
import Testing

@Suite struct ArgumentTests {
  private let folder: TestFolder
  private let stairway: Stairway

  init() throws {
    folder = try TestFolder()
    stairway = Stairway(folder: folder.path)
  }

  @Test func `the version and the help go to standard output`() throws {
    let version = try stairway.run("--version")
    #expect(version.status == 0)
    #expect(version.output.hasPrefix("stairway "))
    for command in ["verify", "history", "snapshot", "diff", "explain"] {
      let help = try stairway.run(command, "--help")
      #expect(help.status == 0)
      #expect(help.output.contains("USAGE: stairway \(command)"))
    }
  }

  @Test(arguments: [
    (["verify", "--egnine", "sqlite"], "Unknown option '--egnine'. Did you mean '--engine'?"),
    (["verfy"], "Unknown command 'verfy'. Did you mean 'verify'?"),
    (["verify", "--engine"], "Missing value for '--engine ENGINE'."),
    (["diff", "one"], "Missing expected argument 'B'."),
    (["explain", "missing-downgrad"], "Did you mean 'missing-downgrade'?"),
    (["explain", "lost-rows"], "Did you mean 'rows-lost'?"),
    (["verify", "nowhere"], "there is no such folder"),
    (["snapshot", "nowhere.db"], "there is no such file"),
    (["snapshot", "mysql://root:geheim@host/db"], "a database of the kind 'mysql' cannot be read"),
    (["snapshot", "/etc/passwd"], "/etc/passwd: this is neither a SQLite database nor a snapshot"),
    (["snapshot", "/dev/null"], "/dev/null: this is no regular file"),
    (["snapshot", "postgresql://root:geheim@host:x/db"], "address is no number; within"),
  ])
  func `a mistake on the command line is named with what would be right`(
    arguments: [String], sentence: String
  ) throws {
    let answer = try stairway.run(arguments)
    #expect(answer.status == 4)
    #expect(answer.errors.contains(sentence), "\(answer.errors)")
    #expect(!answer.says("geheim"))
    #expect(answer.output.isEmpty)
  }

  @Test func `without a command the help is shown as a mistake`() throws {
    let answer = try stairway.run()
    #expect(answer.status == 4)
    #expect(answer.errors.contains("COMMANDS:"))
  }

  @Test func `every rule can be explained`() throws {
    let list = try stairway.run("explain", "--all")
    #expect(list.status == 0)
    let names = list.output.split(separator: "\n").compactMap { $0.split(separator: " ").first }
    #expect(names.contains("downgrade-leaves-trace"))
    for name in names {
      let answer = try stairway.run("explain", String(name))
      #expect(answer.status == 0)
      #expect(answer.output.hasPrefix("\(name) ("))
    }
  }
}
