private import Glibc

/// Which file a path leads to, through whatever links: two names of one file have the same.
package struct FileIdentity: Sendable, Hashable {
  private let device: UInt64
  private let inode: UInt64

  /// nil where there is no such file.
  package init?(_ path: Path) {
    guard let status = Files.status(of: path) else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
