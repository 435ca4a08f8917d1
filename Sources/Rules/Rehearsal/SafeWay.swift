import Databases
import Schemas
import Walks

/// How to do what a statement does without keeping others from the table, told by the statement's words.
struct SafeWay {
  /// Statements to send instead, one transaction or none.
  struct Part: Hashable {
    let statements: [String]
    let isOutsideOfTransaction: Bool
  }

  /// A sentence without a full stop.
  let advice: String
  let parts: [Part]

  private init(_ advice: String, _ parts: [Part] = []) {
    self.advice = advice
    self.parts = parts
  }

  /// - Parameter rewrites: whether it was seen to write the table anew.
  init(insteadOf sql: String, rewrites: Bool) {
    let words = StatementWords(Statement(sql: sql, duration: 0))
    func has(_ names: String...) -> Bool { names.allSatisfy(words.names.contains) }
    switch words.verb {
    case "create" where has("index"): self = .buildingConcurrently(sql)
    case "drop" where has("index"):
      self.init(
        "drop it outside of a transaction without keeping others off",
        [Part(statements: [Self.concurrently(sql)], isOutsideOfTransaction: true)])
    case "alter" where rewrites && has("add"): self = .addingWithoutValue
    case "alter" where rewrites && has("type"): self = .changingBesideTheColumn
    case "alter" where rewrites && (has("logged") || has("unlogged")):
      self.init(
        "do it while nobody uses the table: there is no way that copies it in the background")
    case "alter" where has("add") && (has("unique") || has("primary")) && !has("using"):
      self = .addingByIndex
    case "alter" where has("add") && (has("foreign") || has("check")) && !has("valid"):
      self = .addingUnchecked(sql)
    case "alter" where has("set", "not", "null"): self = .requiringByCheck
    case "reindex":
      self.init(
        "do it outside of a transaction without keeping others off",
        [Part(statements: [Self.concurrently(sql)], isOutsideOfTransaction: true)])
    case "refresh":
      self.init(
        "with a unique index on the view, refresh it without keeping readers off",
        [Part(statements: [Self.concurrently(sql)], isOutsideOfTransaction: false)])
    case "update", "delete", "insert", "with", "merge": self = .inBatches
    case "vacuum", "cluster":
      self.init(
        "leave it out of the migrations: `pg_repack` does the same while the table is used")
    default:
      self.init(
        "give it a revision of its own that commits at once, so that nothing else is done while the "
          + "lock is held, and a lock timeout, so that it does not queue in front of everybody")
    }
  }

  private static let inBatches = SafeWay(
    "change the rows in batches of some thousand by their key, each committed by itself, in a script "
      + "beside the deploy or in a revision that runs outside of a transaction")

  private static let addingWithoutValue = SafeWay(
    "add the column without a default that has to be computed for each row (a constant costs "
      + "nothing), set the default for new rows, and fill the old ones in batches; then make it NOT "
      + "NULL by a validated check")

  private static let changingBesideTheColumn = SafeWay(
    "add a second column of the new type, keep it filled by a trigger, fill the old rows in batches, "
      + "and let the two change names in a later revision; a wider varchar, or text, needs none of this"
  )

  private static let addingByIndex = SafeWay(
    "build the index first and without keeping others off, then make it the constraint",
    [
      Part(
        statements: ["CREATE UNIQUE INDEX CONCURRENTLY … ON … (…)"], isOutsideOfTransaction: true),
      Part(
        statements: ["ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX …"],
        isOutsideOfTransaction: false),
    ])

  private static let requiringByCheck = SafeWay(
    "let a check that was validated beforehand say that there is no NULL, so that the table need not "
      + "be read under the lock; drop it afterwards",
    [
      Part(
        statements: ["ALTER TABLE … ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID"],
        isOutsideOfTransaction: false),
      Part(
        statements: [
          "ALTER TABLE … VALIDATE CONSTRAINT …", "ALTER TABLE … ALTER COLUMN … SET NOT NULL",
        ], isOutsideOfTransaction: true),
    ])

  private static func buildingConcurrently(_ sql: String) -> SafeWay {
    SafeWay(
      "build it outside of a transaction without keeping writers off",
      [Part(statements: [concurrently(sql)], isOutsideOfTransaction: true)])
  }

  private static func addingUnchecked(_ sql: String) -> SafeWay {
    let constraint = word(after: "CONSTRAINT", in: sql) ?? "…"
    let table = sql.firstRange(of: " ADD ").map { String(sql[..<$0.lowerBound]) } ?? "ALTER TABLE …"
    return SafeWay(
      "add it without checking the rows that are there, and have them checked afterwards, which keeps "
        + "nobody off",
      [
        Part(statements: ["\(sql.withoutSemicolon) NOT VALID"], isOutsideOfTransaction: false),
        Part(
          statements: ["\(table) VALIDATE CONSTRAINT \(constraint)"], isOutsideOfTransaction: true),
      ])
  }

  /// `CREATE INDEX CONCURRENTLY …` of `CREATE INDEX …`, and likewise for the others that know the word.
  private static func concurrently(_ sql: String) -> String {
    let sql = sql.withoutSemicolon
    for word in ["INDEX", "TABLE", "VIEW"] {
      for spelled in [word, word.lowercased()] {
        guard let range = sql.firstRange(of: spelled + " ") else { continue }
        return sql[..<range.lowerBound] + spelled + " CONCURRENTLY " + sql[range.upperBound...]
      }
    }
    return sql
  }

  private static func word(after keyword: String, in sql: String) -> String? {
    sql.firstRange(of: keyword + " ").map {
      String(sql[$0.upperBound...].prefix { !$0.isWhitespace && $0 != "(" })
    }
  }
}

extension String {
  fileprivate var withoutSemicolon: String {
    var text = self[...]
    while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
    return String(text)
  }
}

extension JudgedRun {
  /// The safe way as a finding's fix, in the words of the project's tool.
  func fix(_ way: SafeWay) -> String {
    let lines = way.parts.flatMap {
      mendWriter.sending($0.statements, outsideOfTransaction: $0.isOutsideOfTransaction)
    }
    return lines.isEmpty ? way.advice : "\(way.advice):\n" + lines.joined(separator: "\n")
  }
}
