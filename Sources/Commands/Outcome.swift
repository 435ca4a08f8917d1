/// How a command ended, as its exit status.
enum Outcome: Int32, Sendable {
  case verified = 0
  /// Findings at or above `fail-on`; for `diff`, that there are structural differences.
  case findings = 1
  case interrupted = 2
  /// No Python, no server, a fault of Stairway's own.
  case couldNotVerify = 3
  /// A mistake on the command line or in the settings.
  case usage = 4
  case nothingToVerify = 5
}
