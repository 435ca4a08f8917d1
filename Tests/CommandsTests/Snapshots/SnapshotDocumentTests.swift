import Databases
import History
import Platform
import Reports
import Schemas
import Testing

@testable import Commands

struct SnapshotDocumentTests {
  private func table(_ name: Identifier, _ columns: Identifier...) -> SchemaUnit {
    SchemaUnit(
      SchemaObject(
        ObjectID(.table, schema: "public", [name]), ["options": .list(["fillfactor=70"])]),
      parts: columns.map {
        SchemaObject(
          ObjectID(.column, schema: "public", [name, $0]),
          ["type": .text("text"), "not-null": .flag(true), "position": .number(1)])
      })
  }

  /// Writes the documents beside each other and reads the last.
  private func read(_ documents: [(file: String, document: SnapshotDocument)]) throws -> Snapshot {
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-test")
    defer { try? Files.removeTree(folder) }
    for (file, document) in documents { try Files.write(document.text(), to: folder / file) }
    return try SnapshotFile.snapshot(in: folder / (documents.last?.file ?? ""))
  }

  @Test func `a snapshot is read back as it was written`() throws {
    let snapshot = Snapshot(engine: .postgresql, units: [table("users", "id", "email")])
    #expect(try read([("a.json", SnapshotDocument(snapshot))]) == snapshot)
  }

  @Test func `a revision's snapshot holds only what it changed and is read with those before it`()
    throws
  {
    let first = Snapshot(engine: .postgresql, units: [table("users", "id"), table("old", "id")])
    let second = Snapshot(engine: .postgresql, units: [table("users", "id"), table("new", "id")])
    let kept = SnapshotDocument(second, after: ("1a", first))
    #expect(kept.base == "1a.json")
    #expect(try !kept.text().contains("users"))
    let read = try read([("1a.json", SnapshotDocument(first)), ("2b.json", kept)])
    #expect(read == second)
  }

  @Test func `a file that was changed by hand is refused`() throws {
    let snapshot = Snapshot(engine: .sqlite, units: [table("users", "id")])
    let text = try SnapshotDocument(snapshot).text()
    let folder = try Files.makeTemporaryFolder(in: "/tmp", prefix: "stairway-test")
    defer { try? Files.removeTree(folder) }
    try Files.write(
      text.split(separator: "users", omittingEmptySubsequences: false).joined(separator: "people"),
      to: folder / "a.json")
    let error = #expect(throws: Complaint.self) {
      try SnapshotFile.snapshot(in: folder / "a.json")
    }
    #expect(error?.code == "changed-snapshot")
  }
}
