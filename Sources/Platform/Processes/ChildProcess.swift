private import CSystem
private import Glibc

/// A child process in its own process group, ended and reaped with its whole group at the latest
/// when it is let go.
///
/// Its end is looked at without reaping it, so that until `terminate` its number and its group's can
/// be nobody else's. Used by one thread.
package final class ChildProcess {
  /// The process's number, and its group's.
  package let id: Int32
  private var ended: ExitStatus?
  private var isReaped = false

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
    if ended == nil { ended = look(at: id, WNOHANG) }
    return ended
  }

  /// Waits for its end, for any time.
  @discardableResult
  package func wait() -> ExitStatus {
    if let ended { return ended }
    let status = look(at: id, 0) ?? .exited(-1)
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
    if !isReaped { kill(id, signal) }
  }

  /// Ends the process and everything in its group: asks with SIGTERM, waits, and kills what is left.
  /// - Parameter grace: seconds that it has to end by itself; 0 kills at once.
  @discardableResult
  package func terminate(within grace: Double) -> ExitStatus {
    if !isReaped {
      if status == nil, grace > 0 {
        kill(-id, SIGTERM)
        _ = wait(seconds: grace)
      }
      kill(-id, SIGKILL)
      wait()
      reap(id)
      isReaped = true
    }
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

/// How the child ended, which stays to be reaped; nil while it runs.
private func look(at id: Int32, _ options: Int32) -> ExitStatus? {
  var found = siginfo_t()
  var answer: Int32
  repeat {
    answer = waitid(P_PID, id_t(id), &found, WEXITED | WNOWAIT | options)
  } while answer < 0 && errno == EINTR
  guard answer == 0 else { return .exited(-1) }
  let child = found._sifields._sigchld
  if child.si_pid == 0 { return nil }
  return found.si_code == CLD_EXITED ? .exited(child.si_status) : .signalled(child.si_status)
}

private func reap(_ id: Int32) {
  var status: Int32 = 0
  while waitpid(id, &status, 0) < 0 && errno == EINTR {}
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
