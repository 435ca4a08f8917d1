private import CPostgres

#if canImport(Glibc)
  private import Glibc
#endif

extension PostgresConnection {
  /// Runs every statement of the script, which may take any time, and has the server stop when the
  /// descriptor can be read.
  ///
  /// - Parameter descriptor: of an interruption; -1 where nobody interrupts.
  /// - Returns: how many rows each statement touched; 0 for one that touches none.
  /// - Throws: `DatabaseError`; with the state `57014`, `query_canceled`, where it was stopped.
  @discardableResult
  package borrowing func run(_ script: String, stoppedBy descriptor: Int32) throws -> [Int] {
    var touched: [Int] = []
    try eachResult(of: script, stoppedBy: descriptor) { result, _ in
      touched.append(Int(String(cString: PQcmdTuples(result))) ?? 0)
    }
    return touched
  }

  /// Sends every statement of the script in one round trip and returns what each of them gave that
  /// has columns, in order.
  ///
  /// Without `BEGIN` among them they run in one implicit transaction; with it, a failure leaves the
  /// session in a failed transaction for the caller to roll back.
  ///
  /// - Parameter descriptor: has the server stop when it can be read; -1 where nobody interrupts.
  package borrowing func results(
    _ script: String, stoppedBy descriptor: Int32 = -1
  ) throws -> [ResultTable] {
    var tables: [ResultTable] = []
    try eachResult(of: script, stoppedBy: descriptor) { result, hasColumns in
      if hasColumns { tables.append(Self.table(of: result)) }
    }
    return tables
  }

  /// - Parameter take: gets every statement's result that is no error, and whether it has columns.
  /// - Throws: the first statement's error, after the last one's result.
  private borrowing func eachResult(
    of script: String, stoppedBy descriptor: Int32, _ take: (OpaquePointer, Bool) -> Void
  ) throws {
    guard PQsendQuery(handle, script) == 1 else { throw failure(nil, of: script) }
    var refused: DatabaseError?
    var isStopped = descriptor < 0
    while true {
      if !isStopped, waitForAnswer(orFor: descriptor) {
        isStopped = true
        cancel()
      }
      guard let result = PQgetResult(handle) else { break }
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_TUPLES_OK: take(result, true)
      case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: take(result, false)
      default: refused = refused ?? failure(result, of: script)
      }
    }
    if let refused { throw refused }
  }

  /// Waits until a result is there.
  /// - Returns: whether the descriptor could be read first.
  private borrowing func waitForAnswer(orFor descriptor: Int32) -> Bool {
    while PQisBusy(handle) == 1 {
      var watched = [
        pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&watched, 2, -1) >= 0 || errno == EINTR else { return false }
      if watched[1].revents != 0 { return true }
      guard PQconsumeInput(handle) == 1 else { return false }
    }
    return false
  }

  private borrowing func cancel() {
    guard let request = PQgetCancel(handle) else { return }
    defer { PQfreeCancel(request) }
    var reason = [CChar](repeating: 0, count: 256)
    _ = PQcancel(request, &reason, Int32(reason.count))
  }
}
