private import Glibc

/// What the system says of a file's content without reading it: another mark means that somebody
/// wrote to it.
package struct FileMark: Sendable, Hashable {
  package let size: Int
  /// The last write, in seconds and nanoseconds since 1970.
  package let seconds: Int
  package let nanoseconds: Int
  private let inode: UInt64

  /// nil where there is no such file.
  package init?(_ path: Path) {
    guard let status = Files.status(of: path) else { return nil }
    size = Int(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
    inode = UInt64(status.st_ino)
  }
}
