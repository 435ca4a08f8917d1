private import Glibc

/// The system refused something: what was asked for, of which object, and the system's own words.
package struct PlatformError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of call was refused; stable, for code that decides on it.
  package enum Code: String, Sendable {
    case notFound = "not-found"
    case notPermitted = "not-permitted"
    case alreadyExists = "already-exists"
    case diskFull = "disk-full"
    case brokenPipe = "broken-pipe"
    case cannotStart = "cannot-start"
    case cannotRead = "cannot-read"
    case cannotWrite = "cannot-write"
    case timedOut = "timed-out"
    case interrupted = "interrupted"
    case tooLarge = "too-large"
  }

  package let code: Code
  /// One sentence that names the object and ends with the system's reason.
  package let message: String
  /// The system's error number, where a call failed with one.
  package let number: Int32?

  package init(_ code: Code, _ message: String, number: Int32? = nil) {
    self.code = code
    self.message = message
    self.number = number
  }

  /// The error of a call that just failed with this `errno`: numbers with a meaning of their own
  /// choose their code, all others get `code`.
  init(_ code: Code, _ what: String, errno number: Int32) {
    let better: Code =
      switch number {
      case ENOENT, ENOTDIR: .notFound
      case EACCES, EPERM, EROFS: .notPermitted
      case EEXIST: .alreadyExists
      case ENOSPC, EDQUOT: .diskFull
      case EPIPE: .brokenPipe
      default: code
      }
    self.init(
      code == .cannotStart ? code : better, "\(what): \(Self.text(of: number))", number: number)
  }

  package var description: String { message }

  /// What programs print when a disk is full: the C library's text.
  package static let fullDiskText = "No space left on device"

  /// The system's own text for an error number, e.g. `No such file or directory`.
  package static func text(of number: Int32) -> String {
    String(cString: strerror(number))
  }
}
