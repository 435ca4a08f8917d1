private import CPostgres

#if canImport(Glibc)
  private import Glibc
#endif

/// One connection to a PostgreSQL server, closed when it goes out of scope.
package struct PostgresConnection: ~Copyable {
  let handle: OpaquePointer

  /// Connects and makes the session read as Stairway's queries expect: no `search_path`, so that the
  /// server qualifies every name it prints, ISO dates, UTC, warnings only.
  ///
  /// - Parameter address: a libpq URI or keyword string
  ///   (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>).
  /// - Throws: `DatabaseError` `cannot-connect` with libpq's message, the password taken out.
  package init(_ address: String, readOnly: Bool = false) throws {
    guard let opened = PQconnectdb(address) else {
      throw DatabaseError(.cannotConnect, message: "out of memory")
    }
    guard PQstatus(opened) == CONNECTION_OK else {
      let message = Self.trimmed(String(cString: PQerrorMessage(opened)))
      PQfinish(opened)
      throw DatabaseError(.cannotConnect, message: message)
    }
    PQsetNoticeProcessor(opened, { _, _ in }, nil)
    let settings = PQexec(
      opened,
      Self.sessionSettings(readOnly: readOnly, hasLockTimeout: address.contains("lock_timeout=")))
    defer { PQclear(settings) }
    guard PQresultStatus(settings) == PGRES_COMMAND_OK else {
      let message = Self.trimmed(String(cString: PQerrorMessage(opened)))
      PQfinish(opened)
      throw DatabaseError(.cannotConnect, message: message)
    }
    handle = opened
  }

  /// As what a session that only reads is listed in `pg_stat_activity`.
  package static let readerName = "stairway reader"

  /// The limits that a database sets for its application's sessions are not for ours.
  /// - Parameter hasLockTimeout: whether the address itself sets one.
  private static func sessionSettings(readOnly: Bool, hasLockTimeout: Bool) -> String {
    let reading =
      "SET default_transaction_read_only = on; SET application_name = '\(readerName)';"
      + "SET statement_timeout = 0;" + (hasLockTimeout ? "" : "SET lock_timeout = 0;")
    return """
      SET client_encoding = 'UTF8'; SET search_path = pg_catalog; SET datestyle = 'ISO, YMD';
      SET intervalstyle = 'postgres'; SET timezone = 'UTC'; SET extra_float_digits = 3;
      SET bytea_output = 'hex'; SET client_min_messages = 'warning'; SET quote_all_identifiers = off;
      \(readOnly ? reading : "")
      """
  }

  deinit { PQfinish(handle) }

  /// Connects to the database at this address.
  package init(_ address: PostgresAddress, readOnly: Bool = false) throws {
    do {
      try self.init(address.connectionString, readOnly: readOnly)
    } catch let error as DatabaseError {
      throw DatabaseError(
        error.code, message: address.withoutPassword(error.message), state: error.state)
    }
  }

  /// Whether the connection stood when it was last used; a lost one answers nothing any more.
  package var isAlive: Bool { PQstatus(handle) == CONNECTION_OK }

  /// The server's version as libpq numbers it: 150018 for 15.18.
  package var serverVersion: Int { Int(PQserverVersion(handle)) }

  /// Runs every statement of the script in one implicit transaction, ignoring the rows they give.
  package borrowing func execute(_ script: String) throws {
    let result = PQexec(handle, script)
    defer { PQclear(result) }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
    default: throw failure(result, of: script)
    }
  }

  /// Runs one statement and returns all its rows, every value in the server's text form.
  package borrowing func rows(_ sql: String, _ parameters: [String?] = []) throws -> [Row] {
    let result: OpaquePointer?
    if parameters.isEmpty {
      result = PQexec(handle, sql)
    } else {
      let copies = parameters.map { $0.map { strdup($0) } ?? nil }
      defer { for copy in copies { free(copy) } }
      let pointers = copies.map { UnsafePointer($0) }
      result = PQexecParams(
        handle, sql, Int32(parameters.count), nil, pointers, nil, nil, 0)
    }
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK
    else { throw failure(result, of: sql) }
    return Self.rows(of: result)
  }

  static func table(of result: OpaquePointer) -> ResultTable {
    let width = PQnfields(result)
    let columns = (0..<width).map { column in
      ResultTable.Column(
        name: PQfname(result, column).map { String(cString: $0) } ?? "",
        typeOID: PQftype(result, column))
    }
    return ResultTable(columns: columns, rows: rows(of: result))
  }

  private static func rows(of result: OpaquePointer?) -> [Row] {
    let width = PQnfields(result)
    return (0..<PQntuples(result)).map { row in
      Row(
        (0..<width).map { column in
          guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column)
          else { return .null }
          let bytes = UnsafeRawBufferPointer(
            start: start, count: Int(PQgetlength(result, row, column)))
          return .text(String(decoding: bytes, as: UTF8.self))
        })
    }
  }

  borrowing func failure(_ result: OpaquePointer?, of sql: String) -> DatabaseError {
    func field(_ code: Unicode.Scalar) -> String? {
      PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
    var subject = DatabaseError.Subject()
    subject.schema = field("s")
    subject.table = field("t")
    subject.column = field("c")
    subject.constraint = field("n")
    subject.detail = field("D")
    return DatabaseError(
      .statementFailed,
      message: field("M") ?? Self.trimmed(String(cString: PQerrorMessage(handle))),
      state: field("C"), statement: sql,
      subject: subject == DatabaseError.Subject() ? nil : subject)
  }

  private static func trimmed(_ message: String) -> String {
    var text = message[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
