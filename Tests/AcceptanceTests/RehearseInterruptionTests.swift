import Platform
import Testing

/// `stairway rehearse`, ended by Ctrl-C in the midst of its measurements.
@Suite struct `Interrupting stairway rehearse` {
  /// When it is ended.
  enum Moment: String, CaseIterable, Sendable {
    case upgrade
    case wayBack
    /// In the upgrade, while an application's statements are sent, which wait for it.
    case traffic
  }

  private static let waiting = """
    open('waiting', 'w').close()
        time.sleep(3600)
    """

  private func project(waitingAt moment: Moment) throws -> SampleProject {
    let project = try SampleProject()
    let statement = "op.execute('DELETE FROM one')\n    "
    try project.addRevision(
      "3c", after: "2b", up: moment == .wayBack ? "pass" : statement + Self.waiting,
      down: moment == .wayBack ? statement + Self.waiting : "pass")
    try project.folder.write("SELECT * FROM one;\nUPDATE one SET id = id;\n", to: "traffic.sql")
    return project
  }

  private func source(in project: SampleProject, on engine: String) throws -> Path {
    guard engine == "postgresql" else { return try project.production() }
    try project.folder.write(
      """
      CREATE TABLE public.one(id integer);
      INSERT INTO public.one VALUES (1), (2);
      CREATE TABLE public.alembic_version(version_num varchar(32) PRIMARY KEY);
      INSERT INTO public.alembic_version VALUES ('1a');
      """, to: "production.sql")
    return project.path / "production.sql"
  }

  @Test(arguments: ["sqlite", "postgresql"], Moment.allCases)
  func `leaves nothing behind`(engine: String, moment: Moment) throws {
    let project = try project(waitingAt: moment)
    let traffic = moment == .traffic ? ["--traffic", "traffic.sql"] : []
    let running = try project.stairway().start(
      [
        "rehearse", "--python", Stairway.python().text, "--source",
        source(in: project, on: engine).text,
      ] + traffic)
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
