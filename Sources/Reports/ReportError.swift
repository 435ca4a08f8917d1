/// The reports cannot be written: the cause and the next command.
package struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case cannotWriteReports = "cannot-write-reports"
    /// What lies there is another tool's.
    case otherReports = "other-reports"
  }

  package let code: Code
  /// One sentence that names the folder and ends with the system's reason.
  package let message: String
  package let fix: String?

  package init(_ code: Code, _ message: String, fix: String? = nil) {
    self.code = code
    self.message = message
    self.fix = fix
  }

  package var description: String { message }
}
