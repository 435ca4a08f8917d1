import Testing

@testable import Commands

struct ParsedArgumentsTests {
  private static let syntax = CommandSyntax(
    "climb", overview: "Climbs.", positionals: [Positional("STAIRS", isRequired: true, help: "")],
    options: [
      Option(
        "engine", value: "ENGINE", choices: ["sqlite", "postgresql"], isRepeatable: true, help: ""),
      Option("output", short: "o", value: "FILE", help: ""),
      Option("quiet", help: ""),
      Option("secret", isHidden: true, help: ""),
    ])

  private func parse(_ arguments: [String]) throws -> ParsedArguments {
    try ParsedArguments(arguments, by: Self.syntax)
  }

  @Test func `values stand after the option or after an equals sign`() throws {
    let parsed = try parse(["--engine", "sqlite", "up", "-o", "a=b", "--engine=postgresql"])
    #expect(parsed.all("engine") == ["sqlite", "postgresql"])
    #expect(parsed["output"] == "a=b")
    #expect(parsed.positionals == ["up"])
    #expect(!parsed.has("quiet"))
  }

  @Test func `the last of several values counts where an option is not repeatable`() throws {
    #expect(try parse(["-o", "a", "--output=b", "up"])["output"] == "b")
  }

  @Test func `nothing after two dashes is an option`() throws {
    #expect(try parse(["--", "--quiet"]).positionals == ["--quiet"])
  }

  @Test func `a single dash is an argument`() throws {
    #expect(try parse(["-"]).positionals == ["-"])
    #expect(try parse(["up", "-o", "-"])["output"] == "-")
  }

  @Test func `help wins over mistakes, but not after two dashes`() throws {
    #expect(try parse(["--nonsense", "--help"]).has("help"))
    #expect(try parse(["-h"]).has("help"))
    #expect(try !parse(["--", "-h"]).has("help"))
  }

  @Test(arguments: [
    (["up", "--qiet"], "Unknown option '--qiet'. Did you mean '--quiet'?"),
    (["up", "--qiet=1"], "Unknown option '--qiet'. Did you mean '--quiet'?"),
    (["up", "--zebra"], "Unknown option '--zebra'."),
    (["up", "--secre"], "Unknown option '--secre'."),
    (["up", "-x"], "Unknown option '-x'."),
    (["up", "--engine"], "Missing value for '--engine ENGINE'."),
    (["up", "--engine", "--quiet"], "Missing value for '--engine ENGINE'."),
    (
      ["up", "--engine", "postgres"],
      "The value 'postgres' is invalid for '--engine ENGINE'. Please provide one of 'sqlite' and "
        + "'postgresql'. Did you mean 'postgresql'?"
    ),
    (
      ["up", "--quiet=yes"],
      "The option '--quiet' does not take any value, but 'yes' was specified."
    ),
    (["up", "down"], "Unexpected argument 'down'."),
    (["up", "down", "left"], "2 unexpected arguments: 'down', 'left'."),
    ([], "Missing expected argument 'STAIRS'."),
  ])
  func `mistakes are said as swift-argument-parser says them`(
    arguments: [String], sentence: String
  ) {
    let error = #expect(throws: UsageError.self) { try parse(arguments) }
    #expect(error?.sentence == sentence)
  }
}
