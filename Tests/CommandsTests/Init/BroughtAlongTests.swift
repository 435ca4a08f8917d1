import Formats
import History
import Platform
import Projects
import Testing

@testable import Commands

struct BroughtAlongTests {
  /// a → b → d, a → c → d, d → e
  private static let history = RevisionGraph([
    Revision(id: "aaaa"),
    Revision(id: "bbbb", parents: ["aaaa"]),
    Revision(id: "cccc", parents: ["aaaa"]),
    Revision(id: "dddd", parents: ["bbbb", "cccc"]),
    Revision(id: "eeee", parents: ["dddd"]),
  ])

  /// - Parameter fields: of the worker's answer, those that are not empty.
  private func brought(
    _ fields: String, history: RevisionGraph = Self.history
  ) throws -> BroughtAlong {
    var known = ["\"skippedRevisions\": []", "\"before\": []", "\"at\": []"]
    known.removeAll { fields.contains($0.prefix { $0 != ":" }) }
    let text = "{\((known + (fields.isEmpty ? [] : [fields])).joined(separator: ", "))}"
    return BroughtAlong(
      try JSONText.decode(ConftestData.self, from: text, name: "answer"), history: history,
      fixtures: "stairway/fixtures")
  }

  private static func row(_ table: String, _ id: Int) -> String {
    #"{"table": "\#(table)", "cells": [{"column": "id", "value": ["number", "\#(id)"]}]}"#
  }

  @Test func `rows go where they mean the same, in their order`() throws {
    let brought = try brought(
      """
      "before": [{"revision": "bbbb", "rows": [\(Self.row("users", 1)), \(Self.row("users", 2))]}],
      "at": [{"revision": "eeee", "rows": [\(Self.row("auth.tokens", 5))]},
        {"revision": "bbbb", "rows": [\(Self.row("odd.na.me", 3))]}]
      """)
    #expect(brought.left == [])
    #expect(brought.fixtures.map(\.revision) == ["bbbb", "eeee"])
    #expect(
      brought.fixtures[0].text.hasSuffix(
        """
        before:
          users:
            - {id: 1}
            - {id: 2}
        rows:
          "odd.\\"na.me\\"":
            - {id: 3}

        """))
    #expect(brought.fixtures[0].account == "2 rows before it, 1 row after it")
    #expect(brought.fixtures[1].text.hasSuffix("rows:\n  auth.tokens:\n    - {id: 5}\n"))
  }

  @Test func `the state at the end is the head's`() throws {
    let fields =
      """
      "before": [{"revision": "heads", "rows": [\(Self.row("t", 1))]}],
      "at": [{"revision": "heads", "rows": [\(Self.row("t", 2))]}]
      """
    let one = try brought(fields)
    #expect(one.left == [])
    #expect(one.fixtures.map(\.revision) == ["eeee"])
    #expect(one.fixtures.first?.rows.count == 2)
    let several = try brought(
      fields, history: RevisionGraph([Revision(id: "aaaa"), Revision(id: "bbbb")]))
    #expect(several.fixtures.isEmpty)
    #expect(several.left.count == 2)
    #expect(several.left.first?.message.contains("the history has 2 of them") == true)
  }

  @Test func `what has no place is told with where it stands and what to do`() throws {
    let brought = try brought(
      """
      "skippedRevisions": ["bbbb", "bbbc"],
      "before": [{"revision": "aaab", "rows": [\(Self.row("t", 1))]},
        {"revision": "bbbb", "rows": [\(Self.row("t", 2)),
          {"table": "t", "problem": "its at is an expression of SQLAlchemy's (now)"}]}],
      "at": [{"revision": "cccc", "rows": [{"problem": "it names no table as __tablename__"}]}]
      """)
    #expect(brought.skipped == ["bbbb"])
    #expect(brought.fixtures.map(\.before.count) == [1])
    #expect(
      brought.left.map(\.text) == [
        """
        warning[left-out]: before_revision_data names the revision aaab, which the history does not \
        have; pytest-alembic leaves it unused too
          fix: did you mean aaaa?

        """,
        """
        warning[left-out]: before_revision_data of bbbb, row 2 (t): its at is an expression of \
        SQLAlchemy's (now)
          fix: write an INSERT into stairway/fixtures/bbbb.before.sql

        """,
        """
        warning[left-out]: at_revision_data of cccc, row 1: it names no table as __tablename__
          fix: name the table there, or write the row into stairway/fixtures/cccc.yml

        """,
        """
        warning[left-out]: skip_revisions names the revision bbbc, which the history does not have; \
        pytest-alembic leaves it unused too
          fix: did you mean bbbb?

        """,
      ])
  }

  /// pytest-alembic's bound is not taken down itself, Stairway's is.
  @Test(arguments: [
    ("aaaa", "bbbb"), ("bbbb", "dddd"), ("dddd", "eeee"),
  ])
  func `the floor is the revision after the minimum`(minimum: String, floor: RevisionID) throws {
    let brought = try brought(#""minimumDowngradeRevision": "\#(minimum)""#)
    #expect(brought.floor == floor)
    #expect(brought.minimum == RevisionID(minimum))
    #expect(brought.left == [])
  }

  @Test func `no bound, an unknown one and the last revision are no floor of that kind`() throws {
    for minimum in ["null", "\"base\""] {
      let none = try brought("\"minimumDowngradeRevision\": \(minimum)")
      #expect(none.floor == nil && none.left == [])
    }
    let unknown = try brought(#""minimumDowngradeRevision": "eeef""#)
    #expect(unknown.floor == nil)
    #expect(unknown.left.first?.fix == "did you mean eeee?")
    let last = try brought(#""minimumDowngradeRevision": "eeee""#)
    #expect(last.floor == "eeee")
    #expect(last.left.first?.message.contains("Stairway takes down eeee alone") == true)
  }
}
