import Testing
import Walks

@Suite struct HiddenValuesTests {
  @Test(arguments: [
    (
      #"invalid input syntax for type integer: "s3cretAge""#,
      #"invalid input syntax for type integer: "…""#
    ),
    (
      "duplicate key value violates unique constraint \"uq_users_email\"\nDETAIL:  Key (email)=(ann@x.org) already exists.",
      "duplicate key value violates unique constraint \"uq_users_email\"\nDETAIL:  Key (email)=(…) already exists."
    ),
    (
      "null value in column \"email\"\nDETAIL:  Failing row contains (1, O'Neil (senior), null).",
      "null value in column \"email\"\nDETAIL:  Failing row contains (…)."
    ),
    (
      "UPDATE users SET email = 'it''s me' WHERE id IN (1, 2)",
      "UPDATE users SET email = '…' WHERE id IN (1, 2)"
    ),
    ("unterminated 'rest of it", "unterminated '…"),
    ("UNIQUE constraint failed: users.email", "UNIQUE constraint failed: users.email"),
  ])
  func `what is quoted is hidden, unless it names something`(_ text: String, _ shown: String) {
    #expect(HiddenValues.hide(in: text) { ["uq_users_email", "email"].contains($0) } == shown)
  }

  @Test func `an exception of the application's may say anything`() {
    let raised = StepFailure(type: "builtins.ValueError", message: "no age: s3cretAge")
    #expect(!raised.redacted { _ in true }.message.contains("s3cret"))
    let refused = StepFailure(
      type: "sqlalchemy.exc.IntegrityError", message: "UNIQUE constraint failed: users.email")
    #expect(refused.redacted { _ in false } == refused)
  }
}
