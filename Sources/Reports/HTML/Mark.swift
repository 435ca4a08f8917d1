import Rules
import Walks

/// What the page says of a step or a revision: a sign and a word, and a colour beside them.
enum Mark: String, Comparable, CaseIterable {
  case good, left, unreached, declared, warning, unknown, error

  /// One character, for where there is no room for the word.
  var sign: String {
    switch self {
    case .good: "✓"
    case .left: "–"
    case .unreached: "…"
    case .declared: "○"
    case .warning: "!"
    case .unknown: "?"
    case .error: "✗"
    }
  }

  var word: String {
    switch self {
    case .good: "as it should be"
    case .left: "left out"
    case .unreached: "not reached"
    case .declared: "declared or known"
    case .warning: "warning"
    case .unknown: "could not be judged"
    case .error: "wrong"
    }
  }

  /// Both, as a text that stands alone.
  var title: String { "\(sign) \(word)" }

  init(_ outcome: StepOutcome) {
    self =
      switch outcome {
      case .succeeded: .good
      case .failed: .error
      case .unjudged: .unknown
      case .blocked: .unreached
      case .skipped: .left
      }
  }

  init(_ severity: Severity) { self = severity == .error ? .error : .warning }

  static func < (left: Mark, right: Mark) -> Bool { left.rank < right.rank }

  private var rank: Int { Mark.allCases.firstIndex(of: self) ?? 0 }
}
