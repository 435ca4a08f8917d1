import Testing

/// The live line, at a terminal of the system's own (script(1) lends one).
@Suite struct ProgressTests {
  /// What the terminal gets of a run, byte by byte.
  private func shown(
    _ variables: [String: String?], columns: Int = 80, _ more: String = "",
    of project: SampleProject? = nil
  ) throws -> String {
    let project = try project ?? SampleProject()
    let run =
      "stty cols \(columns); exec '\(Stairway.binary)' verify --engine sqlite "
      + "--python '\(try Stairway.python())' \(more)"
    var surroundings: [String: String?] = [
      "TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": nil, "FORCE_COLOR": nil,
      "CLICOLOR_FORCE": nil,
    ]
    surroundings.merge(variables) { $1 }
    let answer = try project.stairway(surroundings).start(
      ["script", "-qec", run, "/dev/null"], isWhole: true
    ).finish()
    #expect(answer.status == 0, "\(answer.output)")
    return answer.output
  }

  private static let erased = "\r\u{1B}[K"

  /// The pictures of the live line, one after the other.
  private func lines(_ shown: String) -> ArraySlice<Substring> {
    shown.split(separator: Self.erased).dropLast()
  }

  @Test func `a bar, counts and the revision at hand, gone at the end`() throws {
    let shown = try shown(["NO_COLOR": "1"])
    #expect(lines(shown).contains { $0.contains("━ 0/2 1a") }, "\(shown)")
    #expect(
      lines(shown).contains { $0.contains("━ 1/2 ") && $0.hasSuffix(" 2b") }, "\(shown)")
    #expect(!shown.contains("\u{1B}[1;32m"))
    let last = shown.split(separator: Self.erased).last ?? ""
    #expect(last.contains("2 revisions on SQLite") && !last.contains("━"), "\(shown)")
  }

  @Test func `its time goes on while a migration takes its time`() throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "os.path.exists('slept') or time.sleep(6); open('slept', 'w')",
      down: "pass")
    let shown = try shown(["NO_COLOR": "1"], "--rows none", of: project)
    #expect(lines(shown).contains { $0.hasSuffix(" 3c (5 s)") }, "\(shown)")
  }

  @Test func `colour where nothing speaks against it`() throws {
    #expect(try shown([:]).contains("\u{1B}[1;32m━"))
  }

  @Test func `a terminal of 20 columns is not overflowed`() throws {
    let shown = try shown(["NO_COLOR": "1"], columns: 20)
    #expect(lines(shown).contains { $0.contains("2/2") }, "\(shown)")
    #expect(lines(shown).allSatisfy { $0.count < 20 }, "\(lines(shown))")
  }

  @Test func `without Unicode the bar is ASCII`() throws {
    let shown = try shown(["NO_COLOR": "1", "LC_ALL": "C"])
    #expect(lines(shown).contains { $0.contains("#---") }, "\(shown)")
    #expect(!shown.contains("━"))
  }

  @Test(arguments: [["TERM": "dumb"], [:]])
  func `a dumb terminal gets plain lines, --quiet none`(_ variables: [String: String?]) throws {
    let isDumb = variables["TERM"] == "dumb"
    let shown = try shown(variables, isDumb ? "" : "--quiet")
    #expect(!shown.contains(Self.erased), "\(shown)")
    #expect(shown.contains("SQLite: 2 revisions") == isDumb, "\(shown)")
  }
}
