import Databases
import Platform

/// The way from an empty folder to a server that answers.
struct ClusterStart {
  static let logName = "log"

  let binaries: PostgresBinaries
  let folder: Path
  /// Whom the server runs as, where that is not this account.
  let owner: UserAccount?
  let settings: ScratchSettings
  let interruption: Interruption?

  private var data: Path { folder / PostgresCluster.dataName }
  private var log: Path { folder / Self.logName }

  func run() throws -> (ChildProcess, PostgresAddress) {
    let socket = try makeFolders()
    try initialize()
    let address = PostgresAddress(
      host: socket.text, user: Self.superuser, database: "postgres",
      parameters: ["connect_timeout": "10"])
    let postmaster = try start(socket)
    do {
      try waitUntilReady(postmaster, address)
    } catch {
      postmaster.terminate(within: 0)
      throw error
    }
    return (postmaster, address)
  }

  /// The role that most migrations and dumps expect to be there.
  private static let superuser = "postgres"

  /// The data folder and the socket's, both closed to everybody but who the server runs as.
  private func makeFolders() throws -> Path {
    let socket = folder / "socket"
    // The address of a Unix socket holds 107 bytes (unix(7)).
    guard "\(socket)/.s.PGSQL.5432".utf8.count <= 107 else {
      throw ScratchError(
        .clusterFailed, "the path of \(socket) is too long for a Unix socket",
        fix: "set TMPDIR to a folder with a shorter path")
    }
    for path in [data, socket] {
      try Files.makeFolder(path, mode: 0o700)
      if let owner { try Files.give(path, to: owner) }
    }
    return socket
  }

  private func initialize() throws {
    let arguments = [
      "--pgdata=\(data)", "--username=\(Self.superuser)", "--auth=trust", "--no-sync",
      "--encoding=UTF8", "--text-search-config=english", "--wal-segsize=1",
    ]
    var run = try initialize(arguments + ["--locale=C.UTF-8"])
    if run.status == .exited(1), run.errors.contains("locale") {
      // The C library here has no C.UTF-8; C sorts the same.
      try emptyData()
      run = try initialize(arguments + ["--no-locale"])
    }
    guard run.isSuccess else {
      let lines = run.errors.split(whereSeparator: \.isNewline)
      // Where the disk is full, what follows that line are only its consequences.
      let end = lines.firstIndex { $0.contains(PlatformError.fullDiskText) }.map { $0 + 1 }
      let words = lines[..<(end ?? lines.count)].suffix(end == nil ? 5 : 1).joined(separator: "; ")
      throw failure(run.status.map { "initdb \($0)" } ?? "initdb hung", words)
    }
  }

  private func initialize(_ arguments: [String]) throws -> CapturedRun {
    try interruption?.check()
    return try ChildProcess.run(
      Launch(
        (binaries.folder / "initdb").text, arguments, environment: settings.programEnvironment,
        workingDirectory: "/", user: owner),
      seconds: 120, clock: settings.clock)
  }

  private func emptyData() throws {
    for name in try Files.names(in: data) { try Files.removeTree(data / name) }
  }

  private func start(_ socket: Path) throws -> ChildProcess {
    let output = try Files.open(writing: log)
    // Later ones stand above those before them.
    let options =
      Self.options + ["unix_socket_directories=\(socket)"]
      + (settings.logsAsProduction ? ["wal_level=replica", "full_page_writes=on"] : [])
    return try ChildProcess(
      Launch(
        (binaries.folder / "postgres").text, ["-D", data.text] + options.flatMap { ["-c", $0] },
        environment: settings.programEnvironment, workingDirectory: "/",
        descriptors: [1: output.number, 2: output.number], user: owner))
  }

  /// A clock that is not UTC's, and never goes back: a time that takes the session's zone is told from
  /// one that is said to be UTC.
  ///
  /// No TCP; nothing is written so that it survives a crash; nothing runs by itself; no shared memory
  /// outside the data folder that a kill would leave behind.
  private static let options = [
    "listen_addresses=", "unix_socket_permissions=0700", "fsync=off", "synchronous_commit=off",
    "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "wal_init_zero=off",
    "wal_recycle=off", "max_wal_size=1GB", "checkpoint_timeout=1d", "autovacuum=off",
    "bgwriter_lru_maxpages=0", "shared_buffers=64MB", "dynamic_shared_memory_type=mmap",
    "max_connections=100", "max_locks_per_transaction=256", "jit=off", "timezone=Asia/Kolkata",
    "log_timezone=UTC", "log_min_messages=fatal", "log_checkpoints=off", "logging_collector=off",
    "log_destination=stderr",
  ]

  private func waitUntilReady(_ postmaster: ChildProcess, _ address: PostgresAddress) throws {
    let deadline = settings.clock.monotonic() + 60
    while true {
      try interruption?.check()
      do {
        _ = try PostgresConnection(address)
        return
      } catch let error as DatabaseError {
        if let status = postmaster.status {
          throw failure("postgres \(status)", log: error.message)
        }
        guard settings.clock.monotonic() < deadline else {
          throw failure("postgres did not answer within 60 s", log: error.message)
        }
        _ = postmaster.wait(seconds: 0.005, clock: settings.clock)
      }
    }
  }

  private func failure(_ what: String, log fallback: String) -> ScratchError {
    failure(what, Self.lastLines(of: log) ?? fallback)
  }

  /// A full disk is told by its words: the programs say it only to people.
  private func failure(_ what: String, _ words: String) -> ScratchError {
    let isFull = words.contains(PlatformError.fullDiskText)
    return ScratchError(
      isFull ? .diskFull : .clusterFailed,
      "cannot start a private PostgreSQL cluster in \(folder.parent): \(what): \(words)",
      fix: isFull
        ? "make room there, or set TMPDIR to a folder on a larger disk"
        : "set STAIRWAY_POSTGRES_URL to a server's address, or mend the installation in \(binaries.folder)"
    )
  }

  /// The end of a server's log, as one line.
  static func lastLines(of log: Path) -> String? {
    guard let text = try? Files.text(of: log) else { return nil }
    let lines = text.split(whereSeparator: \.isNewline).suffix(5)
    return lines.isEmpty ? nil : lines.joined(separator: "; ")
  }
}
