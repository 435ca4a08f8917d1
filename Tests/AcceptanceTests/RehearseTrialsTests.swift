import Databases
import Platform
import Testing

/// `stairway rehearse` with `--instances` and `--interrupt`.
@Suite struct `Trials of stairway rehearse` {
  /// A SQLite file as production has it, at the first revision.
  private func production(of project: SampleProject) throws -> Path {
    let file = project.path / "production.db"
    try SQLiteConnection(path: file.text, access: .createIfMissing).execute(
      """
      CREATE TABLE one(id INTEGER); CREATE TABLE alembic_version(version_num TEXT);
      INSERT INTO alembic_version VALUES ('1a');
      """)
    return file
  }

  private func arguments(_ file: Path, _ rest: [String]) throws -> [String] {
    ["rehearse", "--python", try Stairway.python().text, "--source", file.text] + rest
  }

  @Test func `tell what became of each instance and of each interruption`() throws {
    let project = try SampleProject()
    let file = try production(of: project)
    let before = try Files.bytes(of: file, upTo: 1 << 20)
    let answer = try project.stairway().run(
      arguments(file, ["--instances", "2", "--interrupt", "--keep"]))
    #expect(answer.status == 1, "\(answer.errors)\(answer.output)")
    #expect(answer.output.contains("error[concurrent-upgrade-fails]"))
    #expect(answer.output.contains("of 2 instances that begin at the same moment 1 fails"))
    #expect(answer.output.contains("2 instances at the same moment"))
    #expect(answer.output.contains("error[interrupt-not-recoverable]"))
    #expect(answer.output.contains("the next upgrade fails: table two already exists"))
    #expect(answer.output.contains("migrations/versions/2b.py:10"))
    #expect(answer.output.contains("Killed at 2 places of the upgrade"))
    #expect(answer.errors.contains("interrupting the upgrade, 1 of 2"))
    #expect(try Files.bytes(of: file, upTo: 1 << 20) == before)
    let junit = try Files.text(of: project.path / "reports/rehearsal/junit.xml")
    #expect(junit.contains("classname=\"stairway.sqlite.instances\""))
    #expect(junit.contains("classname=\"stairway.sqlite.interruption\""))
    // What is kept is the copy as the upgrade left it.
    let kept = project.path / "stairway-copy-production.db"
    #expect(
      try SQLiteConnection(path: kept.text, access: .readWrite)
        .rows("SELECT version_num FROM alembic_version").map { $0.text(0) } == ["2b"])
    #expect(answer.leftovers.isEmpty)
  }

  @Test func `are asked for by the settings too, and can be declared`() throws {
    let project = try SampleProject()
    let file = try production(of: project)
    try project.folder.write(
      """
      rehearse: {instances: 3, interrupt: true, max-interruptions: 1}
      allow:
        - {rule: concurrent-upgrade-fails, because: one job runs them}
        - {rule: interrupt-not-recoverable, revision: 2b, because: nobody kills it}
      """, to: "stairway.yml")
    let answer = try project.stairway().run(arguments(file, ["-q"]))
    #expect(answer.status == 0, "\(answer.errors)\(answer.output)")
    #expect(answer.output.contains("3 instances at the same moment"))
    #expect(answer.output.contains("Killed at 1 of 2 places of the upgrade"))
  }

  @Test(arguments: [
    (["--instances", "0"], "from 2 to 16"), (["--instances", "1"], "from 2 to 16"),
    (["--instances", "1000"], "from 2 to 16"), (["--instances", "x"], "a whole number"),
    (["--interrupt", "--max-interruptions", "0"], "write 1 or more"),
    (["--interrupt=yes"], "does not take any value"),
    (["--interrupt", "--in-place", "--confirm", "production.db"], "leave '--in-place' out"),
    (["--instances", "2", "--in-place", "--confirm", "production.db"], "leave '--in-place' out"),
  ])
  func `are refused with a sentence where they cannot be meant`(
    rest: [String], words: String
  ) throws {
    let project = try SampleProject()
    let file = try production(of: project)
    let answer = try project.stairway().run(arguments(file, rest))
    #expect(answer.status == 4, "\(answer.errors)")
    #expect(answer.says(words), "\(answer.errors)")
    #expect(
      try SQLiteConnection(path: file.text, access: .readOnly)
        .rows("SELECT version_num FROM alembic_version").map { $0.text(0) } == ["1a"])
  }

  @Test func `have nothing to do where nothing is pending`() throws {
    let project = try SampleProject()
    let file = try production(of: project)
    try SQLiteConnection(path: file.text, access: .readWrite).execute(
      "UPDATE alembic_version SET version_num = '2b'")
    let answer = try project.stairway().run(
      arguments(file, ["--instances", "2", "--interrupt"]))
    #expect(answer.status == 5, "\(answer.errors)")
    #expect(answer.says("nothing is pending"))
  }

  @Test func `are not tried where the upgrade itself fails`() throws {
    let project = try SampleProject()
    try project.addRevision("3c", after: "2b", up: "op.execute('SELECT * FROM nowhere')")
    let file = try production(of: project)
    let answer = try project.stairway().run(
      arguments(file, ["-q", "--instances", "2", "--interrupt"]))
    #expect(answer.status == 1, "\(answer.errors)")
    #expect(answer.output.contains("error[upgrade-fails]"))
    #expect(!answer.output.contains("concurrent-upgrade-fails"))
    #expect(!answer.output.contains("interrupt-not-recoverable"))
  }

  /// Up, up again and once more undisturbed: the fourth upgrade is that of the trial.
  @Test(
    arguments: ["sqlite", "postgresql"], [["--instances", "2"], ["--interrupt"]])
  func `leave nothing behind when they are interrupted themselves`(
    engine: String, rest: [String]
  ) throws {
    let project = try SampleProject()
    try project.addRevision(
      "3c", after: "2b",
      up: """
        with open('runs', 'a') as runs:
                runs.write('x')
            if os.path.getsize('runs') >= 4:
                open('waiting', 'w').close()
                time.sleep(3600)
            op.execute('CREATE TABLE three (id INTEGER)')
        """, down: "op.execute('DROP TABLE three')")
    let source: Path
    if engine == "sqlite" {
      source = try production(of: project)
    } else {
      source = project.path / "production.sql"
      try Files.write(
        """
        CREATE TABLE public.one(id integer);
        CREATE TABLE public.alembic_version(version_num varchar(32) PRIMARY KEY);
        INSERT INTO public.alembic_version VALUES ('1a');
        """, to: source)
    }
    let running = try project.stairway().start(arguments(source, rest))
    let marker = project.path / "waiting"
    let deadline = Clock.system.monotonic() + 120
    while !Files.exists(marker), Clock.system.monotonic() < deadline {
      if running.child.wait(seconds: 0.02) != nil { break }
    }
    try #require(Files.exists(marker), "\(running.errors)")
    running.child.signal(2)
    let answer = try running.finish()
    #expect(answer.status == 2, "\(answer.errors)")
    #expect(answer.errors.contains("interrupted"))
    #expect(answer.leftovers.isEmpty)
  }
}
