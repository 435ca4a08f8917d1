import Databases
import Schemas

/// Constraints that take the table's rows for granted, with the statement's own names where they are told.
extension SafeWay {
  /// Instead of `ADD UNIQUE` or `ADD PRIMARY KEY`.
  static func addingByIndex(_ placed: PlacedWords) -> SafeWay {
    let key = AddedKey(placed)
    let (table, name) = (key?.table ?? "…", key?.name ?? "…")
    return SafeWay(
      "build the index first and without keeping others off, then make it the constraint",
      [
        Part(
          statements: [
            "CREATE UNIQUE INDEX CONCURRENTLY \(name) ON \(table) (\(key?.columns ?? "…"))"
          ], isOutsideOfTransaction: true),
        Part(
          statements: [
            "ALTER TABLE \(table) ADD CONSTRAINT \(name) \(key?.kind ?? "UNIQUE") USING INDEX \(name)"
          ], isOutsideOfTransaction: false),
      ])
  }

  /// Instead of `SET NOT NULL`.
  static func requiringByCheck(_ placed: PlacedWords) -> SafeWay {
    let required = RequiredColumn(placed)
    let (table, column) = (required?.table ?? "…", required?.column ?? "…")
    let name = required?.check ?? "…"
    return SafeWay(
      "let a check that was validated beforehand say that there is no NULL, so that the table need not "
        + "be read under the lock; drop it afterwards",
      [
        Part(
          statements: [
            "ALTER TABLE \(table) ADD CONSTRAINT \(name) CHECK (\(column) IS NOT NULL) NOT VALID"
          ], isOutsideOfTransaction: false),
        Part(
          statements: [
            "ALTER TABLE \(table) VALIDATE CONSTRAINT \(name)",
            "ALTER TABLE \(table) ALTER COLUMN \(column) SET NOT NULL",
          ], isOutsideOfTransaction: true),
      ])
  }
}

/// The one key that an `ALTER TABLE` adds, in the statement's own words.
private struct AddedKey {
  let table: String
  /// `UNIQUE` or `PRIMARY KEY`.
  let kind: String
  let columns: String
  let name: String

  /// nil where it says more than that, as `DEFERRABLE` or another action.
  init?(_ placed: PlacedWords) {
    guard let relation = placed.relation(after: "table"),
      let place = placed.first(of: ["unique", "primary"])
    else { return nil }
    let isPrimary = placed.words[place].text == "primary"
    guard let end = placed.words.dropFirst(place + (isPrimary ? 1 : 0)).first else { return nil }
    let last = end.range.upperBound
    let rest = placed.sql[last...].drop(while: \.isWhitespace)
    guard rest.first == "(", rest.last == ")", rest.count(where: { $0 == "(" }) == 1 else {
      return nil
    }
    table = String(placed.sql[relation.range])
    kind = isPrimary ? "PRIMARY KEY" : "UNIQUE"
    columns = String(rest.dropFirst().dropLast())
    let names = placed.words[(place + 1)...].filter { $0.depth == 1 }.map(\.text)
    let parts = [relation.name] + (isPrimary ? ["pkey"] : names + ["key"])
    name =
      placed.first(of: ["constraint"]).flatMap {
        placed.words.dropFirst($0 + 1).first.map(placed.text)
      } ?? Identifier(String(parts.joined(separator: "_").prefix(63))).written
  }
}

/// The one column that an `ALTER TABLE` makes `NOT NULL`, in the statement's own words.
private struct RequiredColumn {
  let table: String
  let column: String
  /// A name for the check.
  let check: String

  /// nil where there are several.
  init?(_ placed: PlacedWords) {
    let words = placed.words.indices.filter {
      placed.words[$0].text == "set" && !placed.words[$0].isQuoted
    }
    guard let relation = placed.relation(after: "table"), let place = words.first,
      words.count == 1, place > 0
    else { return nil }
    let word = placed.words[place - 1]
    table = String(placed.sql[relation.range])
    column = placed.text(word)
    check = Identifier(String("\(relation.name)_\(word.text)_not_null".prefix(63))).written
  }
}
