import Databases
import Platform
import Schemas
import TestSupport
import Testing

@testable import Copies

struct SamplingTests {
  private static let dangling = """
    SELECT (SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = o.user_id)),
      (SELECT count(*) FROM lines l WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = l.order_id)),
      (SELECT count(*) FROM users c WHERE boss IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM users p WHERE p.id = c.boss))
    """

  private func plan(_ database: TestDatabase, _ percent: Double, floor: Int = 0) throws -> CopyPlan
  {
    let source: CopySource
    switch database.address {
    case .sqlite(let path): source = .sqlite(Path(path))
    case .postgresql(let address): source = .postgresql(address)
    }
    return CopyPlan(source: source, samplePercent: percent, sampleFloor: floor)
  }

  private func kept(_ copy: ProductionCopy) throws -> [Int] {
    try ["users", "orders", "lines", "audit_log", "alembic_version"].map {
      try copy.number("SELECT count(*) FROM \($0)")
    }
  }

  @Test func `a sample is referentially whole, the same each time, and told`() throws {
    let production = try Production.database()
    let first = try makeCopy(plan(production, 40, floor: 10))
    #expect(try first.rows(Self.dangling) == [["0", "0", "0"]])
    let counts = try kept(first)
    #expect((1..<200).contains(counts[0]))
    #expect((1..<400).contains(counts[1]))
    #expect((1..<800).contains(counts[2]))
    #expect((100..<300).contains(counts[3]))
    // A table that is too small to be thinned stays, above all the version.
    #expect(counts[4] == 1)
    #expect(try first.number("SELECT count(*) FROM emails") == counts[0])
    #expect(first.record.samplePercent == 40)
    let told = Dictionary(
      uniqueKeysWithValues: first.record.sampled.map { ($0.table.name.raw, [$0.kept, $0.of]) })
    #expect(
      told == [
        "users": [counts[0], 200], "orders": [counts[1], 400], "lines": [counts[2], 800],
        "audit_log": [counts[3], 500],
      ])
    let second = try makeCopy(plan(production, 40, floor: 10))
    let query = "SELECT string_agg(id::text, ',' ORDER BY id) FROM users"
    #expect(try second.rows(query) == first.rows(query))
    #expect(try production.rows("SELECT count(*) FROM users") == [["200"]])
  }

  /// A hash that took whole trees away kept nothing of one with a single root, nine times of ten.
  @Test(arguments: [Engine.sqlite, .postgresql])
  func `a tree keeps the rows that the kept ones refer to`(_ engine: Engine) throws {
    let script = """
      CREATE TABLE staff (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES staff, deputy INTEGER REFERENCES staff);
      INSERT INTO staff WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        SELECT i, CASE WHEN i > 1 THEN i / 10 + 1 - CASE WHEN i < 10 THEN 0 ELSE 1 END END,
          CASE WHEN i % 7 = 0 THEN i - 1 END FROM n;
      """
    let production = try TestDatabase(engine, script)
    let copy = try makeCopy(plan(production, 10), onShared: engine == .postgresql)
    let count = try copy.number("SELECT count(*) FROM staff")
    #expect((100..<1_000).contains(count))
    #expect(
      try copy.number(
        """
        SELECT count(*) FROM staff c WHERE
          boss IS NOT NULL AND NOT EXISTS (SELECT 1 FROM staff p WHERE p.id = c.boss)
          OR deputy IS NOT NULL AND NOT EXISTS (SELECT 1 FROM staff p WHERE p.id = c.deputy)
        """) == 0)
  }

  @Test func `a table that inherits is thinned once`() throws {
    let production = try Production.database(
      """
      CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
      CREATE TABLE people (id int PRIMARY KEY, name text);
      CREATE TABLE staff () INHERITS (people);
      INSERT INTO staff SELECT n, 'n' || n FROM generate_series(1, 4000) n;
      INSERT INTO people SELECT n, 'p' || n FROM generate_series(5000, 5999) n
      """)
    let copy = try makeCopy(plan(production, 25, floor: 10))
    #expect((800..<1_200).contains(try copy.number("SELECT count(*) FROM staff")))
    #expect((150..<350).contains(try copy.number("SELECT count(*) FROM ONLY people")))
    #expect(copy.record.sampled.map(\.of) == [1_000, 4_000])
  }

  @Test func `tables that refer to each other in a ring stay whole`() throws {
    let production = try Production.database(
      """
      CREATE TABLE teams (id int PRIMARY KEY, lead int);
      CREATE TABLE people (id int PRIMARY KEY, team int NOT NULL REFERENCES teams);
      INSERT INTO teams SELECT n, n * 10 FROM generate_series(1, 100) n;
      INSERT INTO people SELECT n, (n + 9) / 10 FROM generate_series(1, 1000) n;
      ALTER TABLE teams ADD FOREIGN KEY (lead) REFERENCES people DEFERRABLE INITIALLY DEFERRED;
      CREATE TABLE badges (person int REFERENCES people ON DELETE SET NULL, n int);
      INSERT INTO badges SELECT n, n FROM generate_series(1, 1000) n;
      """)
    let copy = try makeCopy(plan(production, 50))
    let counts = try ["teams", "people", "badges"].map {
      try copy.number("SELECT count(*) FROM \($0)")
    }
    #expect(counts[0] == 100 && counts[1] == 1_000)
    #expect((1..<1_000).contains(counts[2]))
  }

  @Test func `a SQLite file is sampled likewise`() throws {
    let production = try TestDatabase(
      .sqlite,
      """
      CREATE TABLE users (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES Users);
      CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON DELETE CASCADE);
      CREATE TABLE lines (order_id INTEGER REFERENCES orders (ID));
      CREATE TABLE audit_log (what TEXT);
      CREATE TABLE alembic_version (version_num TEXT);
      CREATE TRIGGER loud AFTER DELETE ON users BEGIN DELETE FROM audit_log; END;
      INSERT INTO alembic_version VALUES ('a');
      INSERT INTO users WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        SELECT i, CASE WHEN i > 50 THEN i % 50 + 1 END FROM n;
      INSERT INTO orders SELECT id, id FROM users;
      INSERT INTO orders (id, user_id) VALUES (1000, 999999);
      INSERT INTO lines SELECT id FROM orders;
      INSERT INTO audit_log SELECT 'what ' || id FROM users;
      """)
    let copy = try makeCopy(plan(production, 30, floor: 10), onShared: false)
    let counts = try kept(copy)
    #expect((1..<500).contains(counts[0]))
    #expect(counts[1] == counts[0])
    #expect(counts[2] == counts[1])
    #expect((50..<300).contains(counts[3]))
    #expect(counts[4] == 1)
    #expect(try copy.rows("PRAGMA foreign_key_check") == [])
    #expect(copy.record.sampled.count == 4)
  }

  @Test(arguments: [0.0, 100, -1, .nan]) func `a part is more than none and less than all`(
    _ percent: Double
  ) throws {
    let error = #expect(throws: CopyError.self) {
      try makeCopy(CopyPlan(source: .sqlite("/tmp/x.db"), samplePercent: percent), onShared: false)
    }
    #expect(error?.code == .badSelection)
    #expect(error?.isUsage == true)
  }
}
