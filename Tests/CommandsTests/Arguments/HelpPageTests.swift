import Testing

@testable import Commands

struct HelpPageTests {
  @Test func `a command's page shows usage, arguments and options in columns`() {
    let syntax = CommandSyntax(
      "climb", overview: "Climbs the stairs.",
      positionals: [Positional("STAIRS", isRequired: false, help: "Which ones.")],
      options: [
        Option(
          "engine", value: "ENGINE",
          help: "An engine to verify on; may be given more than once, each time with another name."),
        Option("a-name-that-needs-more-room", value: "X", help: "Explained below."),
        Option("secret", isHidden: true, help: "Not shown."),
      ])
    #expect(
      HelpPage.page(of: syntax) == """
        OVERVIEW: Climbs the stairs.

        USAGE: stairway climb [OPTION]... [STAIRS]

        ARGUMENTS:
          STAIRS                    Which ones.

        OPTIONS:
          --engine ENGINE           An engine to verify on; may be given more than once,
                                    each time with another name.
          --a-name-that-needs-more-room X
                                    Explained below.
          -h, --help                Show this page.

        """)
  }

  @Test(arguments: CommandLineTool.commands.map { $0.syntax }, [20, 40, 80])
  func `no line of a command's page is wider than the terminal`(
    syntax: CommandSyntax, width: Int
  ) {
    let pages =
      [HelpPage.page(of: syntax, width: width)]
      + [HelpPage.overview(of: CommandLineTool.commands.map { $0.syntax }, width: width)]
    for line in pages.joined().split(separator: "\n") { #expect(line.count <= width, "\(line)") }
  }
}
