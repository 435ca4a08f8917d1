import Databases
import Schemas
import Walks

/// A statement as far as one can tell by its words what it was done to.
struct StatementWords {
  let statement: Statement
  /// In small letters; of `WITH … DELETE` the one that writes.
  let verb: String
  /// Every word outside of text literals, in small letters; a quoted name is one.
  let names: Set<String>
  /// The relation right after the verb.
  let target: String?
  /// The columns that it sets, in small letters: those before the `=` of an `UPDATE … SET`.
  let assigned: Set<String>
  /// The table that the statement makes, in small letters; nil where it makes none.
  let madeTable: String?
  /// SQLite's `REPLACE INTO` and `OR REPLACE`: a row that stands in the way is deleted first.
  let isReplacing: Bool

  init(_ statement: Statement) {
    let words = Self.words(of: statement.sql.prefix(20_000))
    let writing: Set<String> = ["insert", "update", "delete", "merge"]
    let start = words.firstIndex { word in
      words.first == "with" ? writing.contains(word) : true
    }
    self.statement = statement
    verb = start.map { words[$0] } ?? ""
    names = Set(words)
    assigned = Self.assigned(in: words)
    let rest = start.map { words[($0 + 1)...] } ?? []
    let named = rest.drop { Self.fillers.contains($0) }
    let parts = named.count > 2 && named.dropFirst().first == "." ? named.dropFirst(2) : named
    let target = parts.first.map(Self.withoutCopy)
    self.target = target
    let between = rest.prefix { Self.fillers.contains($0) }
    let isTable = between.contains("table")
    isReplacing =
      verb == "replace"
      || ["insert", "update"].contains(verb) && between.starts(with: ["or", "replace"])
    madeTable = verb == "create" && isTable ? target : nil
  }

  /// Whether it is done to one of these tables, or to the copy that takes its place.
  func isOn(_ tables: [TableName]) -> Bool {
    tables.contains { $0.name.raw.lowercased() == target }
  }

  func names(oneOf tables: [TableName]) -> Bool {
    tables.contains { names.contains($0.name.raw.lowercased()) } || isOn(tables)
  }

  func names(_ column: Identifier?) -> Bool {
    column.map { names.contains($0.raw.lowercased()) } ?? true
  }

  /// Whether it sets the column only in rows where it is NULL: `… WHERE mood IS NULL`.
  func setsOnlyNulls(of column: Identifier) -> Bool {
    let words = Self.words(of: statement.sql.prefix(20_000))
    guard let condition = words.firstIndex(of: "where") else { return false }
    let rest = words[words.index(after: condition)...]
    return rest.contains("or") ? false : rest.suffix(3) == [column.raw.lowercased(), "is", "null"]
  }

  /// Alembic's batches copy a table into one of this name and rename it.
  private static func withoutCopy(_ name: String) -> String {
    name.hasPrefix("_alembic_tmp_") ? String(name.dropFirst(13)) : name
  }

  private static func assigned(in words: [String]) -> Set<String> {
    guard let set = words.firstIndex(of: "set") else { return [] }
    let ends: Set<String> = ["where", "from", "returning"]
    let rest = words[words.index(after: set)...].prefix { !ends.contains($0) }
    // Of several that are set at once, `(a, b) = (…)`, all stand before the first sign.
    var found = Set(rest.prefix { $0 != "=" }).subtracting([","])
    for place in rest.indices where rest[place] == "=" && place - 2 > set {
      if rest[place - 2] == "," { found.insert(rest[place - 1]) }
    }
    return found
  }

  private static let fillers: Set<String> = [
    "or", "replace", "ignore", "rollback", "abort", "fail", "into", "from", "table", "only", "if",
    "not", "exists", "temp", "temporary", "unlogged",
  ]

  private static func words(of sql: Substring) -> [String] {
    var words: [String] = []
    var rest = sql
    while let first = rest.first {
      switch first {
      case "'":
        rest = rest.dropFirst().drop { $0 != "'" }.dropFirst()
      case "\"", "`":
        let name = rest.dropFirst().prefix { $0 != first }
        words.append(name.lowercased())
        rest = rest[name.endIndex...].dropFirst()
      case "-" where rest.hasPrefix("--"):
        rest = rest.drop { !$0.isNewline }
      case "/" where rest.hasPrefix("/*"):
        rest = rest.firstRange(of: "*/").map { rest[$0.upperBound...] } ?? ""
      case ".", ",", "=":
        words.append(String(first))
        rest = rest.dropFirst()
      case _ where isWord(first):
        let word = rest.prefix(while: isWord)
        words.append(word.lowercased())
        rest = rest[word.endIndex...]
      default:
        rest = rest.dropFirst()
      }
    }
    return words
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "$"
  }
}
