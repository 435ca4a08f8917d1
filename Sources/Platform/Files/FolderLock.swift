private import Glibc

/// A lock on a folder that ends with its owner: when it is let go, and when the process
/// dies however it dies.
package final class FolderLock {
  private let descriptor: Descriptor
  private let path: Path

  /// Takes the lock of a folder, without waiting. Makes nothing: what a folder's owner has just removed
  /// must not come back as a file.
  /// - Returns: nil where another holds it, or where the path was removed meanwhile.
  /// - Throws: `PlatformError` where the path cannot be opened.
  package init?(_ path: Path) throws {
    let number = open(path.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    guard number >= 0 else {
      throw PlatformError(.cannotRead, "cannot lock \(path)", errno: errno)
    }
    descriptor = Descriptor(owning: number)
    self.path = path
    guard flock(number, LOCK_EX | LOCK_NB) == 0, isStillThere else { return nil }
  }

  /// Makes a folder of a name that nobody has, and takes its lock. Somebody may sweep between the two:
  /// then another one is made.
  /// - Throws: `PlatformError`.
  package static func makingFolder(in place: Path, prefix: String) throws -> (Path, FolderLock) {
    for _ in 0..<100 {
      let path = try Files.makeTemporaryFolder(in: place, prefix: prefix)
      do {
        if let lock = try FolderLock(path) { return (path, lock) }
      } catch let error as PlatformError where error.code == .notFound {
        continue
      }
    }
    throw PlatformError(.cannotWrite, "cannot lock a new folder in \(place)")
  }

  /// Whether the path is still what was locked: whoever removes a locked thing may have opened it
  /// before this process did.
  private var isStillThere: Bool {
    var opened = stat()
    var present = stat()
    return fstat(descriptor.number, &opened) == 0 && lstat(path.text, &present) == 0
      && opened.st_ino == present.st_ino && opened.st_dev == present.st_dev
  }

  /// Gives it back.
  package func release() { descriptor.close() }
}
