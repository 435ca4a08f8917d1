import Platform

extension ScratchFolder {
  /// Removes the folders of runs that are no more, and stops what still runs in them.
  ///
  /// Only folders of this account's, of our name, whose lock nobody holds: a number of a process
  /// alone can be another's by now. What cannot be removed is left for the next sweep.
  static func sweep(_ settings: ScratchSettings) {
    for place in Set([settings.memory, settings.temporary, "/tmp", "/var/tmp"]) {
      for name in (try? Files.names(in: place)) ?? [] where isOurs(name) {
        sweep(place / name, clock: settings.clock)
      }
    }
  }

  private static func sweep(_ folder: Path, clock: Clock) {
    // Opening does not follow links, and the owner is the link's own: a folder that another account
    // put there is not touched.
    guard Files.owner(of: folder) == UserAccount.effectiveUID,
      let lock = try? FolderLock(folder)
    else { return }
    Postmaster.stop(dataFolder: folder / PostgresCluster.dataName, clock: clock)
    try? Files.removeTree(folder)
    lock.release()
  }

  /// Whether a name is `stairway-<digits>-<16 hexadecimal digits>`.
  static func isOurs(_ name: String) -> Bool {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    return parts.count == 3 && parts[0] == prefix && !parts[1].isEmpty
      && parts[1].allSatisfy { "0123456789".contains($0) } && parts[2].count == 16
      && parts[2].allSatisfy { "0123456789abcdef".contains($0) }
  }
}
