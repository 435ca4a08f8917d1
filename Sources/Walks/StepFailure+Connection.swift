extension StepFailure {
  /// Whether somebody else ended the session, or the server went away: of the migration that says nothing.
  package var hasLostConnection: Bool {
    if let sqlState, Self.lostStates.contains(sqlState) { return true }
    if Self.lostWords.contains(where: message.contains) { return true }
    // libpq, asyncpg and pg8000 where no server listens any more; one that refuses by itself says why.
    return !message.contains("FATAL:")
      && (message.contains("connection to server ") && message.contains(" failed: ")
        || message.contains("Connect call failed")
        || message.contains("Can't create a connection to host"))
  }

  /// What became of the step whose session it ended: it is not known.
  package var lostConnection: Fault {
    Fault(
      .databaseLost,
      message: "the connection to the database was lost: "
        + (message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""),
      fix: "look at the server's log, and run it again")
  }

  /// Class 57 and 08 (<https://www.postgresql.org/docs/current/errcodes-appendix.html>): ended by an
  /// administrator, by a crash, or refused while the server starts, and a connection that is no more.
  private static let lostStates: Set<String> = ["57P01", "57P02", "57P03", "08003", "08006"]
  private static let lostWords = [
    "server closed the connection unexpectedly", "terminating connection due to",
    "connection was closed in the middle of operation",
  ]
}
