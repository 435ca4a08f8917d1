private import Glibc

/// What a descriptor's other end is: a person's terminal, or a file or pipe.
package struct Terminal: Sendable {
  private let descriptor: Int32

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package static let standardInput = Terminal(descriptor: STDIN_FILENO)
  package static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
  package static let standardError = Terminal(descriptor: STDERR_FILENO)

  /// Whether somebody can be looking at it as it is written.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Columns; nil where it is no terminal or one that does not say.
  package var width: Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
