private import CSQLite

extension SQLiteConnection {
  /// Gives SQL on this connection a function of one argument, which is called in this process.
  ///
  /// - Parameter body: gives the same for the same argument.
  package borrowing func define(
    _ name: String, _ body: @escaping @Sendable (Value) -> Value
  ) throws {
    let held = Unmanaged.passRetained(FunctionBody(body)).toOpaque()
    let status = sqlite3_create_function_v2(
      handle, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, held,
      { context, _, arguments in
        guard let held = sqlite3_user_data(context), let argument = arguments?.pointee else {
          return
        }
        let body = Unmanaged<FunctionBody>.fromOpaque(held).takeUnretainedValue()
        put(body.call(read(argument)), into: context)
      }, nil, nil,
      { held in if let held { Unmanaged<FunctionBody>.fromOpaque(held).release() } })
    guard status == SQLITE_OK else { throw failure(of: name) }
  }
}

/// What SQLite holds of a function until the connection is closed.
private final class FunctionBody: Sendable {
  let call: @Sendable (Value) -> Value
  init(_ call: @escaping @Sendable (Value) -> Value) { self.call = call }
}

private func read(_ argument: OpaquePointer) -> Value {
  switch sqlite3_value_type(argument) {
  case SQLITE_INTEGER: return .integer(sqlite3_value_int64(argument))
  case SQLITE_FLOAT: return .real(sqlite3_value_double(argument))
  case SQLITE_NULL: return .null
  case SQLITE_TEXT:
    let start = sqlite3_value_text(argument)
    let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(argument)))
    return Value(text: bytes)
  default:
    let count = Int(sqlite3_value_bytes(argument))
    guard count > 0, let start = sqlite3_value_blob(argument) else { return .blob([]) }
    return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
  }
}

private func put(_ value: Value, into context: OpaquePointer?) {
  // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
  let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  switch value {
  case .null: sqlite3_result_null(context)
  case .integer(let number): sqlite3_result_int64(context, number)
  case .real(let number): sqlite3_result_double(context, number)
  case .text(let text):
    sqlite3_result_text(context, text, Int32(text.utf8.count), transient)
  case .undecodedText(let bytes):
    bytes.withUnsafeBytes {
      sqlite3_result_text(
        context, $0.assumingMemoryBound(to: CChar.self).baseAddress, Int32($0.count), transient)
    }
  case .blob(let bytes):
    sqlite3_result_blob64(context, bytes, UInt64(bytes.count), transient)
  }
}
