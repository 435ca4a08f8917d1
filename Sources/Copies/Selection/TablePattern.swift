/// A pattern for tables as `pg_dump` and `psql` read it
/// (<https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-PATTERNS>): `*` and `?` as in a
/// shell, a dot after the schema, names folded to lower case but between double quotes.
struct TablePattern: Hashable, Sendable {
  let text: String
  /// Regular expressions for PostgreSQL; nil where the pattern names no schema.
  let schema: String?
  let table: String
  /// For SQLite's `GLOB`, in lower case, as its names mean the same in any.
  let glob: String

  /// - Throws: `CopyError` `bad-selection` where a quote is not closed, or nothing is named.
  init(_ text: String) throws {
    var parts = [""]
    var glob = ""
    var isQuoted = false
    var rest = text[...]
    while let letter = rest.popFirst() {
      switch letter {
      case "\"" where isQuoted && rest.first == "\"":
        rest.removeFirst()
        parts[parts.count - 1] += "\""
        glob += "\""
      case "\"": isQuoted.toggle()
      case "." where !isQuoted:
        parts.append("")
        glob = ""
      case "*" where !isQuoted:
        parts[parts.count - 1] += ".*"
        glob += "*"
      case "?" where !isQuoted:
        parts[parts.count - 1] += "."
        glob += "?"
      case "$":
        parts[parts.count - 1] += "\\$"
        glob += "$"
      case _ where isQuoted && "|*+?()[]{}.^\\".contains(letter):
        parts[parts.count - 1] += "\\\(letter)"
        glob += "*?[".contains(letter) ? "[\(letter)]" : String(letter)
      default:
        parts[parts.count - 1] += isQuoted ? String(letter) : letter.lowercased()
        glob += letter.lowercased()
      }
    }
    guard !isQuoted else {
      throw CopyError(
        .badSelection, "the pattern '\(text)' has a quote that is not closed",
        fix: "close it, or write the name without quotes")
    }
    // With a database's name in front it has three.
    guard parts.count <= 3, parts.last != "" else {
      throw CopyError(
        .badSelection, "'\(text)' is no pattern for tables",
        fix: "write it as pg_dump takes it: audit_log, audit.*, \"Order\"")
    }
    self.text = text
    table = parts[parts.count - 1]
    schema = parts.count > 1 ? parts[parts.count - 2] : nil
    self.glob = glob
  }
}
