import Platform

/// The first process of a PostgreSQL server, known by what it wrote into its data folder.
enum Postmaster {
  /// Stops the server of this data folder, where one runs: `postmaster.pid` names a process, and that
  /// process is a `postgres` of this very folder.
  static func stop(dataFolder: Path, clock: Clock) {
    guard let text = try? Files.text(of: dataFolder / "postmaster.pid"),
      let line = text.split(whereSeparator: \.isNewline).first, let id = Int32(line), id > 1
    else { return }
    guard isRunning(id, in: dataFolder) else { return }
    RunningProcess.signal(id, .quit)
    if RunningProcess.waitForEnd(of: id, seconds: 10, clock: clock) { return }
    if isRunning(id, in: dataFolder) { RunningProcess.signal(id, .kill) }
    _ = RunningProcess.waitForEnd(of: id, seconds: 5, clock: clock)
  }

  /// Whether the process was started as the server of this folder. Its arguments are asked, which
  /// root can read even where a container keeps it from looking at another account's processes.
  private static func isRunning(_ id: Int32, in dataFolder: Path) -> Bool {
    let arguments = RunningProcess.arguments(of: id)
    return arguments.first.map { Path($0).name.hasPrefix("postgres") } == true
      && arguments.contains(dataFolder.text)
  }
}
