import Databases
import Platform

/// No copy of production can be made: the cause and the next command.
package struct CopyError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What stands in the way; stable, for code that decides on it.
  package enum Code: String, Sendable, CaseIterable {
    // What was asked for cannot be meant.
    case badSource = "bad-source"
    case badSelection = "bad-selection"
    case badAnonymization = "bad-anonymization"
    case notConfirmed = "not-confirmed"
    case ownDatabase = "own-database"
    // The source does not give it.
    case sourceUnreachable = "source-unreachable"
    case sourceTooNew = "source-too-new"
    case sourceNotPermitted = "source-not-permitted"
    case sourceLocked = "source-locked"
    case sourceLost = "source-lost"
    case sourceCorrupt = "source-corrupt"
    case encryptedDump = "encrypted-dump"
    case truncatedDump = "truncated-dump"
    case unreadableDump = "unreadable-dump"
    case noSchema = "no-schema"
    case severalDatabases = "several-databases"
    case foreignCommand = "foreign-command"
    // The copy cannot be made here.
    case noRoom = "no-room"
    case missingProgram = "missing-program"
    case missingExtension = "missing-extension"
    case serverTooOld = "server-too-old"
    case serverNotPermitted = "server-not-permitted"
    case restoreFailed = "restore-failed"
    case anonymizationFailed = "anonymization-failed"
  }

  package let code: Code
  /// One sentence: what failed, with which object, why; no credentials, no rows.
  package let message: String
  /// The next command or edit, where there is one.
  package let fix: String?

  package init(_ code: Code, _ message: String, fix: String? = nil) {
    self.code = code
    self.message = message
    self.fix = fix
  }

  package var description: String { message }

  /// Whether the command line or a file of settings is to blame, rather than what was found out.
  package var isUsage: Bool {
    switch code {
    case .badSource, .badSelection, .badAnonymization, .notConfirmed, .ownDatabase: true
    default: false
    }
  }
}

extension CopyError {
  /// A server's refusal, in one line and without the password of the source.
  init(_ code: Code, _ what: String, _ error: DatabaseError, fix: String? = nil) {
    let words = error.message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    self.init(code, "\(what): \(words)", fix: fix)
  }

  /// Several names in a sentence: the first so many, then how many more.
  static func list(_ names: some Collection<String>, limit: Int = .max) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }

  /// Bytes as people read them: `1.5 GiB`.
  static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    var unit = "bytes"
    for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      value /= 1024
      unit = next
    }
    guard unit != "bytes" else { return "\(bytes) bytes" }
    let tenths = Int((value * 10).rounded())
    return tenths >= 100 || tenths % 10 == 0
      ? "\((tenths + 5) / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
  }
}
