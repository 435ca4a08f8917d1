private import Glibc

/// The process's own dealings with signals.
package enum Signals {
  /// From here on a write that nobody reads gives an error instead of ending the process.
  package static func ignoreBrokenPipes() { _ = brokenPipesAreIgnored }

  private static let brokenPipesAreIgnored: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return true
  }()
}
