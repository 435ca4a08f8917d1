import Platform
import Testing

/// Revisions whose files lay elsewhere than where the project looks for them now, or are links.
@Suite struct `Where revisions lay before` {
  private let project: SampleProject
  private static let second = "migrations/versions/2b.py"
  private static let billing = "version_locations = %(here)s/migrations/versions %(here)s/billing"

  init() throws { project = try SampleProject() }

  private func verify() throws -> Stairway.Answer {
    try project.stairway().verifySince("main", "--output-format", "concise")
  }

  /// A repository whose `main` has a second folder of revisions.
  private func repositoryWithBilling() throws -> GitFolder {
    let ini = try Files.text(of: project.path / "alembic.ini")
    try project.folder.write(ini + "\n" + Self.billing + "\n", to: "alembic.ini")
    try project.addRevision("9z", after: nil, up: "op.execute('CREATE TABLE nine (id INTEGER)')")
    try Files.makeFolder(project.path / "billing")
    try Files.move(
      project.path / "migrations/versions/9z.py", to: project.path / "billing/9z.py")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    return git
  }

  @Test func `a folder that the settings name no longer is gone with all that lies in it`() throws {
    let git = try repositoryWithBilling()
    try #require(try verify().status == 5)
    try git.replace(Self.billing, with: "", in: "alembic.ini")
    let left = try project.stairway().verifySince("main")
    #expect(left.status == 1, "\(left.output)\(left.errors)")
    #expect(
      left.output.contains(
        "error[deleted-revision]: revision 9z is merged in main, and no file defines it any more: "
          + "billing/9z.py lies in a folder that the settings name no longer"), "\(left.output)")
    #expect(left.output.contains("let the settings name billing again"))
    try Files.remove(project.path / "billing/9z.py")
    let gone = try project.stairway().verifySince("main")
    #expect(gone.status == 1, "\(gone.output)\(gone.errors)")
    #expect(gone.output.contains("-- :/billing/9z.py"), "\(gone.output)")
  }

  @Test func `a folder that is new in the settings brings what lies in it`() throws {
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try git.replace(
      "sqlalchemy.url", with: Self.billing + "\nsqlalchemy.url", in: "alembic.ini")
    try project.addRevision("3c", after: "2b", up: "op.execute('CREATE TABLE three (id INTEGER)')")
    try git.move("migrations/versions/3c.py", to: "billing/3c.py")
    let answer = try verify()
    #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
    #expect(answer.says("1 revision on SQLite"), "\(answer.output)\(answer.errors)")
  }

  /// Where the settings lie in the folder that is moved, and who names them.
  @Test(arguments: [
    ("alembic.ini", "%(here)s/old", nil), ("alembic/alembic.ini", "%(here)s", nil),
    ("old/db.ini", "%(here)s", "alembic: {config: old/db.ini}"),
  ])
  func `a folder is found again where it was moved and every file rewritten`(
    ini: String, location: String, settings: String?
  ) throws {
    let folder = location == "%(here)s" ? Path(ini).parent.text : "old"
    try Files.remove(project.path / "alembic.ini")
    try project.folder.write("[alembic]\nscript_location = \(location)\n", to: ini)
    if let settings { try project.folder.write(settings, to: "stairway.yml") }
    let git = try GitFolder(project.path)
    for name in ["env.py", "versions/1a.py", "versions/2b.py"] {
      try git.move("migrations/\(name)", to: "\(folder)/\(name)")
    }
    try git.replace(
      "with engine.connect()", with: "with engine.begin()", in: "\(folder)/env.py")
    try git.replace(
      """
          engine = engine_from_config(
              config.get_section(config.config_ini_section), poolclass=pool.NullPool)
      """,
      with: """
            from sqlalchemy import create_engine
            engine = create_engine("sqlite:///app.db", poolclass=pool.NullPool)
        """, in: "\(folder)/env.py")
    try Files.removeTree(project.path / "migrations")
    try git.commit()
    try git.go(to: "mine")
    try git.git("mv", folder, "migrations")
    if folder == "old", ini == "alembic.ini" {
      try git.replace("/old", with: "/migrations", in: ini)
    }
    if settings != nil { try git.replace("old", with: "migrations", in: "stairway.yml") }
    for file in ["1a", "2b"] {
      try git.replace("import op", with: "import op  # noqa", in: "migrations/versions/\(file).py")
    }
    try git.commit()
    let same = try verify()
    #expect(same.status == 0, "\(same.output)\(same.errors)")
    #expect(same.says("no revision changed since main on SQLite"), "\(same.errors)")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.second)
    let edited = try verify()
    #expect(edited.output.contains("[edited-revision] 2b"), "\(edited.output)\(edited.errors)")
  }

  private func link(_ name: String, to target: String) throws {
    let made = try ChildProcess.run(
      Launch("/bin/ln", ["-s", target, name], environment: [:], workingDirectory: project.path))
    try #require(made.isSuccess, "\(made.errors)")
  }

  /// What is the same, edited and gone in a second revision that lies here now.
  private func expectToldApart(_ file: String, in git: GitFolder) throws {
    try git.commit()
    let same = try verify()
    #expect(same.status == 5, "\(same.output)\(same.errors)")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: file)
    let edited = try verify()
    #expect(edited.output.contains("[edited-revision] 2b"), "\(edited.output)\(edited.errors)")
    try Files.remove(project.path / file)
    let gone = try project.stairway().verifySince("main")
    #expect(gone.output.contains("error[deleted-revision]"), "\(gone.output)\(gone.errors)")
    #expect(
      gone.output.contains(".py > \"$(git rev-parse --show-cdup)\"\(file); what it did"),
      "\(gone.output)")
  }

  @Test func `a folder that was moved with a link left in its place is the same folder`() throws {
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try git.git("mv", "migrations", "db")
    try link("migrations", to: "db")
    try expectToldApart("db/versions/2b.py", in: git)
  }

  @Test func `a folder that was a link is the same folder where it leads elsewhere`() throws {
    try Files.move(project.path / "migrations", to: project.path / "db")
    try link("migrations", to: "db")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    try Files.remove(project.path / "migrations")
    try git.git("mv", "db", "migrations")
    try expectToldApart(Self.second, in: git)
  }

  /// What names the folder: the project's own settings, or an argument of which no commit tells.
  @Test(arguments: ["stairway.yml", "pyproject.toml", nil])
  func `a folder that was copied is the same folder where the settings named the old one`(
    settings: String?
  ) throws {
    try Files.remove(project.path / "alembic.ini")
    try project.folder.write(
      "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = sqlite:///app.db\n",
      to: "migrations/db.ini")
    func name(_ ini: String) throws {
      guard let settings else { return }
      try project.folder.write(
        settings == "stairway.yml"
          ? "alembic: {config: \(ini)}\n" : "[tool.stairway.alembic]\nconfig = \"\(ini)\"\n",
        to: settings)
    }
    try name("migrations/db.ini")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    let copied = try ChildProcess.run(
      Launch(
        "/bin/cp", ["-R", "migrations", "db"], environment: ["PATH": "/bin"],
        workingDirectory: project.path))
    try #require(copied.isSuccess)
    try name("db/db.ini")
    if settings == nil {
      // Found by itself, with a name that no commit has.
      try git.move("db/db.ini", to: "alembic.ini")
      try git.replace("%(here)s", with: "%(here)s/db", in: "alembic.ini")
    }
    try expectToldApart("db/versions/2b.py", in: git)
  }

  @Test func `each commit is listed once, whatever is asked of it`() throws {
    let tools = try TestFolder()
    try tools.write(
      "#!/bin/sh\necho \"$@\" >>\(tools.path)/log\nexec /usr/bin/git \"$@\"\n", to: "git")
    try Files.setMode(0o755, of: tools.path / "git")
    let git = try GitFolder(project.path)
    try git.git("branch", "mine")
    try git.commit("main goes on")
    try git.git("switch", "--quiet", "mine")
    try git.move("migrations", to: "db")
    try git.replace("/migrations", with: "/db", in: "alembic.ini")
    try git.commit("move it")
    let answer = try project.stairway(["PATH": "\(tools.path):/usr/local/bin:/usr/bin:/bin"])
      .verifySince("main")
    #expect(answer.status == 5, "\(answer.output)\(answer.errors)")
    let listings = try Files.text(of: tools.path / "log").split(separator: "\n").filter {
      $0.contains("ls-tree")
    }
    // Where both parted, the tip and the head.
    #expect(listings.count == 3 && Set(listings).count == 3, "\(listings)")
  }

  @Test func `a project that was moved is the same one, and a copy of another is a new one`() throws
  {
    let place = try TestFolder()
    func copy(_ source: Path, to name: String) throws {
      let copied = try ChildProcess.run(
        Launch("/bin/cp", ["-R", source.text, (place.path / name).text], environment: [:]))
      try #require(copied.isSuccess, "\(copied.errors)")
    }
    try copy(project.path, to: "first")
    let git = try GitFolder(place.path)
    try git.go(to: "mine")
    try git.git("mv", "first", "moved")
    let stairway = Stairway(folder: place.path / "moved")
    let moved = try stairway.verifySince("main")
    #expect(moved.status == 5, "\(moved.output)\(moved.errors)")
    // What was edited and what is gone is brought back to where it is looked for.
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: "moved/migrations/versions/1a.py")
    try Files.remove(place.path / "moved" / Self.second)
    let changed = try stairway.verifySince("main")
    #expect(changed.status == 1, "\(changed.output)\(changed.errors)")
    #expect(!changed.output.contains(" /"), "\(changed.output)")
    let report = try Files.text(of: place.path / "moved/reports/report.json")
    #expect(!report.contains("\(place.path)/first"))
    let commands = changed.output.split(separator: "\n").compactMap { line in
      line.firstRange(of: "git show").map {
        line[$0.lowerBound...].prefix { $0 != "," && $0 != ";" }
      }
    }
    #expect(commands.count == 2, "\(changed.output)")
    for command in commands {
      let restored = try ChildProcess.run(
        Launch(
          "/bin/sh", ["-c", String(command)], environment: GitFolder.environment,
          workingDirectory: place.path / "moved"))
      #expect(restored.isSuccess, "\(command): \(restored.errors)")
    }
    let mended = try stairway.verifySince("main")
    #expect(mended.status == 5, "\(mended.output)\(mended.errors)")
    try git.git("checkout", "--quiet", "main", "--", "first")
    let copied = try Stairway(folder: place.path / "moved").verifySince("main")
    #expect(copied.status == 0, "\(copied.output)\(copied.errors)")
    #expect(copied.says("2 revisions on SQLite"), "\(copied.output)\(copied.errors)")
  }

  @Test func `a project that was moved is the same one while the other branch goes on`() throws {
    let place = try TestFolder()
    let copied = try ChildProcess.run(
      Launch(
        "/bin/cp", ["-R", project.path.text, (place.path / "first").text], environment: [:]))
    try #require(copied.isSuccess, "\(copied.errors)")
    let git = try GitFolder(place.path)
    try git.go(to: "mine")
    try git.git("mv", "first", "moved")
    try git.commit()
    try git.go(to: "main")
    try place.write("of no account", to: "notes.txt")
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    let stairway = Stairway(folder: place.path / "moved")
    let moved = try stairway.verifySince("main")
    #expect(moved.status == 5, "\(moved.output)\(moved.errors)")
    // What this branch deletes is no deletion of the other's.
    try Files.remove(place.path / "moved" / Self.second)
    let deleted = try stairway.verifySince("main")
    #expect(deleted.status == 1, "\(deleted.output)\(deleted.errors)")
    #expect(deleted.says("deleted-revision"), "\(deleted.output)")
    try git.git("checkout", "--quiet", "--", "moved")
    // What the other adds in the old place, it adds.
    let text = try Files.text(of: place.path / "moved" / Self.second)
    func next(_ id: String) -> String {
      text.replacing("\"2b\"", with: "\"\(id)\"").replacing("\"1a\"", with: "\"2b\"")
    }
    try git.go(to: "main")
    try place.write(next("3c"), to: "first/migrations/versions/3c.py")
    try git.commit()
    try git.git("switch", "--quiet", "mine")
    try place.write(next("4d"), to: "moved/migrations/versions/4d.py")
    let two = try stairway.verifySince("main")
    #expect(two.says("will have 2 heads: 4d"), "\(two.output)\(two.errors)")
    #expect(!two.says("missing-parent"), "\(two.output)")
  }

  @Test func `a file that is a link is what it leads to`() throws {
    try Files.makeFolder(project.path / "shared")
    try Files.move(project.path / Self.second, to: project.path / "shared/2b.py")
    try link(Self.second, to: "../../shared/2b.py")
    let git = try GitFolder(project.path)
    try git.go(to: "mine")
    let same = try verify()
    #expect(same.status == 5, "\(same.output)\(same.errors)")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: "shared/2b.py")
    let edited = try verify()
    #expect(edited.output.contains("[edited-revision] 2b"), "\(edited.output)\(edited.errors)")
    try git.git("checkout", "--quiet", "--", ".")
    try Files.remove(project.path / Self.second)
    let gone = try verify()
    #expect(gone.status == 1)
    #expect(gone.output.contains("[deleted-revision] 2b"), "\(gone.output)\(gone.errors)")
  }
}
