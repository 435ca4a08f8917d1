private import Glibc

/// A file without a name that a child process reads or prints to: unlike a pipe it holds any amount, so
/// that nobody has to write or read meanwhile, and what was printed is there when the process has died
/// without a word.
package final class UnnamedFile: Sendable {
  /// Open for reading, at the beginning, and appending.
  package let descriptor: Descriptor

  /// - Parameters:
  ///   - folder: for temporary files.
  ///   - text: what it holds at first.
  package init(in folder: Path, holding text: String = "") throws {
    let path = folder / RandomName.make(prefix: ".stairway-stream")
    let number = open(path.text, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard number >= 0 else {
      throw PlatformError(.cannotWrite, "cannot make a file in \(folder)", errno: errno)
    }
    unlink(path.text)
    descriptor = Descriptor(owning: number)
    try descriptor.write(text)
    lseek(number, 0, SEEK_SET)
  }

  /// The last of what it holds, at most so many bytes.
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
