import History
import Rules
import Testing

@testable import Commands

struct AllowCommentTests {
  private func read(_ text: String) throws -> [String] {
    try AllowComment.allowances(in: text, file: "versions/9f.py", revision: "9f").map {
      "\($0.place) \($0.rule) \($0.revision?.text ?? "") [\($0.object ?? "")] \($0.reason)"
    }
  }

  @Test func `comments in Python and SQL allow a rule for their own revision`() throws {
    let found = try read(
      """
      # stairway: allow data-dropped users.nickname because moved to profiles
      revision = "9f"
          op.drop_column("a", "b")  # stairway: allow data-dropped because  nobody reads it
      -- stairway: allow missing-downgrade because there is no way back
      """)
    #expect(
      found == [
        "versions/9f.py:1 data-dropped 9f [users.nickname] moved to profiles",
        "versions/9f.py:3 data-dropped 9f [] nobody reads it",
        "versions/9f.py:4 missing-downgrade 9f [] there is no way back",
      ])
  }

  @Test func `words about Stairway that are no directive mean nothing`() throws {
    #expect(try read("# stairway found this\nurl = 'stairway:x'\n").isEmpty)
  }

  @Test(arguments: [
    ("# stairway: allow data-dropped", SettingsError.Code.missingReason),
    ("# stairway: allow data-dropped because", .missingReason),
    ("# stairway: allow because of this", .invalidAllowance),
    ("# stairway: ignore data-dropped because so", .invalidAllowance),
    ("# stairway: allow data-droped because so", .unknownRule),
  ])
  func `a directive that cannot be followed is an error at its line`(
    text: String, code: SettingsError.Code
  ) {
    let error = #expect(throws: SettingsError.self) { try read("\n" + text) }
    #expect(error?.code == code)
    #expect(error?.place == "versions/9f.py:2")
  }
}
