import Databases
import Platform

/// No scratch database can be had: the cause and the next command.
package struct ScratchError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What stands in the way; stable, for code that decides on it.
  package enum Code: String, Sendable {
    case noServer = "no-server"
    case noClientPrograms = "no-client-programs"
    case badAddress = "bad-address"
    case serverRefused = "server-refused"
    case cannotCreateDatabase = "cannot-create-database"
    case clusterFailed = "cluster-failed"
    case diskFull = "disk-full"
    case cannotWrite = "cannot-write"
    case interrupted = "interrupted"
  }

  package let code: Code
  /// One sentence: what failed, with which object, why; no credentials.
  package let message: String
  /// The next command or edit, where there is one.
  package let fix: String?

  package init(_ code: Code, _ message: String, fix: String? = nil) {
    self.code = code
    self.message = message
    self.fix = fix
  }

  package var description: String { message }
}

extension ScratchError {
  /// What a failed call of another module means for scratch databases: a full disk is told apart,
  /// all else keeps the given code.
  init(_ error: any Error, _ code: Code, _ what: String, fix: String? = nil) {
    switch error {
    case let error as ScratchError: self = error
    case let error as PlatformError where error.code == .diskFull: self = .full(what, error.message)
    case let error as PlatformError where error.code == .interrupted:
      self.init(.interrupted, error.message)
    case let error as DatabaseError where Self.isFull(error): self = .full(what, error.message)
    case let error as DatabaseError: self.init(code, "\(what): \(error.message)", fix: fix)
    default: self.init(code, "\(what): \(error)", fix: fix)
    }
  }

  /// PostgreSQL's `disk_full`, and SQLite's `SQLITE_FULL` in the low byte of its extended code.
  private static func isFull(_ error: DatabaseError) -> Bool {
    error.state == "53100"
      || (error.state.flatMap { Int($0) }.map { $0 & 0xff == 13 } ?? false)
        && error.state?.count != 5
  }

  private static func full(_ what: String, _ reason: String) -> ScratchError {
    ScratchError(
      .diskFull, "\(what): \(reason)",
      fix: "make room there, or set TMPDIR to a folder on a larger disk")
  }
}
