import Copies
import FoundationEssentials

/// How old what a copy shows of production is.
struct CopyAge {
  private let method: CopyRecord.Method
  /// Seconds since 1970.
  private let taken: Double?
  private let now: Double

  /// - Parameter now: when the rehearsal began, in seconds since 1970.
  init(of copy: CopyRecord, at now: Double) {
    method = copy.method
    taken = copy.takenAt
    self.now = now
  }

  var words: String {
    switch method {
    case .inPlace: return "used in place, of unknown age"
    case .dump, .template: return "as it is now"
    case .file, .backup:
      let deed = method == .file ? "dumped" : "last written to"
      guard let taken else { return "of unknown age" }
      // A dump has the hours of the clock that it was written by.
      let days = Int(((now - taken) / 86_400).rounded(.down))
      let date = Date(timeIntervalSince1970: taken.rounded(.down)).formatted(.iso8601).prefix(10)
      return "\(deed) on \(date)" + (days >= 2 ? ", about \(days) days old" : "")
    }
  }
}
