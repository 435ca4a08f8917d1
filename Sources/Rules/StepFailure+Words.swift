import Walks

extension StepFailure {
  /// What happened, to follow `the upgrade`: `fails: type "mood" already exists`.
  var predicate: String {
    switch kind {
    case .exited: return "ends the process" + appended(headline)
    case .swallowed: return "goes on after a statement was refused" + appended(headline)
    case .noSuchDirection: return "does not exist"
    case .unsupportedByEngine: return "asks for what this engine cannot do" + appended(headline)
    case .notImplemented, .raised:
      return statement == nil
        ? "raises " + raised
        : "fails" + appended(headline.isEmpty ? shortType : headline)
    }
  }

  /// The first line of the message without a trailing full stop.
  var headline: String {
    let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    var text = line[...]
    while let last = text.last, last == " " || last == "." { text.removeLast() }
    while text.first == " " { text.removeFirst() }
    return String(text)
  }

  /// Whether there is no way back at all, as opposed to one that was tried.
  ///
  /// A NotImplementedError that does not come from a `raise` of the user's says that some library
  /// cannot do what was asked of it.
  var meansNoDowngrade: Bool {
    switch kind {
    case .noSuchDirection: true
    case .notImplemented: wasRaisedByUser
    default: false
    }
  }

  /// Whether rows have the same values where they must not: PostgreSQL's `unique_violation`, and
  /// SQLite's sentence.
  var meansDuplicates: Bool {
    sqlState == "23505" || message.contains("UNIQUE constraint failed")
  }

  /// Whether the author wrote the `raise`: no statement was refused, and the last line of the user's
  /// own code is the one that raises.
  var wasRaisedByUser: Bool {
    guard statement == nil, let code = frames.last?.code else { return kind == .notImplemented }
    return code.isEmpty || code.contains("raise")
  }

  /// The exception as Python prints it: `RuntimeError: irreversible`.
  var raised: String { shortType + appended(headline) }

  /// The exception's class without its module.
  var shortType: String { type.split(separator: ".").last.map(String.init) ?? type }

  /// What was said and where, for a finding.
  var evidence: Evidence {
    Evidence(
      statement: statement, error: type.isEmpty ? message : "\(type): \(message)",
      sqlState: sqlState, frames: frames)
  }

  private func appended(_ text: String) -> String { text.isEmpty ? "" : ": \(text)" }
}

extension StepName {
  /// The step as the subject of a sentence.
  var subject: String {
    switch self {
    case .approach, .upgrade: "the upgrade"
    case .downgrade: "the downgrade"
    case .reupgrade: "the second upgrade"
    case .rollback: "the rollback"
    case .recovery: "the upgrade after the rollback"
    case .descent: "the way down to base in one go"
    case .ascent: "the way up to the heads in one go"
    case .again: "the upgrade at the heads"
    case .start: "the application at the heads"
    case .earlyStart: "the application on an empty database"
    case .lateUpgrade: "the upgrade after the application"
    case .stamp: "the stamp"
    case .printedUpgrade: "the printed upgrade"
    case .printedDowngrade: "the printed downgrade"
    case .models: "create_all()"
    }
  }
}
