extension Statement {
  /// The same without what may be a value of a row: the literals, what the driver's error quotes, and
  /// what the server said, unless it shortened a name.
  ///
  /// - Parameter isName: whether the text names something.
  package func redacted(keeping isName: (String) -> Bool) -> Statement {
    Statement(
      sql: HiddenLiterals.hide(in: sql, keeping: isName), duration: duration,
      notices: notices.map {
        $0.contains("will be truncated to") ? $0 : "a notice is hidden (--redact)"
      },
      error: error.map { _ in "its message is hidden (--redact)" }, line: line, sender: sender)
  }
}

extension Fault {
  /// The same without what was printed.
  package var withoutOutput: Fault {
    Fault(
      code, message: message, output: HiddenValues.lengthAlone(of: output), fix: fix, file: file,
      line: line)
  }
}

extension HiddenValues {
  /// Says of what a migration printed how long it is; nothing of nothing.
  package static func lengthAlone(of output: String) -> String {
    output.isEmpty ? "" : "(\(output.utf8.count) bytes, hidden by --redact)"
  }
}
