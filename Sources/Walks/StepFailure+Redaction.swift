extension StepFailure {
  /// The same without what may be a value of a row: what the engine's message and the statement quote,
  /// unless it is a name of the schema, and the message of an exception that is not the database's.
  ///
  /// - Parameters:
  ///   - isName: whether a text that the message quotes names something.
  ///   - isNameInSQL: whether what the statement has between double quotes does.
  package func redacted(
    keeping isName: (String) -> Bool, inSQL isNameInSQL: (String) -> Bool
  ) -> StepFailure {
    let isDatabases =
      sqlState != nil
      || ["sqlalchemy.exc.", "sqlite3.", "psycopg", "asyncpg.", "alembic."].contains {
        type.hasPrefix($0)
      }
    // PostgreSQL's `raise_exception`: the words are the author's.
    let isEngines = isDatabases && sqlState != "P0001"
    return StepFailure(
      kind: kind, type: type,
      message: isEngines
        ? HiddenValues.hide(in: message, keeping: isName) : "its message is hidden (--redact)",
      sqlState: sqlState,
      statement: statement.map { HiddenLiterals.hide(in: $0, keeping: isNameInSQL) }, frames: frames
    )
  }
}

/// Takes values out of what databases and migrations say.
package enum HiddenValues {
  private static let mark = "…"

  /// - Parameter isName: whether a quoted text names something and may stay.
  package static func hide(in text: String, keeping isName: (String) -> Bool) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(where: { "'\"(".contains($0) }) {
      let opening = rest[start]
      result += rest[..<start]
      rest = rest[rest.index(after: start)...]
      guard opening == "(" else {
        guard let end = end(of: opening, in: rest) else { return result + String(opening) + mark }
        let content = String(rest[..<end])
        result += "\(opening)\(isName(content) ? content : mark)\(opening)"
        rest = rest[rest.index(after: end)...]
        continue
      }
      result += "("
      // `Key (email)=(ann@example.org) already exists`, `Failing row contains (1, ann)`.
      guard result.hasSuffix("=(") || result.hasSuffix("contains ("),
        let end = rest.lastIndex(of: ")")
      else { continue }
      let line = rest.firstIndex(of: "\n") ?? rest.endIndex
      let close = result.hasSuffix("=(") ? rest.firstIndex(of: ")") ?? end : min(end, line)
      result += mark
      rest = rest[close...]
    }
    return result + rest
  }

  /// Where the quotation ends; a doubled quote stands for itself.
  private static func end(of quote: Character, in text: Substring) -> Substring.Index? {
    var place = text.startIndex
    while let found = text[place...].firstIndex(of: quote) {
      let next = text.index(after: found)
      guard next < text.endIndex, text[next] == quote else { return found }
      place = text.index(after: next)
    }
    return nil
  }
}
