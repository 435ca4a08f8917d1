import Databases

@testable import Rows

/// Schemas made up from a seed: tables with types, keys, references, also in rings, and checks as they come.
struct RandomSchema {
  private var random: SeededRandom
  private let engine: Engine

  init(seed: UInt64, engine: Engine) {
    random = SeededRandom(seed: seed, name: engine.rawValue)
    self.engine = engine
  }

  /// The statements that make so many tables, each with its number behind the prefix as its name.
  mutating func script(tables: Int) -> String {
    var statements = engine == .postgresql ? Self.types : []
    for number in 0..<tables {
      statements.append(table(number))
      if chance(25) {
        statements.append("CREATE UNIQUE INDEX u\(number) ON t\(number) (c) WHERE c IS NOT NULL")
      }
    }
    let keys = integerKeys.sorted()
    if let first = keys.first, let last = keys.last, first != last {
      statements.append("ALTER TABLE t\(first) ADD COLUMN ring INTEGER REFERENCES t\(last) (id)")
    }
    return statements.joined(separator: ";\n")
  }

  private static let types = [
    "CREATE TYPE mood AS ENUM ('glad', 'so so', 'sad')",
    "CREATE DOMAIN rate AS numeric(6, 2) CHECK (VALUE > 0 AND VALUE < 100)",
  ]

  private mutating func chance(_ percent: Int) -> Bool { random.below(100) < percent }

  private mutating func table(_ number: Int) -> String {
    var lines: [String] = [
      chance(50) ? "id INTEGER PRIMARY KEY" : "id \(keyType) NOT NULL PRIMARY KEY"
    ]
    var columns: [(name: String, type: String)] = []
    lines.append("c VARCHAR(9)")
    if chance(30) { lines.append("g BOOLEAN GENERATED ALWAYS AS (c IS NULL) STORED") }
    for place in 0..<(random.below(6) + 1) {
      let type = random.pick(engine == .sqlite ? Self.sqliteTypes : Self.postgresTypes) ?? "TEXT"
      let name = place == 0 && chance(20) ? "\"C \(place)\"" : "c\(place)"
      columns.append((name, type))
      let rule = chance(50) ? " NOT NULL" : chance(10) ? " UNIQUE" : ""
      lines.append("\(name) \(type)\(rule)")
    }
    if number > 0 || chance(50) {
      for place in 0..<random.below(3) {
        let target = random.below(number + 1)
        guard lines[0].hasPrefix("id INTEGER PRIMARY KEY"),
          target == number || integerKeys.contains(target)
        else { continue }
        let rule = target != number && chance(50) ? " NOT NULL" : ""
        lines.append("r\(place) INTEGER\(rule) REFERENCES t\(target) (id)")
      }
    }
    if lines[0].hasPrefix("id INTEGER PRIMARY KEY") { integerKeys.insert(number) }
    if columns.count > 1, chance(30) {
      lines.append("UNIQUE (\(columns[0].name), \(columns[1].name))")
    }
    for column in columns where chance(40) {
      if let check = check(column.name, column.type) { lines.append("CHECK (\(check))") }
    }
    let numbers = columns.filter { ["INTEGER", "BIGINT", "NUMERIC(8, 2)"].contains($0.type) }
    if numbers.count > 1, chance(50) {
      lines.append("CHECK (\(numbers[0].name) <= \(numbers[1].name))")
    }
    if columns.count > 1, chance(15) {
      lines.append("CHECK (\(columns[0].name) IS NOT NULL OR \(columns[1].name) IS NOT NULL)")
    }
    return "CREATE TABLE t\(number) (\(lines.joined(separator: ", ")))"
  }

  private var integerKeys: Set<Int> = []

  private var keyType: String { engine == .sqlite ? "VARCHAR(20)" : "uuid" }

  private static let sqliteTypes = [
    "INTEGER", "BIGINT", "VARCHAR(5)", "VARCHAR(40)", "TEXT", "BOOLEAN", "NUMERIC(8, 2)", "FLOAT",
    "DATETIME", "DATE", "BLOB", "JSON",
  ]
  private static let postgresTypes = [
    "INTEGER", "BIGINT", "SMALLINT", "VARCHAR(5)", "VARCHAR(40)", "TEXT", "CHAR(4)", "BOOLEAN",
    "NUMERIC(8, 2)", "REAL", "timestamptz", "date", "bytea", "jsonb", "uuid", "interval", "inet",
    "text[]", "int4range", "bit(3)", "time", "mood", "mood[]", "rate",
  ]

  private mutating func check(_ name: String, _ type: String) -> String? {
    let number = random.below(200) - 50
    switch type {
    case "INTEGER", "BIGINT", "SMALLINT", "NUMERIC(8, 2)", "FLOAT", "REAL":
      return random.pick([
        "\(name) > \(number)", "\(name) BETWEEN \(number) AND \(number + 2)",
        "\(name) IN (\(number), \(number + 7), 12)", "\(name) < \(number) OR \(name) >= 5000",
        "NOT \(name) = \(number) AND \(name) <> 0", "abs(\(name)) <= 99", "\(name) * 2 < \(number)",
        "coalesce(\(name), 1) > 0", "\(name) - 5 >= \(number)",
      ])
    case "VARCHAR(5)", "VARCHAR(40)", "TEXT", "CHAR(4)":
      return random.pick([
        "\(name) IN ('a', 'it''s', 'z')", "length(\(name)) > 2", "length(\(name)) BETWEEN 1 AND 3",
        "\(name) LIKE 'a%'", "\(name) <> ''", "\(name) NOT LIKE '% %'", "\(name) LIKE '_x%z'",
        "lower(\(name)) = \(name)", "trim(\(name)) <> ''", "\(name) = 'one' OR length(\(name)) = 4",
        engine == .postgresql ? "\(name) ~ '^[a-c]+[0-9]?$'" : "\(name) GLOB '[a-c]*'",
      ])
    case "timestamptz", "date", "DATETIME", "DATE":
      return random.pick(["\(name) > '2001-02-03'", "\(name) < '2010-01-01'"])
    case "BOOLEAN": return random.pick(["\(name)", "NOT \(name)", "\(name) IS NOT NULL"])
    default: return chance(30) ? "\(name) IS NOT NULL" : nil
    }
  }
}
