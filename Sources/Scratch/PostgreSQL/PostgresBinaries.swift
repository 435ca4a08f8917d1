import Platform

/// PostgreSQL's server programs, `initdb` and `postgres`, of one installation.
struct PostgresBinaries: Sendable, Hashable {
  let folder: Path

  /// The named folder, else the newest that packages install, `pg_config` tells or `PATH` holds.
  /// - Throws: `ScratchError` `no-server` where there are none.
  init(_ settings: ScratchSettings) throws {
    if let given = settings.postgresBinaries {
      guard Self.holdsPrograms(given) else {
        throw ScratchError(
          .noServer, "no PostgreSQL programs in \(given): initdb and postgres are expected there",
          fix: "name the folder that holds initdb, e.g. /usr/lib/postgresql/15/bin")
      }
      folder = given
      return
    }
    if let newest = Self.packaged.first(where: Self.holdsPrograms) {
      folder = newest
    } else if let told = Self.told(settings) ?? Self.onPath(settings) {
      folder = told
    } else {
      throw ScratchError(
        .noServer, "no PostgreSQL server was named and no PostgreSQL programs were found here",
        fix: "apt-get install postgresql, or set STAIRWAY_POSTGRES_URL to a server's address")
    }
  }

  private static func holdsPrograms(_ folder: Path) -> Bool {
    ["initdb", "postgres"].allSatisfy {
      Files.executable(named: (folder / $0).text, searchPath: "") != nil
    }
  }

  /// Debian's `/usr/lib/postgresql/<major>/bin` and Red Hat's `/usr/pgsql-<major>/bin`, newest first.
  static var packaged: [Path] {
    packaged(in: "/usr/lib/postgresql", prefix: "") + packaged(in: "/usr", prefix: "pgsql-")
  }

  private static func packaged(in parent: Path, prefix: String) -> [Path] {
    ((try? Files.names(in: parent)) ?? [])
      .filter { $0.hasPrefix(prefix) }
      .compactMap { name in Double(name.dropFirst(prefix.count)).map { (name, $0) } }
      .sorted { $0.1 > $1.1 }
      .map { parent / $0.0 / "bin" }
  }

  private static func told(_ settings: ScratchSettings) -> Path? {
    let launch = Launch("pg_config", ["--bindir"], environment: settings.programEnvironment)
    guard let run = try? ChildProcess.run(launch, seconds: 10), run.isSuccess else { return nil }
    let folder = Path(run.output.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
    return holdsPrograms(folder) ? folder : nil
  }

  private static func onPath(_ settings: ScratchSettings) -> Path? {
    let path = settings.environment["PATH"] ?? ""
    guard let initdb = Files.executable(named: "initdb", searchPath: path) else { return nil }
    let real = Files.target(ofLink: initdb).map { initdb.parent / $0 } ?? initdb
    return [real.parent, initdb.parent].first(where: holdsPrograms)
  }
}
