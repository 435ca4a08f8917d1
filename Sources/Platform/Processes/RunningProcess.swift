private import Glibc

/// Processes that are not this one's children, through their numbers and `/proc`.
package enum RunningProcess {
  /// The signals that end a process.
  package enum Ending: Sendable {
    case quit
    case terminate
    case kill
  }

  /// Whether a process of this number runs, one that waits to be reaped not counted.
  package static func exists(_ id: Int32) -> Bool {
    guard let state = try? Files.text(of: Path("/proc/\(id)/stat")) else { return false }
    // "pid (name) state …": the name may hold anything, also brackets.
    guard let end = state.lastIndex(of: ")") else { return false }
    let letter = state[state.index(after: end)...].first { $0 != " " }
    return letter != "Z" && letter != "X"
  }

  /// The program's name and arguments as it was started with them, which any account may read; none
  /// where there is no such process.
  package static func arguments(of id: Int32) -> [String] {
    let bytes = (try? Files.bytes(of: Path("/proc/\(id)/cmdline"))) ?? []
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Sends the signal to this process alone.
  package static func signal(_ id: Int32, _ ending: Ending) {
    switch ending {
    case .quit: kill(id, SIGQUIT)
    case .terminate: kill(id, SIGTERM)
    case .kill: kill(id, SIGKILL)
    }
  }

  /// Waits until no process of this number runs.
  /// - Returns: whether it ended in time.
  package static func waitForEnd(of id: Int32, seconds: Double, clock: Clock = .system) -> Bool {
    let deadline = clock.monotonic() + seconds
    while exists(id) {
      if clock.monotonic() >= deadline { return false }
      usleep(2_000)
    }
    return true
  }
}
