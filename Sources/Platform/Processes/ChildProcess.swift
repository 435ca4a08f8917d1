private import CSystem
private import Glibc

/// A child process in its own process group, ended and reaped with its whole group at the latest
/// when it is let go.
///
/// Used by one thread.
package final class ChildProcess {
  /// The process's number, and its group's.
  package let id: Int32
  private var ended: ExitStatus?

  /// Starts it.
  /// - Throws: `PlatformError` `not-found` where program or folder do not exist, else `cannot-start`.
  package init(_ launch: Launch) throws {
    let (path, arguments) = try launch.command()
    if let folder = launch.workingDirectory, !Files.isFolder(folder) {
      throw PlatformError(
        .notFound, "cannot start \(launch.executable) in \(folder): no such folder")
    }
    id = try spawn(path, arguments, launch)
  }

  deinit { terminate(within: 0) }

  /// How it ended; nil while it runs.
  package var status: ExitStatus? {
    if ended == nil { ended = reap(id, WNOHANG) }
    return ended
  }

  /// Waits for its end, for any time.
  @discardableResult
  package func wait() -> ExitStatus {
    if let ended { return ended }
    let status = reap(id, 0) ?? .exited(-1)
    ended = status
    return status
  }

  /// Waits for its end, at most so long; nil where it still runs then.
  package func wait(seconds: Double, clock: Clock = .system) -> ExitStatus? {
    let deadline = clock.monotonic() + seconds
    var pause: UInt32 = 200
    while status == nil, clock.monotonic() < deadline {
      usleep(pause)
      pause = min(pause * 2, 10_000)
    }
    return status
  }

  /// Sends a signal to the process alone.
  package func signal(_ signal: Int32) {
    if ended == nil { kill(id, signal) }
  }

  /// Ends the process and everything in its group: asks with SIGTERM, waits, and kills what is left.
  /// - Parameter grace: seconds that it has to end by itself; 0 kills at once.
  @discardableResult
  package func terminate(within grace: Double) -> ExitStatus {
    if ended == nil, grace > 0 {
      kill(-id, SIGTERM)
      _ = wait(seconds: grace)
    }
    if ended == nil || groupExists { kill(-id, SIGKILL) }
    return wait()
  }

  /// The same with SIGQUIT to the process alone, which has the others in its hand: how a PostgreSQL
  /// server is told to stop at once.
  @discardableResult
  package func quit(within grace: Double, clock: Clock = .system) -> ExitStatus {
    signal(SIGQUIT)
    _ = wait(seconds: grace, clock: clock)
    return terminate(within: 0)
  }

  /// Whether any process of the group is left; its number cannot be another's as long as one is.
  private var groupExists: Bool { kill(-id, 0) == 0 }
}

/// How a process ended.
package enum ExitStatus: Hashable, Sendable, CustomStringConvertible {
  case exited(Int32)
  case signalled(Int32)

  package var isSuccess: Bool { self == .exited(0) }

  package var description: String {
    switch self {
    case .exited(let status): "ended with status \(status)"
    case .signalled(let signal):
      "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
    }
  }
}

private func reap(_ id: Int32, _ options: Int32) -> ExitStatus? {
  var status: Int32 = 0
  var answer: Int32
  repeat { answer = waitpid(id, &status, options) } while answer < 0 && errno == EINTR
  if answer == 0 { return nil }
  guard answer == id else { return .exited(-1) }
  let signal = status & 0x7f
  return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
}

private func spawn(_ path: Path, _ arguments: [String], _ launch: Launch) throws -> Int32 {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  // Copies above every number the child wants, so that no dup2 overwrites the source of a later one.
  let above = max(2, launch.descriptors.keys.max() ?? 0) + 1
  var copies: [Int32] = []
  defer { for copy in copies { close(copy) } }
  for (child, parent) in launch.descriptors {
    let copy = fcntl(parent, F_DUPFD_CLOEXEC, above)
    guard copy >= 0 else {
      throw PlatformError(.cannotStart, "cannot hand descriptor \(parent) to \(path)", errno: errno)
    }
    copies.append(copy)
    posix_spawn_file_actions_adddup2(&actions, copy, child)
  }
  for standard in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
  where launch.descriptors[standard] == nil {
    posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0)
  }
  // Also what other code opened without CLOEXEC: a server that outlives its starter would keep it.
  for unnamed in 3..<above where launch.descriptors[unnamed] == nil {
    posix_spawn_file_actions_addclose(&actions, unnamed)
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, above)
  if let folder = launch.workingDirectory {
    posix_spawn_file_actions_addchdir_np(&actions, folder.text)
  }
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var none = sigset_t()
  var all = sigset_t()
  sigemptyset(&none)
  sigfillset(&all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setpgroup(&attributes, 0)
  let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
  posix_spawnattr_setflags(&attributes, Int16(flags))

  let variables = launch.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  let argumentCopies = arguments.map { strdup($0) }
  let variableCopies = variables.map { strdup($0) }
  defer { for copy in argumentCopies + variableCopies { free(copy) } }
  var id: pid_t = 0
  let failure = posix_spawn(
    &id, path.text, &actions, &attributes, argumentCopies + [nil], variableCopies + [nil])
  guard failure == 0 else {
    throw PlatformError(.cannotStart, "cannot start \(path)", errno: failure)
  }
  return id
}
