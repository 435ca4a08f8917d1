package import Platform

/// Where scratch databases may be put and what they may be made with; all of it is handed in, so
/// that tests can hand in other places.
package struct ScratchSettings: Sendable {
  /// A folder in memory, used as long as it has room.
  package var memory: Path
  /// Used where memory has no room or cannot be written to.
  package var temporary: Path
  /// A server to make databases on, as `STAIRWAY_POSTGRES_URL` gives it; nil for a private cluster.
  package var postgresURL: String?
  /// The folder of PostgreSQL's programs; nil to look for the newest.
  package var postgresBinaries: Path?
  /// The process's environment, for `PATH` and what the dynamic linker needs.
  package var environment: [String: String]
  /// Bytes that must be free in memory for SQLite files, and for a cluster, to be put there.
  package var roomForFiles: Int
  package var roomForCluster: Int
  package var clock: Clock
  /// Whether a private cluster writes to its log what one in production writes, which takes time: for
  /// whoever measures that.
  package var logsAsProduction = false

  package init(
    environment: [String: String], memory: Path = "/dev/shm", temporary: Path? = nil,
    postgresURL: String? = nil, postgresBinaries: Path? = nil, roomForFiles: Int = 256 << 20,
    roomForCluster: Int = 1 << 30, clock: Clock = .system
  ) {
    self.environment = environment
    self.memory = memory
    self.temporary =
      temporary ?? Path(environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp")
    self.postgresURL = postgresURL
    self.postgresBinaries = postgresBinaries
    self.roomForFiles = roomForFiles
    self.roomForCluster = roomForCluster
    self.clock = clock
  }

  /// What a program of PostgreSQL's starts with: no variable of the user's that could change what it
  /// does.
  package var programEnvironment: [String: String] {
    var kept = ["PATH": environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]
    kept["LD_LIBRARY_PATH"] = environment["LD_LIBRARY_PATH"]
    return kept
  }

  /// The folders that databases may be in, the best first.
  package func places(room: Int, openToAll: Bool = false) -> [Path] {
    var places = [temporary, "/tmp", "/var/tmp"]
    if let free = Files.freeSpace(in: memory), free >= room { places.insert(memory, at: 0) }
    return places.filter { Files.freeSpace(in: $0) != nil && (!openToAll || Files.isOpenToAll($0)) }
  }
}
