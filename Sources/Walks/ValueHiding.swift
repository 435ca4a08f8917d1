package import Databases

/// Takes the values of rows out of what engines and migrations say, and leaves the names.
package struct ValueHiding: Sendable {
  /// Why values are not to be seen.
  package enum Cause: Sendable {
    /// Somebody asked for it.
    case option
    /// They are those of production.
    case production

    fileprivate var words: String {
      switch self {
      case .option: "--redact"
      case .production: "it may hold values of production"
      }
    }
  }

  private let engine: Engine
  private let names: Set<String>
  private let cause: Cause

  /// - Parameter names: every name of the schema, and those that statements make up.
  package init(on engine: Engine, keeping names: Set<String>, because cause: Cause) {
    self.engine = engine
    self.names = names
    self.cause = cause
  }

  /// An engine's message without what it quotes of a row.
  package func hidden(message: String) -> String {
    HiddenValues.hide(in: message, keeping: names.contains)
  }

  /// The statement without literals.
  package func hidden(sql: String) -> String { HiddenLiterals.hide(in: sql, keeping: isNameInSQL) }

  /// How much a migration printed, instead of what; nothing of nothing.
  package func hidden(output: String) -> String {
    output.isEmpty ? "" : "(\(output.utf8.count) bytes, hidden\(cause.behindNumber))"
  }

  /// The failure without what may be a value of a row: what the engine's message and the statement quote,
  /// and the message of an exception that is not the database's, unless the line that raised it has the
  /// words.
  package func hidden(_ failure: StepFailure) -> StepFailure {
    let isDatabases =
      failure.sqlState != nil
      || ["sqlalchemy.exc.", "sqlite3.", "psycopg", "asyncpg.", "alembic."].contains {
        failure.type.hasPrefix($0)
      }
    // PostgreSQL's `raise_exception`: the words are the author's.
    let isEngines = isDatabases && failure.sqlState != "P0001"
    let isLiteral =
      !failure.message.isEmpty
      && failure.frames.last.map { $0.code.contains(failure.message) } ?? false
    let message =
      isEngines
      ? hidden(message: failure.message) : isLiteral ? failure.message : hiddenMessage
    return StepFailure(
      kind: failure.kind, type: failure.type, message: message, sqlState: failure.sqlState,
      statement: failure.statement.map(hidden(sql:)),
      frames: failure.frames.map { hidden($0, keeping: failure.message) })
  }

  /// The line of code without literals, where these are not to be seen either: production's values stand
  /// in no file.
  /// - Parameter words: what may stand in it.
  private func hidden(_ frame: Frame, keeping words: String = "") -> Frame {
    guard case .option = cause else { return frame }
    return Frame(
      file: frame.file, line: frame.line, function: frame.function,
      code: HiddenLiterals.hide(inCode: frame.code) { $0 == words || names.contains($0) })
  }

  /// The statement without literals, without the driver's error, and without what the server said, unless
  /// it shortened a name.
  package func hidden(_ statement: Statement) -> Statement {
    Statement(
      sql: hidden(sql: statement.sql), duration: statement.duration,
      notices: statement.notices.map {
        $0.contains("will be truncated to") ? $0 : "a notice is hidden (\(cause.words))"
      }, error: statement.error.map { _ in hiddenMessage }, line: statement.line,
      revision: statement.revision, sender: statement.sender.map { hidden($0) },
      rowCount: statement.rowCount, followsReferences: statement.followsReferences)
  }

  package func hidden(_ flaw: RecordingFlaw) -> RecordingFlaw {
    RecordingFlaw(
      flaw.kind, statement: flaw.statement.map(hidden(sql:)), frames: flaw.frames.map { hidden($0) }
    )
  }

  /// The fault without what was printed.
  package func hidden(_ fault: Fault) -> Fault {
    Fault(
      fault.code, message: fault.message, output: hidden(output: fault.output), fix: fault.fix,
      file: fault.file, line: fault.line)
  }

  /// The outcome without values, and without what was printed.
  package func hidden(_ outcome: StepOutcome) -> StepOutcome {
    switch outcome {
    case .failed(let failure): .failed(hidden(failure))
    case .unjudged(let fault): .unjudged(hidden(fault))
    case .succeeded, .blocked, .skipped: outcome
    }
  }

  var hiddenMessage: String { "its message is hidden (\(cause.words))" }

  /// What PostgreSQL has between double quotes is always a name.
  private func isNameInSQL(_ text: String) -> Bool {
    engine == .postgresql || names.contains(text) || text.hasPrefix("_alembic_tmp_")
  }
}

extension ValueHiding.Cause {
  fileprivate var behindNumber: String {
    switch self {
    case .option: " by \(words)"
    case .production: ": \(words)"
    }
  }
}
