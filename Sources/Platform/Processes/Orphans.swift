private import CSystem
private import Glibc

/// Processes that what was started here has started in sessions of their own, so that no group's end reaches
/// them: a daemon of a migration's.
package enum Orphans {
  /// Makes this process the parent of those below it whose own parent ends, by which they are found again.
  package static func adopt() { _ = adopt_orphans() }

  /// Kills the children that lead or belong to other sessions than this process, with what they have started.
  package static func end() {
    let own = getsid(0)
    // Each that dies leaves its own children here.
    for _ in 0..<100 {
      let strays = children.filter { getsid($0) != own }
      if strays.isEmpty { return }
      for stray in strays {
        kill(stray, SIGKILL)
        var status: Int32 = 0
        while waitpid(stray, &status, 0) < 0 && errno == EINTR {}
      }
    }
  }

  /// As `/proc` has them, for each of this process's threads.
  private static var children: [Int32] {
    let tasks: Path = "/proc/self/task"
    return ((try? Files.names(in: tasks)) ?? []).flatMap { task in
      ((try? Files.text(of: tasks / task / "children")) ?? "").split(separator: " ").compactMap {
        Int32($0)
      }
    }
  }
}
