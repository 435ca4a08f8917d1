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

  init(_ advice: String, _ parts: [Part] = []) {
    self.advice = advice
    self.parts = parts
  }

  /// - Parameters:
  ///   - rewrites: whether it was seen to write the table anew.
  ///   - object: what it is about; of several statements in one string the one that names it is told.
  ///   - partitions: those of a table that is called so, as far as they are known.
  init(
    insteadOf sql: String, rewrites: Bool, of object: Identifier? = nil,
    partitions: (String) -> [ObjectID] = { _ in [] }
  ) {
    let all = PlacedWords.all(in: sql, naming: object)
    let ways = all.map { SafeWay($0, rewrites: rewrites, partitions) }
    // Without a name the first one for which there is more to say than to wait.
    let way = object == nil ? ways.first { !$0.parts.isEmpty } ?? ways.first : ways.first
    self = way ?? .alone
  }

  private init(
    _ placed: PlacedWords, rewrites: Bool, _ partitions: (String) -> [ObjectID]
  ) {
    let words = StatementWords(Statement(sql: placed.sql, duration: 0))
    func has(_ names: String...) -> Bool { names.allSatisfy(words.names.contains) }
    func parts(after keyword: String) -> [ObjectID] {
      placed.relation(after: keyword).map { partitions($0.name) } ?? []
    }
    switch words.verb {
    case "create" where has("index"):
      self = .buildingConcurrently(placed, parts(after: "on"))
    case "drop" where has("index"):
      // An index of partitions is dropped with theirs, and not in the background.
      guard parts(after: "index").isEmpty else {
        self = .alone
        return
      }
      self.init(
        "drop it outside of a transaction without keeping others off",
        [Part(statements: [Self.concurrently(placed)], isOutsideOfTransaction: true)])
    case "alter" where has("attach", "partition"): self = .attachingChecked
    case "alter" where rewrites && has("add", "generated", "stored"): self = .computingBeside
    case "alter" where rewrites && has("add"): self = .addingWithoutValue
    case "alter" where rewrites && has("type"): self = .changingBesideTheColumn
    case "alter" where rewrites && (has("logged") || has("unlogged")):
      self.init(
        "do it while nobody uses the table: there is no way that copies it in the background")
    case "alter" where has("add") && (has("unique") || has("primary")) && !has("using"):
      self = parts(after: "table").isEmpty ? .addingByIndex(placed) : .addingByIndexes
    case "alter" where has("add") && (has("foreign") || has("check")) && !has("valid"):
      self = .addingUnchecked(placed, has("foreign") ? parts(after: "table") : [])
    case "alter" where has("set", "not", "null"): self = .requiringByCheck(placed)
    case "reindex":
      self.init(
        "do it outside of a transaction without keeping others off",
        [Part(statements: [Self.concurrently(placed)], isOutsideOfTransaction: true)])
    case "refresh":
      self.init(
        "with a unique index on the view, refresh it without keeping readers off",
        [Part(statements: [Self.concurrently(placed)], isOutsideOfTransaction: false)])
    case "update", "delete", "insert", "with", "merge": self = .inBatches
    case "vacuum", "cluster":
      self.init(
        "leave it out of the migrations: `pg_repack` does the same while the table is used")
    default:
      self = .alone
    }
  }

  private static let alone = SafeWay(
    "give it a revision of its own that commits at once, so that nothing else is done while the "
      + "lock is held, and a lock timeout, so that it does not queue in front of everybody")

  private static let inBatches = SafeWay(
    "change the rows in batches of some thousand by their key, each committed by itself, in a script "
      + "beside the deploy or in a revision that runs outside of a transaction")

  private static let addingWithoutValue = SafeWay(
    "add the column without a default that has to be computed for each row (a constant costs "
      + "nothing), set the default for new rows, and fill the old ones in batches; then make it NOT "
      + "NULL by a validated check")

  private static let computingBeside = SafeWay(
    "add a plain column instead, keep it filled by a trigger, and fill the old rows in batches: a stored "
      + "generated column is computed for every row as it is added")

  private static let attachingChecked = SafeWay(
    "let a check that was validated beforehand say which rows the new partition holds (and one, which "
      + "rows a default partition does not), so that they need not be read under the lock; drop it "
      + "afterwards",
    [
      Part(
        statements: ["ALTER TABLE … ADD CONSTRAINT … CHECK (…) NOT VALID"],
        isOutsideOfTransaction: false),
      Part(statements: ["ALTER TABLE … VALIDATE CONSTRAINT …"], isOutsideOfTransaction: true),
    ])

  private static let changingBesideTheColumn = SafeWay(
    "add a second column of the new type, keep it filled by a trigger, fill the old rows in batches, "
      + "and let the two change names in a later revision; a wider varchar, or text, needs none of this"
  )

  private static let addingByIndexes = SafeWay(
    "PostgreSQL builds none of a partitioned table's indexes in the background: make the constraint on the "
      + "table alone, build the partitions' indexes without keeping others off, and attach them",
    [
      Part(
        statements: ["ALTER TABLE ONLY … ADD CONSTRAINT … UNIQUE (…)"],
        isOutsideOfTransaction: false),
      Part(
        statements: ["CREATE UNIQUE INDEX CONCURRENTLY … ON … (…)"], isOutsideOfTransaction: true),
      Part(
        statements: [
          "ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX …", "ALTER INDEX … ATTACH PARTITION …",
        ], isOutsideOfTransaction: false),
    ])

  private static func buildingConcurrently(
    _ placed: PlacedWords, _ partitions: [ObjectID]
  ) -> SafeWay {
    guard !partitions.isEmpty, let table = placed.relation(after: "on") else {
      return SafeWay(
        "build it outside of a transaction without keeping writers off",
        [Part(statements: [concurrently(placed)], isOutsideOfTransaction: true)])
    }
    let hasName = placed.first(of: ["index"]).flatMap { place in
      placed.first(of: ["on"]).map { $0 > place + 1 }
    }
    let index = hasName == true ? placed.relation(after: "index") : nil
    let name = index.map { String(placed.sql[$0.range]) } ?? "…"
    let told = partitions.prefix(limit)
    let own = told.map { partition in
      var sql = placed.replacing(table.range, with: partition.written)
      // The name stands before the table, whose place it moves.
      if let index {
        let made = PlacedWords(sql).relation(after: "index")
        sql = PlacedWords(sql).replacing(
          made?.range ?? index.range, with: partitionName(index.name, partition))
      }
      return concurrently(PlacedWords(sql))
    }
    let attached = told.map { partition in
      let made = index.map { partitionName($0.name, partition) } ?? "…"
      return "ALTER INDEX \(name) ATTACH PARTITION \(made)"
    }
    let more = partitions.count > limit ? "; likewise for each of its other partitions" : ""
    return SafeWay(
      "PostgreSQL builds none of a partitioned table's indexes in the background: make it on the table "
        + "alone, build each partition's outside of a transaction without keeping writers off, and attach "
        + "them\(more)",
      [
        Part(
          statements: [placed.replacing(table.range, with: "ONLY \(placed.sql[table.range])")],
          isOutsideOfTransaction: false),
        Part(statements: own, isOutsideOfTransaction: true),
        Part(statements: attached, isOutsideOfTransaction: false),
      ])
  }

  /// So many partitions are written out.
  private static let limit = 2

  private static func partitionName(_ index: String, _ partition: ObjectID) -> String {
    Identifier(String("\(partition.name.raw)_\(index)".prefix(63))).written
  }

  private static func addingUnchecked(
    _ placed: PlacedWords, _ partitions: [ObjectID]
  ) -> SafeWay {
    let constraint =
      placed.first(of: ["constraint"]).flatMap { place in
        placed.words.dropFirst(place + 1).first.map(placed.text)
      } ?? "…"
    func adding(_ placed: PlacedWords) -> [Part] {
      let add = placed.first(of: ["add"]).map { placed.words[$0].range.lowerBound }
      let table = add.map { String(placed.sql[..<$0]) } ?? "ALTER TABLE … "
      return [
        Part(statements: ["\(placed.sql) NOT VALID"], isOutsideOfTransaction: false),
        Part(
          statements: ["\(table)VALIDATE CONSTRAINT \(constraint)"], isOutsideOfTransaction: true),
      ]
    }
    guard !partitions.isEmpty, let table = placed.relation(after: "table") else {
      return SafeWay(
        "add it without checking the rows that are there, and have them checked afterwards, which keeps "
          + "nobody off", adding(placed))
    }
    let own = partitions.prefix(limit).flatMap {
      adding(PlacedWords(placed.replacing(table.range, with: $0.written)))
    }
    let more = partitions.count > limit ? " (likewise to those that are not written out)" : ""
    return SafeWay(
      "PostgreSQL adds none to a partitioned table without checking its rows: add it to each partition"
        + "\(more) and have its rows checked afterwards, which keeps nobody off, then to the table, which "
        + "takes over what they have",
      own + [Part(statements: [placed.sql], isOutsideOfTransaction: false)])
  }

  /// `CREATE INDEX CONCURRENTLY …` of `CREATE INDEX …`, and likewise for the others that know the word.
  private static func concurrently(_ placed: PlacedWords) -> String {
    guard let place = placed.first(of: ["index", "table", "view"]),
      placed.first(of: ["concurrently"]) == nil
    else { return placed.sql }
    let end = placed.words[place].range.upperBound
    return placed.replacing(end..<end, with: " CONCURRENTLY")
  }
}

extension RehearsalRecord {
  /// The partitions of the table with this name, or of that which has the index.
  func partitions(of name: String) -> [ObjectID] {
    let roots = Set(relations.compactMap(\.root)).filter { root in
      root.name.raw.lowercased() == name.lowercased()
        || relations.contains {
          $0.relation.kind == .index && $0.relation.heldBy == root
            && $0.relation.name.raw.lowercased() == name.lowercased()
        }
    }
    return relations.filter { $0.root.map(roots.contains) ?? false }.map(\.relation)
  }
}

extension JudgedRun {
  /// The safe way instead of a statement, as a finding's fix.
  func safeWay(insteadOf sql: String, rewrites: Bool, of object: Identifier? = nil) -> String {
    fix(
      SafeWay(insteadOf: sql, rewrites: rewrites, of: object) {
        record.rehearsal?.partitions(of: $0) ?? []
      })
  }

  /// The safe way as a finding's fix, in the words of the project's tool.
  func fix(_ way: SafeWay) -> String {
    let lines = way.parts.flatMap {
      mendWriter.sending($0.statements, outsideOfTransaction: $0.isOutsideOfTransaction)
    }
    return lines.isEmpty ? way.advice : "\(way.advice):\n" + lines.joined(separator: "\n")
  }
}
