import Databases
import Walks

/// A statement that changes a schema and was refused for the rows that there are, taken apart.
///
/// Names are as the statement has them, quotes included, so that they can be put into SQL again.
struct RefusedStatement {
  let failure: StepFailure
  private let sql: String

  init?(_ failure: StepFailure) {
    guard let statement = failure.statement else { return nil }
    self.failure = failure
    sql = statement
  }

  /// What Alembic makes of a column that is added.
  var addedColumn: (table: String, column: String)? {
    sql.firstMatch(of: /(?i)^\s*ALTER TABLE (\S+) ADD (?:COLUMN )?("[^"]+"|\w+)\s/)
      .flatMap { Self.isWord($0.2) ? nil : (String($0.1), String($0.2)) }
  }

  var alteredColumn: (table: String, column: String, type: String?)? {
    sql.firstMatch(
      of: /(?i)^\s*ALTER TABLE (\S+) ALTER (?:COLUMN )?("[^"]+"|\w+) (?:(?:SET DATA )?TYPE (.+))?/
    ).map { found in
      let type = found.3.map { $0.split(separator: " USING ", maxSplits: 1)[0] }
      return (String(found.1), String(found.2), type.map(String.init))
    }
  }

  /// The table and columns of a unique constraint, an index or a primary key that was to be made.
  var uniqueColumns: (table: String, columns: String)? {
    let constraint = sql.firstMatch(
      of: /(?i)^\s*ALTER TABLE (\S+) ADD .*?(?:UNIQUE|PRIMARY KEY) *\(([^()]+)\)/)
    if let constraint { return (String(constraint.1), String(constraint.2)) }
    return sql.firstMatch(
      of: /(?i)^\s*CREATE UNIQUE INDEX .*? ON (\S+) *(?:USING \w+ *)?\(([^()]+)\)\s*$/
    ).map { (String($0.1), String($0.2)) }
  }

  /// A foreign key that was to be made.
  var foreignKey: (table: String, columns: [String], parent: String, others: [String])? {
    sql.firstMatch(
      of:
        /(?i)^\s*ALTER TABLE (\S+) ADD .*?FOREIGN KEY *\(([^()]+)\) *REFERENCES (\S+?) *\(([^()]+)\)/
    ).map {
      (String($0.1), Self.names($0.2), String($0.3), Self.names($0.4))
    }
  }

  /// A check that was to be made.
  var check: (table: String, condition: String)? {
    sql.firstMatch(of: /(?i)^\s*ALTER TABLE (\S+) ADD .*?\bCHECK *\((.+)\)\s*(?:NOT VALID)?\s*$/)
      .map { (String($0.1), String($0.2)) }
  }

  private static func names(_ list: Substring) -> [String] {
    list.split(separator: ",").map { $0.trimmingPrefix(while: { $0 == " " }) }.map(String.init)
  }

  /// `ADD CONSTRAINT …` adds no column.
  private static func isWord(_ name: Substring) -> Bool {
    ["constraint", "check", "unique", "primary", "foreign", "exclude"].contains(name.lowercased())
  }
}
