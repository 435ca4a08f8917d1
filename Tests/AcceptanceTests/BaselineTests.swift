import Platform
import Testing

/// A project that comes to Stairway with a history: what is wrong with it is written down once, and from
/// then on only what is new fails.
@Suite struct BaselineTests {
  private let file = "stairway-baseline.json"

  private func run(_ project: SampleProject, _ arguments: String...) throws -> Stairway.Answer {
    try project.stairway(["STAIRWAY_PARITY": "false"]).run(
      arguments + ["--engine", "sqlite", "--python", Stairway.python().text, "--quiet"])
  }

  private func text(_ project: SampleProject, _ name: String) throws -> String {
    try Files.text(of: project.path / name)
  }

  /// A history in which 3c leaves its table behind and 4d has no way back.
  private func project() throws -> SampleProject {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')", down: "pass")
    try project.addRevision("4d", after: "3c", up: "pass", down: "raise NotImplementedError()")
    return project
  }

  @Test func `the first day is green, and nothing is hidden`() throws {
    let project = try project()
    #expect(try run(project, "verify").status == 1)
    let recorded = try run(project, "baseline")
    #expect(recorded.status == 0, "\(recorded.output)\(recorded.errors)")
    #expect(
      try text(project, file) == """
        {"version": 1, "findings": [
        {"revision": "3c", "rule": "downgrade-leaves-trace", "engine": "sqlite", "object": "table three"},
        {"revision": "3c", "rule": "reupgrade-fails", "engine": "sqlite"},
        {"revision": "4d", "rule": "missing-downgrade", "engine": "sqlite"}
        ]}

        """)
    #expect(recorded.output.hasSuffix("\(file) holds 3 lines: 3 added, 0 taken out\n"))
    let answer = try run(project, "verify")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.output.contains("verified, 3 in the baseline"))
    #expect(!answer.output.contains("error["))
    let junit = try text(project, "reports/junit.xml")
    #expect(
      junit.contains("<skipped message=\"downgrade-leaves-trace is in the baseline\"/>"))
    #expect(junit.contains(" failures=\"0\""))
    #expect(try text(project, "reports/report.json").contains("\"known\":3"))
    let sarif = try text(project, "reports/report.sarif")
    #expect(sarif.split(separator: "\"suppressions\":[{").count == 4)
    #expect(try text(project, "reports/gl-code-quality-report.json") == "[]\n")
    #expect(try run(project, "verify", "--baseline", "none").status == 1)
  }

  @Test func `moved lines do not matter, and a new finding fails`() throws {
    let project = try project()
    _ = try run(project, "baseline")
    let moved = project.path / "migrations/versions/3c.py"
    try Files.write(
      try Files.text(of: moved).replacing("import os", with: "# moved\n# twice\nimport os"),
      to: moved)
    #expect(try run(project, "verify").status == 0)
    try project.addRevision(
      "5e", after: "4d", up: "op.execute('CREATE TABLE five (id INTEGER)')", down: "pass")
    let answer = try run(project, "verify", "--output-format", "concise")
    #expect(answer.status == 1)
    #expect(answer.output.contains("downgrade-leaves-trace] sqlite 5e"))
    #expect(!answer.output.contains(" 3c"))
  }

  @Test func `what was mended is said to be gone, and --prune takes it out and adds nothing`()
    throws
  {
    let project = try project()
    _ = try run(project, "baseline")
    try project.addRevision(
      "3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    try project.addRevision("5e", after: "4d", up: "pass", down: "raise NotImplementedError()")
    let answer = try run(project, "verify")
    #expect(answer.status == 1)
    #expect(
      answer.output.contains(
        "note: 2 lines of the baseline can go: downgrade-leaves-trace sqlite 3c table three and "
          + "reupgrade-fails sqlite 3c are seen no more; `stairway baseline --prune` takes them out"
      ))
    #expect(try text(project, "reports/report.json").contains("\"gone\":2"))
    for format in ["concise", "github"] {
      let beside = try run(project, "verify", "--output-format", format)
      #expect(beside.errors.contains(", 2 lines of the baseline can go"), "\(beside.errors)")
    }
    let pruned = try run(project, "baseline", "--prune")
    #expect(pruned.status == 1)
    #expect(pruned.output.hasSuffix("\(file) holds 1 line: 0 added, 2 taken out\n"))
    #expect(
      try text(project, file) == """
        {"version": 1, "findings": [
        {"revision": "4d", "rule": "missing-downgrade", "engine": "sqlite"}
        ]}

        """)
    #expect(try !run(project, "verify").output.contains("can go"))
  }

  @Test func `what a run did not walk is neither gone nor taken out`() throws {
    let project = try project()
    _ = try run(project, "baseline")
    let before = try text(project, file)
    let part = try run(project, "verify", "--revisions", "..2b")
    #expect(part.status == 0)
    #expect(!part.output.contains("baseline"))
    #expect(try run(project, "baseline", "--prune", "--revisions", "..2b").status == 0)
    #expect(try text(project, file) == before)
    #expect(try run(project, "baseline", "--revisions", "2b..3c").status == 0)
    #expect(try text(project, file) == before)
  }

  @Test func `two branches that add findings conflict, and the mend keeps those of both`() throws {
    let project = try project()
    _ = try run(project, "baseline")
    let git = try GitFolder(project.path)
    try git.git("rm", "-r", "--quiet", "--cached", "reports")
    try project.folder.write("reports/\n", to: ".gitignore")
    try git.commit()
    for (branch, id) in [("mine", "5e"), ("theirs", "6f")] {
      try git.git("switch", "--quiet", "--create", branch, "main")
      try project.addRevision(
        id, after: "4d", up: "op.execute('CREATE TABLE t\(id) (id INTEGER)')", down: "pass")
      _ = try run(project, "baseline")
      try git.commit()
    }
    let merge = try ChildProcess.run(
      Launch(
        "git", ["merge", "mine"], environment: GitFolder.environment,
        workingDirectory: project.path))
    try #require(merge.status == .exited(1))
    let answer = try run(project, "verify")
    #expect(answer.status == 4, "\(answer.output)\(answer.errors)")
    #expect(answer.errors.contains("error[baseline-conflict]"))
    #expect(
      answer.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
        "fix: keep the lines of both sides, each once, with a comma behind every one but the last, and "
          + "take the markers out; `stairway baseline --prune`"), "\(answer.errors)")
    var kept: [String] = []
    for line in try text(project, file).split(separator: "\n") where line.hasPrefix("{\"rev") {
      let finding = line.hasSuffix(",") ? String(line.dropLast()) : String(line)
      if !kept.contains(finding) { kept.append(finding) }
    }
    try project.folder.write(
      "{\"version\": 1, \"findings\": [\n\(kept.joined(separator: ",\n"))\n]}\n", to: file)
    let pruned = try run(project, "baseline", "--prune")
    #expect(pruned.output.hasSuffix("\(file) holds 7 lines: 0 added, 0 taken out\n"))
    for id in ["5e", "6f"] {
      #expect(try text(project, file).contains("\"object\": \"table t\(id)\""))
    }
  }

  /// `since` of the settings is for `verify`: a first baseline would be empty.
  @Test func `the whole history is recorded, whatever the settings hold verify against`() throws {
    let project = try project()
    try project.folder.write("since: main\n", to: "stairway.yml")
    try project.folder.write("reports/\n", to: ".gitignore")
    try GitFolder(project.path).go(to: "mine")
    let recorded = try run(project, "baseline")
    #expect(recorded.status == 0, "\(recorded.output)\(recorded.errors)")
    #expect(recorded.output.hasSuffix("\(file) holds 3 lines: 3 added, 0 taken out\n"))
    let pruned = try run(project, "baseline", "--prune")
    #expect(pruned.output.contains("4 revisions on SQLite"), "\(pruned.output)")
    #expect(try run(project, "verify").status == 5)
    // Who says so on the command line is followed.
    let branch = try run(project, "baseline", "--since", "main")
    #expect(
      branch.output.hasSuffix("\(file) holds 3 lines: 0 added, 0 taken out\n"), "\(branch.output)")
    #expect(!branch.output.contains("4 revisions"))
  }

  @Test func `what a branch adds to the file is counted and remarked`() throws {
    let project = try project()
    _ = try run(project, "baseline")
    try project.folder.write("reports/\n", to: ".gitignore")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    let none = try run(project, "verify", "--since", "main")
    #expect(!none.says("this branch adds"), "\(none.output)")
    try project.addRevision(
      "5e", after: "4d", up: "op.execute('CREATE TABLE five (id INTEGER)')", down: "pass")
    _ = try run(project, "baseline")
    try git.commit()
    let answer = try run(project, "verify", "--since", "main")
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    let remark = "this branch adds 2 findings to \(file): they fail nothing from now on"
    #expect(answer.output.contains("note: \(remark)"), "\(answer.output)")
    #expect(try text(project, "reports/summary.md").contains("- note: \(remark)"))
    #expect(
      try text(project, "reports/report.json").contains(
        "\"baseline\":{\"added\":2,\"file\":\"\(file)\"}"))
    // What came to the other branch meanwhile, it has not added.
    try git.git("switch", "--quiet", "main")
    try git.git("checkout", "mine", "--", ".")
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    let both = try run(project, "verify", "--since", "main")
    #expect(!both.says("this branch adds"), "\(both.output)")
    // In a project that was moved, what lay in the old place counts.
    try git.move("migrations", to: "app/migrations")
    try git.move("alembic.ini", to: "app/alembic.ini")
    try git.move(file, to: "app/\(file)")
    let moved = try Stairway(
      folder: project.path / "app", environment: ["STAIRWAY_PARITY": "false"]
    ).run(
      "verify", "--since", "main", "--engine", "sqlite", "--python", Stairway.python().text, "-q")
    #expect(!moved.says("this branch adds"), "\(moved.output)\(moved.errors)")
  }

  @Test func `what cannot be followed is a sentence and status 4`() throws {
    let project = try project()
    try project.folder.write("{\"version\": 7, \"findings\": []}", to: file)
    let later = try run(project, "verify")
    #expect(later.status == 3)
    #expect(
      later.errors.contains(
        "error[later-baseline]: \(file):1: the baseline is of version 7; this Stairway reads version 1"
      ))
    #expect(try text(project, "reports/junit.xml").contains("<error type=\"later-baseline\""))
    for rule in ["edited-revision", "multiple-heads"] {
      try project.folder.write(
        "{\"version\": 1, \"findings\": [\n{\"rule\": \"\(rule)\"}\n]}", to: file)
      let hidden = try run(project, "verify")
      #expect(hidden.status == 4)
      #expect(
        hidden.errors.contains("\(file):2: \(rule) cannot be in a baseline"), "\(hidden.errors)")
    }
    try project.folder.write("{\"version\": 1, \"findings\": [", to: file)
    #expect(try run(project, "baseline").status == 4)
    try Files.remove(project.path / file)
    let missing = try run(project, "verify", "--baseline", "known.json")
    #expect(missing.status == 4)
    #expect(missing.errors.contains("there is no file known.json"))
    #expect(missing.errors.contains("`stairway baseline --baseline known.json` writes it"))
    #expect(try run(project, "baseline", "--prune").status == 4)
    let nowhere = try run(project, "baseline", "--baseline", "no/where.json")
    #expect(nowhere.status == 4)
    #expect(nowhere.errors.contains("no/where.json cannot be written"))
  }

  @Test func `a history of 300 revisions with defects is green on the first day`() throws {
    let project = try SampleProject()
    var parent = "2b"
    for number in 0..<300 {
      let id = "r\(number)"
      // Every fifth leaves its table behind, every seventh has no way back.
      let down: String? =
        number % 7 == 0 ? "raise NotImplementedError()" : number % 5 == 0 ? "pass" : nil
      try project.addRevision(
        id, after: parent, up: "op.execute('CREATE TABLE t\(number) (id INTEGER)')", down: down)
      parent = id
    }
    let recorded = try run(project, "baseline", "--rows", "none")
    #expect(recorded.status == 0, "\(recorded.output.suffix(2000))\(recorded.errors)")
    let lines = try text(project, file).split(separator: "\n")
    // 43 without a way back, 51 that leave a table and then fail on it.
    #expect(lines.count == 2 + 43 + 2 * 51)
    let answer = try run(project, "verify", "--rows", "none")
    #expect(answer.status == 0, "\(answer.output.suffix(2000))\(answer.errors)")
    #expect(answer.output.contains("302 revisions on SQLite"))
    #expect(answer.output.contains("verified, 145 in the baseline"))
  }
}
