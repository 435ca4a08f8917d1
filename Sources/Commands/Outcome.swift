/// How a command ended, as its exit status.
enum Outcome: Int32, Sendable, CaseIterable {
  case verified = 0
  /// Findings at or above `fail-on`; for `diff`, that there are structural differences.
  case findings = 1
  case interrupted = 2
  /// No Python, no server, a fault of Stairway's own.
  case couldNotVerify = 3
  /// A mistake on the command line or in the settings.
  case usage = 4
  case nothingToVerify = 5

  /// For people, as a sentence of the manual page.
  var meaning: String {
    switch self {
    case .verified: "Verified; of diff, that there are no structural differences."
    case .findings: "There are findings at or above fail-on; of diff, structural differences."
    case .interrupted: "Interrupted by a signal."
    case .couldNotVerify: "It could not be found out, or not of everything; a message says why."
    case .usage: "A mistake on the command line or in the settings."
    case .nothingToVerify: "There is nothing to verify."
    }
  }
}
