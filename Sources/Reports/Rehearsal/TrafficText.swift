import Rules
import Walks

/// How an application's statements fared during a rehearsal, as lines.
struct TrafficText {
  let traffic: TrafficRecord

  var lines: [String] {
    [
      "Statements of \(traffic.isGiven ? "the application" : "one row each") meanwhile: usually, at most"
    ]
      + traffic.statements.flatMap(lines)
  }

  private func lines(_ statement: TrafficStatement) -> [String] {
    let phases = TrafficPhase.allCases.map { phase in
      let latency = statement.latency(phase)
      guard latency.count == 0 else {
        return "\(phase.rawValue) \(told(latency.median)), \(told(latency.longest))"
      }
      return "\(phase.rawValue) \(statement.isRefused(phase) ? "never" : "not sent")"
    }
    let line = statement.failures.isEmpty ? nil : statement.line.map { "line \($0): " }
    return [
      "    \(line ?? "")\(CappedText.oneLine(statement.sql, limit: 100))",
      "      " + phases.joined(separator: "; "),
    ]
      + statement.failures.map {
        "      refused \(Words.count($0.count, "time")) \($0.phase.rawValue)\(waited($0)): "
          + CappedText.oneLine($0.message, limit: 200)
      }
  }

  /// What hung first, and was refused then, is the worst that an application meets.
  private func waited(_ failure: TrafficFailure) -> String {
    guard let longest = failure.longest, longest >= 0.01 else { return "" }
    return failure.count == 1
      ? ", having waited for \(longest.duration)"
      : ", one of them having waited for \(longest.duration)"
  }

  /// Tenths of a millisecond where a statement took less than one.
  private func told(_ seconds: Double) -> String {
    seconds < 0.000_95 ? "0.\(Int((seconds * 10_000).rounded())) ms" : seconds.duration
  }
}
