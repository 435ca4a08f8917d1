private import Glibc

/// Waits for changes below folders, as the kernel reports them (inotify(7)): nothing is read or asked
/// for while nothing changes.
package final class FolderWatch {
  /// Why the waiting has ended.
  package enum Wakening: Sendable, Hashable {
    case change
    case interruption
    /// Nobody reads standard output any more.
    case unread
  }

  /// What changes a folder's files: their content once it is written, their names, their being there.
  private static let events = UInt32(
    IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF
      | IN_MOVE_SELF)

  private let descriptor: Descriptor
  private let roots: [Path]
  private let enters: (Path) -> Bool

  /// Begins to watch.
  ///
  /// - Parameters:
  ///   - roots: the folders, with all below them; one that is not there is passed over.
  ///   - enters: whether a folder below is watched, too. Links are not followed.
  /// - Throws: `PlatformError` where the system has no watch to give.
  package init(_ roots: [Path], entering enters: @escaping (Path) -> Bool) throws {
    let number = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard number >= 0 else {
      throw PlatformError(.cannotStart, "cannot watch files", errno: errno)
    }
    descriptor = Descriptor(owning: number)
    self.roots = roots
    self.enters = enters
    try add()
  }

  /// Waits for a change and then until none has come for a while, since an editor saves a file in
  /// several steps.
  ///
  /// - Parameters:
  ///   - quiet: seconds without a change; after twenty times as many it is not waited for any longer.
  ///   - outputIsWatched: whether the waiting also ends when nobody reads standard output any more.
  /// - Throws: `PlatformError` where folders that have come cannot be watched.
  package func wait(
    quiet: Double, until interruption: Interruption, outputIsWatched: Bool
  ) throws -> Wakening {
    var isChanged = false
    var deadline: Double?
    while true {
      let seconds = isChanged ? min(quiet, max(0, (deadline ?? 0) - Clock.system.monotonic())) : nil
      let ready = try poll(seconds, interruption, outputIsWatched)
      if ready.isInterrupted { return .interruption }
      if ready.isUnread { return .unread }
      guard ready.hasEvents else { return .change }
      try drain()
      deadline = deadline ?? Clock.system.monotonic() + 20 * quiet
      isChanged = true
    }
  }

  private func poll(
    _ seconds: Double?, _ interruption: Interruption, _ outputIsWatched: Bool
  ) throws -> (hasEvents: Bool, isInterrupted: Bool, isUnread: Bool) {
    var watched = [
      pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0),
      pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0),
      // No event is asked for: that the reader has gone is told all the same.
      pollfd(fd: outputIsWatched ? STDOUT_FILENO : -1, events: 0, revents: 0),
    ]
    let milliseconds = seconds.map { Int32(($0 * 1000).rounded(.up)) } ?? -1
    while Glibc.poll(&watched, nfds_t(watched.count), milliseconds) < 0 {
      guard errno == EINTR else {
        throw PlatformError(.cannotRead, "cannot wait for changes of files", errno: errno)
      }
      if interruption.isRaised { return (false, true, false) }
    }
    let isUnread = watched[2].revents & Int16(POLLERR | POLLHUP) != 0
    return (watched[0].revents != 0, watched[1].revents != 0, isUnread)
  }

  /// Takes what the kernel has told, and watches folders that have come.
  private func drain() throws {
    var space = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor.number, &space, space.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
    }
    // One that is watched already is only named again.
    try add()
  }

  private func add() throws {
    for root in roots where Files.isFolder(root) { try add(root) }
  }

  private func add(_ folder: Path) throws {
    guard inotify_add_watch(descriptor.number, folder.text, Self.events | UInt32(IN_ONLYDIR)) >= 0
    else {
      // It may have gone meanwhile, and what cannot be read cannot be verified either.
      if [ENOENT, ENOTDIR, EACCES].contains(errno) { return }
      let limit = errno == ENOSPC ? " (the limit is fs.inotify.max_user_watches)" : ""
      throw PlatformError(.cannotStart, "cannot watch \(folder)\(limit)", errno: errno)
    }
    for name in (try? Files.names(in: folder)) ?? [] {
      let path = folder / name
      if Files.target(ofLink: path) == nil, Files.isFolder(path), enters(path) { try add(path) }
    }
  }
}
