import Databases
import Platform
import Projects
import Testing

@testable import Commands

struct ComplaintTests {
  @Test func `a complaint has its code, place, what was printed, and the mend`() {
    let complaint = Complaint(
      ProjectError(
        .environmentFails, "env.py raised RuntimeError: no", place: "migrations/env.py:2",
        fix: "mend it", output: "one\ntwo\n"))
    #expect(
      complaint.text == """
        error[environment-fails]: migrations/env.py:2: env.py raised RuntimeError: no
          | one
          | two
          fix: mend it

        """)
    #expect(complaint.outcome == .couldNotVerify)
  }

  @Test func `what a database refused is told in a line`() {
    let complaint = Complaint(
      DatabaseError(.statementFailed, message: "permission denied\n  for database x") as any Error)
    #expect(complaint.message == "permission denied for database x")
    #expect(complaint.code == "statement-failed" && complaint.outcome == .couldNotVerify)
  }

  @Test func `a mistake in the settings ends with 4, an interruption with 2`() {
    #expect(Complaint(SettingsError(.wrongType, at: "x:1", "no")).outcome == .usage)
    #expect(Complaint(PlatformError(.interrupted, "interrupted")).outcome == .interrupted)
  }
}
