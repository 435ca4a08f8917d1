private import Glibc

/// A file without a name that a child process reads as its standard input: unlike a pipe it holds any
/// amount, so that nobody has to write while the child's answer is read.
package final class InputFile: Sendable {
  /// Open at the beginning; handed to the child as its standard input.
  package let descriptor: Descriptor

  /// Makes it in the folder for temporary files, filled with this text.
  package init(_ text: String, in folder: Path = "/tmp") throws {
    let path = folder / RandomName.make(prefix: ".stairway-input")
    let number = open(path.text, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard number >= 0 else {
      throw PlatformError(.cannotWrite, "cannot make a file in \(folder)", errno: errno)
    }
    unlink(path.text)
    descriptor = Descriptor(owning: number)
    try descriptor.write(text)
    lseek(number, 0, SEEK_SET)
  }
}
