extension RejectedRow {
  /// Whether a key is there already, or not there: of these PostgreSQL's detail names the values, of
  /// others it repeats the whole row.
  package var isAboutKeys: Bool { state == "23503" || state == "23505" }

  /// What to write instead; nil where the engine's words say it, or nothing general can be said.
  ///
  /// By PostgreSQL's SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>) and
  /// SQLite's extended result code (<https://www.sqlite.org/rescode.html>).
  package var fix: String? {
    switch state {
    case "23503", "787":
      "write the row that it points to as well, and mend that one first where it was refused too"
    case "23505", "2067", "1555": "give it values of its own"
    case "23502", "1299": "give the column a value"
    case "23514", "275": "write what the check allows"
    case "22001": "write a shorter text"
    default: nil
    }
  }
}
