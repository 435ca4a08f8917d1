import Copies
import Databases
import Formats
import Platform
import Projects
import Reports
import Repositories
import Runner
import Scratch

/// Why a command cannot go on, as its user reads it; every such sentence is written here.
///
/// ```
/// error[unknown-key]: stairway.yml:3: unknown key 'engine'; did you mean 'engines'?
///   fix: the keys there are: alembic, allow, …
/// ```
struct Complaint: Error, Sendable, Hashable {
  let code: String
  let place: String?
  let message: String
  let fix: String?
  /// What a process printed, for the reader to find the cause in.
  let output: String?
  let outcome: Outcome

  /// - Parameter place: `path:line`, or the name of a flag or variable.
  init(
    _ code: String, at place: String? = nil, _ message: String, fix: String? = nil,
    output: String? = nil, outcome: Outcome = .couldNotVerify
  ) {
    self.code = code
    self.place = place
    self.message = message
    self.fix = fix
    self.output = output
    self.outcome = outcome
  }

  /// The lines for standard error.
  var text: String {
    var lines = ["error[\(code)]: " + (place.map { "\($0): " } ?? "") + message]
    if let output, !output.trimmed.isEmpty {
      let printed = output.trimmed.split(separator: "\n", omittingEmptySubsequences: false)
      lines += printed.suffix(20).map { "  | \($0)" }
    }
    if let fix { lines.append("  fix: \(fix)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Complaint {
  /// Puts any error that a command lets through into words.
  init(_ error: any Error) {
    switch error {
    case let complaint as Complaint:
      self = complaint
    case let error as SettingsError:
      self.init(
        error.code.rawValue, at: error.place, error.message, fix: error.fix, outcome: .usage)
    case let error as ProjectError:
      self.init(
        error.code.rawValue, at: error.place, error.message, fix: error.fix, output: error.output,
        outcome: error.code == .noRevisions ? .nothingToVerify : .couldNotVerify)
    case let error as RepositoryError:
      self.init(error)
    case let error as ScratchError:
      self.init(error.code.rawValue, error.message, fix: error.fix)
    case let error as CopyError: self.init(error)
    case let error as RehearsalError: self.init(error)
    case let error as DatabaseError: self.init(refusal: error)
    case let error as ReportError:
      self.init(
        error.code.rawValue, error.message, fix: error.fix,
        outcome: error.code == .otherReports ? .usage : .couldNotVerify)
    case let error as FormatError:
      self.init(error.code.rawValue, at: error.place, error.message)
    case let error as PlatformError where error.code == .interrupted:
      self.init("interrupted", "interrupted by a signal", outcome: .interrupted)
    case let error as PlatformError:
      self.init(error.code.rawValue, error.message)
    default:
      self.init(
        "internal", "a fault of Stairway's own: \(error)",
        fix: "please report it, with what is said here and the output of `stairway --version`")
    }
  }

  /// Why git gave no answer; what it was asked wrongly is a mistake on the command line.
  init(_ error: RepositoryError) {
    let isUsage = [.noRepository, .noCommits, .unknownReference].contains(error.code)
    self.init(
      error.code.rawValue, error.message, fix: error.fix,
      outcome: isUsage ? .usage : .couldNotVerify)
  }

  /// What a database refused, in one line.
  init(refusal error: DatabaseError, at place: String? = nil, fix: String? = nil) {
    let message = error.message.split(whereSeparator: \.isNewline).map(\.trimmed)
    self.init(
      error.code.rawValue, at: place, message.joined(separator: " "), fix: fix,
      outcome: error.code == .badAddress ? .usage : .couldNotVerify)
  }
}
