import Databases
import History
import Rules
import Walks

/// One JUnit test case, decided but not yet written.
struct CheckCase {
  enum Result {
    case passed
    /// The migration broke a promise.
    case failure(type: String, message: String, text: String)
    /// It could not be judged.
    case error(type: String, message: String, text: String)
    case skipped(String)

    /// Whether it fails the suite.
    var isBad: Bool {
      switch self {
      case .failure, .error: true
      case .passed, .skipped: false
      }
    }
  }

  /// Characters of a name, without the number that keeps it apart: Azure takes 512 in all.
  static let nameLimit = 500
  /// Characters of a message; the text beside it repeats it.
  static let messageLimit = 1_000

  var name: String
  var place: Place?
  let time: Double
  let result: Result
  /// Findings that do not fail the run, and remarks.
  let output: String
}

/// What a group's cases on one engine have in common.
struct CheckSuite {
  let engine: Engine?
  let group: CheckGroup
  /// Seconds since 1970.
  let startedAt: Double
  private(set) var cases: [CheckCase]

  /// `stairway.sqlite.downgrade`; what belongs to no engine is the project's.
  var className: String { "stairway.\(engine?.rawValue ?? "project").\(group.rawValue)" }

  /// Readers drop or merge cases of the same name, so those that share one are numbered.
  init(engine: Engine?, group: CheckGroup, startedAt: Double, cases: [CheckCase]) {
    self.engine = engine
    self.group = group
    self.startedAt = startedAt
    self.cases = []
    var used: [String: Int] = [:]
    for check in cases {
      var check = check
      let count = used[check.name, default: 0] + 1
      used[check.name] = count
      if count > 1 {
        var number = count
        while used["\(check.name) (\(number))"] != nil { number += 1 }
        check.name += " (\(number))"
        used[check.name] = 1
      }
      self.cases.append(check)
    }
  }
}
