package import Platform

/// PostgreSQL's client programs `pg_dump`, `pg_restore` and `psql`, of the newest installation here: a
/// `pg_dump` reads servers that are older than it, and refuses newer ones.
package struct PostgresClients: Sendable, Hashable {
  package let folder: Path
  /// E.g. `15.18`, as `pg_dump` says it.
  package let version: String
  /// E.g. 15.
  package let majorVersion: Int

  /// The named folder where it has them, else the newest that packages install or `PATH` holds.
  /// - Throws: `ScratchError` `no-client-programs` where there are none.
  package init(_ settings: ScratchSettings) throws {
    let named = settings.postgresBinaries.map { [$0] } ?? []
    let onPath = (settings.environment["PATH"] ?? "").split(separator: ":").map { Path(String($0)) }
    for folders in [named, PostgresBinaries.packaged, onPath] {
      for folder in folders where Self.holdsPrograms(folder) {
        guard let version = Self.version(in: folder, settings),
          let major = Int(version.prefix { $0.isNumber })
        else { continue }
        self.folder = folder
        self.version = version
        majorVersion = major
        return
      }
    }
    throw ScratchError(
      .noClientPrograms, "pg_dump, pg_restore and psql were not found here",
      fix: "apt-get install postgresql-client, or name their folder: postgresql.binaries")
  }

  /// The path of one of the programs.
  package func path(_ program: String) -> String { (folder / program).text }

  private static func holdsPrograms(_ folder: Path) -> Bool {
    ["pg_dump", "pg_restore", "psql"].allSatisfy {
      Files.executable(named: (folder / $0).text, searchPath: "") != nil
    }
  }

  /// The third word of `pg_dump (PostgreSQL) 15.18 (Debian …)`.
  private static func version(in folder: Path, _ settings: ScratchSettings) -> String? {
    let launch = Launch(
      (folder / "pg_dump").text, ["--version"], environment: settings.programEnvironment)
    guard let run = try? ChildProcess.run(launch, seconds: 20, clock: settings.clock),
      run.isSuccess
    else { return nil }
    let words = run.output.split(whereSeparator: \.isWhitespace)
    return words.count > 2 ? String(words[2]) : nil
  }
}
