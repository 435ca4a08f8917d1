private import Glibc

/// A file without a name that a child process prints to: what it printed can still be read when the
/// process has died without a word.
package final class OutputFile: Sendable {
  /// Open for reading and appending; handed to the child as its standard output and error.
  package let descriptor: Descriptor

  /// Makes it in the folder for temporary files.
  package init(in folder: Path = "/tmp") throws {
    let path = folder / RandomName.make(prefix: ".stairway-output")
    let number = open(path.text, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard number >= 0 else {
      throw PlatformError(.cannotWrite, "cannot make a file in \(folder)", errno: errno)
    }
    unlink(path.text)
    descriptor = Descriptor(owning: number)
  }

  /// The last of what was printed, at most so many bytes.
  package func tail(_ limit: Int) -> String {
    let size = Int(lseek(descriptor.number, 0, SEEK_END))
    guard size > 0 else { return "" }
    let count = min(size, limit)
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes {
      pread(descriptor.number, $0.baseAddress, count, off_t(size - count))
    }
    return String(decoding: bytes.prefix(max(0, got)), as: UTF8.self)
  }
}
