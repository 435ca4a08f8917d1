import Testing

@testable import Databases

@Suite struct `A script for SQLite` {
  @Test(
    arguments: [
      ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
      (
        "SELECT ';', \";\", [;], `;` ;\n-- a; b\n/* c; */ SELECT 2;\n",
        ["SELECT ';', \";\", [;], `;` ", "SELECT 2"]
      ),
      (
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END; SELECT 1;",
        ["CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END", "SELECT 1"]
      ),
      ("SELECT 'never closed; SELECT 2", ["SELECT 'never closed; SELECT 2"]),
      (";; -- nothing;\n", []), ("", []),
    ])
  func `is taken apart as SQLite does`(_ text: String, _ statements: [String]) {
    #expect(SQLiteScript(text).statements.map(\.sql) == statements)
  }
}
