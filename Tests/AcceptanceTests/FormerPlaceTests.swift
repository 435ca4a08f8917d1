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
    #expect(gone.output.contains("-- billing/9z.py"), "\(gone.output)")
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
    #expect(same.status == 5, "\(same.output)\(same.errors)")
    try git.replace("(id INTEGER)", with: "(id BIGINT)", in: Self.second)
    let edited = try verify()
    #expect(edited.output.contains("[edited-revision] 2b"), "\(edited.output)\(edited.errors)")
  }

  @Test func `a file that is a link is what it leads to`() throws {
    try Files.makeFolder(project.path / "shared")
    try Files.move(project.path / Self.second, to: project.path / "shared/2b.py")
    let link = try ChildProcess.run(
      Launch(
        "/bin/ln", ["-s", "../../shared/2b.py", Self.second], environment: [:],
        workingDirectory: project.path))
    try #require(link.isSuccess)
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
