import Databases
import Platform
import TestSupport
import Testing

@testable import Copies

struct AnonymizationTests {
  private static let script = """
    CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(60) NOT NULL UNIQUE, phone VARCHAR(20),
      name VARCHAR(40), born DATE, code CHAR(6) UNIQUE, notes TEXT, "Odd ""name" TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
      email VARCHAR(80) REFERENCES users (email), total NUMERIC(8, 2));
    """

  private static let rows = """
    INSERT INTO users VALUES
      (1, 'Ann.Lee@Example.com', '+49 (30) 123-45', 'Ann Lee', '2024-02-29', 'AB12cd', 'secret', 'x'),
      (2, 'bob@example.org', NULL, 'Łukasz Żółty', '1999-12-31', 'AB12ce', NULL, 'y'),
      (3, 'zoë@example.org', '030 999', 'Иван Петров 李小龍', '2000-01-01', 'AB12cf', 'x', 'z');
    INSERT INTO orders VALUES (10, 1, 'Ann.Lee@Example.com', 12.50), (11, 3, 'zoë@example.org', 0.99),
      (12, 3, NULL, 100.00);
    """

  private func production(_ engine: Engine) throws -> TestDatabase {
    try TestDatabase(engine, Self.script + Self.rows)
  }

  private func copy(
    _ database: TestDatabase, _ rules: String, in place: TestFolder? = nil
  ) throws -> ProductionCopy {
    let source: CopySource
    switch database.address {
    case .sqlite(let path): source = .sqlite(Path(path))
    case .postgresql(let address): source = .postgresql(address)
    }
    return try makeCopy(
      CopyPlan(
        source: source, anonymization: Anonymization(yaml: rules, name: "hide.yml")),
      onShared: place == nil, settings: place?.settings ?? surroundings)
  }

  private static let rules = """
    users.email: fake
    users:
      id: hash
      phone: fake
      name: fake
      born: fake
      code: fake
      notes: null
      "Odd \\"name": hash
    orders.total: fake
    orders.id: keep
    """

  /// A text with every letter and digit replaced by what it is.
  private func shape(_ text: String) -> String {
    String(
      text.map { letter in
        if letter.isASCII, letter.isNumber { return "9" }
        guard letter.isLetter else { return letter }
        return letter.isUppercase ? "A" : "a"
      })
  }

  @Test(arguments: Engine.allCases)
  func `values are changed alike wherever they are referred to`(_ engine: Engine) throws {
    let production = try production(engine)
    let copy = try copy(production, Self.rules)
    let users = try copy.rows(
      "SELECT id, email, phone, name, born, code, notes FROM users ORDER BY code")
    let before = try production.rows("SELECT id, email, phone, name, born, code FROM users")
    for column in 0..<6 {
      let old = Set(before.map { $0[column] }).subtracting(["NULL"])
      let new = users.map { $0[column] }
      // Of the days of a year one in 365 stays where it is, or becomes another row's.
      if column != 4 { #expect(old.isDisjoint(with: new), "column \(column): \(new)") }
      #expect(Set(new).count == 3)
      if [1, 2, 3, 5].contains(column) {
        #expect(Set(new.map(shape)) == Set(before.map { shape($0[column]) }))
      }
    }
    #expect(users.filter { $0[2] == "NULL" }.count == 1)
    #expect(users.allSatisfy { $0[6] == "NULL" })
    // Days of the same years.
    #expect(Set(users.map { $0[4].prefix(4) }) == ["2024", "1999", "2000"])
    #expect(
      try copy.rows("SELECT count(*) FROM orders o JOIN users u ON u.id = o.user_id") == [["3"]])
    #expect(
      try copy.rows(
        "SELECT count(*) FROM orders o JOIN users u ON u.id = o.user_id AND u.email = o.email")
        == [["2"]])
    #expect(try copy.rows("SELECT id FROM orders ORDER BY id") == [["10"], ["11"], ["12"]])
    #expect(
      copy.record.anonymized.sorted() == [
        "orders.email: fake", "orders.total: fake", "orders.user_id: hash",
        "users.Odd \"name: hash",
        "users.born: fake", "users.code: fake", "users.email: fake", "users.id: hash",
        "users.name: fake", "users.notes: null", "users.phone: fake",
      ])
    #expect(
      try production.rows("SELECT email FROM users WHERE id = 1") == [["Ann.Lee@Example.com"]])
  }

  @Test func `a rule holds for the tables that inherit the column, unless they have one`() throws {
    let production = try Production.database(
      """
      CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
      CREATE TABLE people (id int, secret text);
      CREATE TABLE staff (pay int) INHERITS (people);
      CREATE TABLE guests () INHERITS (people);
      CREATE TABLE speakers () INHERITS (guests);
      INSERT INTO people VALUES (1, 'hidden one');
      INSERT INTO staff VALUES (2, 'hidden two', 7);
      INSERT INTO guests VALUES (3, 'as it is');
      INSERT INTO speakers VALUES (4, 'as it is too')
      """)
    let copy = try copy(production, "people.secret: fake\nguests.secret: keep")
    let kept = try copy.rows("SELECT secret FROM people WHERE secret LIKE 'as it is%' ORDER BY 1")
    #expect(kept == [["as it is"], ["as it is too"]])
    #expect(try copy.number("SELECT count(*) FROM people WHERE secret LIKE 'hidden%'") == 0)
    #expect(try copy.number("SELECT count(*) FROM people") == 4)
    #expect(copy.record.anonymized.sorted() == ["people.secret: fake", "staff.secret: fake"])
  }

  @Test func `new values that are other rows' old ones do not stand in each other's way`() throws {
    for engine in Engine.allCases {
      let numbers =
        engine == .sqlite
        ? "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99) SELECT i FROM n"
        : "SELECT generate_series(0, 99) AS i"
      let production = try TestDatabase(
        engine,
        """
        CREATE TABLE codes (code CHAR(2) NOT NULL PRIMARY KEY, n INTEGER UNIQUE);
        INSERT INTO codes SELECT substr('0123456789', i / 10 + 1, 1) || substr('0123456789', i % 10 + 1, 1),
          i FROM (\(numbers)) t;
        CREATE TABLE uses (code CHAR(2) REFERENCES codes (code));
        INSERT INTO uses SELECT code FROM codes;
        """)
      let copy = try copy(production, "codes.code: fake\ncodes.n: fake\n")
      // Every text of two digits is there, so each must have become another one of them.
      #expect(
        try copy.rows("SELECT count(DISTINCT code), min(code), max(code) FROM codes") == [
          ["100", "00", "99"]
        ])
      #expect(
        try copy.rows("SELECT count(DISTINCT n), min(n), max(n) FROM codes") == [
          ["100", "0", "99"]
        ])
      #expect(
        try copy.rows("SELECT count(*) FROM uses JOIN codes ON codes.code = uses.code") == [["100"]]
      )
      #expect(
        try copy.number("SELECT count(*) FROM codes WHERE CAST(code AS INTEGER) = n") < 90)
    }
  }

  @Test func `types that PostgreSQL knows keep what they are`() throws {
    let production = try TestDatabase(
      .postgresql,
      """
      CREATE DOMAIN mail AS text CHECK (VALUE ~ '^[^@ ]+@[^@ ]+[.][a-z]+$');
      CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY NOT NULL, u uuid, m mail,
        at timestamptz, d date, b bytea, s smallint,
        low text GENERATED ALWAYS AS (lower(m::text)) STORED, UNIQUE (id, d))
        PARTITION BY RANGE (d);
      CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2020-06-01');
      CREATE TABLE t2 PARTITION OF t DEFAULT;
      INSERT INTO t (u, m, at, d, b, s) SELECT gen_random_uuid(), 'p' || n || '@example.com',
        '2020-03-01 12:00:00+00', date '2020-01-01' + n, 'abc', -n FROM generate_series(1, 300) n;
      """)
    let copy = try copy(
      production,
      "t:\n  id: hash\n  u: fake\n  m: fake\n  at: fake\n  d: fake\n  b: hash\n  s: fake\n")
    #expect(
      try copy.rows(
        """
        SELECT count(*), count(DISTINCT id), count(DISTINCT u), count(DISTINCT m), count(DISTINCT d),
          count(DISTINCT s), min(extract(year FROM d))::int, max(extract(year FROM d))::int, max(s) < 0,
          bool_and(low = lower(m))
        FROM t
        """) == [["300", "300", "300", "300", "300", "300", "2020", "2020", "t", "t"]])
    #expect(
      try copy.rows(
        "SELECT attidentity FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'id'")
        == [["a"]])
    #expect(try copy.number("SELECT count(*) FROM t1") > 0)
    #expect(try copy.number("SELECT count(*) FROM t WHERE at = '2020-03-01 12:00:00+00'") == 0)
  }

  /// A file of rules, and what is said of it.
  struct Wrong: Sendable, CustomTestStringConvertible {
    let rules: String
    let words: String
    var testDescription: String { words }

    static let all = [
      Wrong(
        rules: "user.email: fake", words: "hide.yml:1: unknown table 'user'; did you mean 'users'?"),
      Wrong(
        rules: "users.name: keep\nusers:\n  emial: fake",
        words: "hide.yml:3: unknown column 'emial' of users; did you mean 'email'?"),
      Wrong(
        rules: "users.email: fak",
        words: "hide.yml:1: unknown rule 'fak' for users.email; did you mean 'fake'?"),
      Wrong(rules: "users.email:", words: "hide.yml:1: users.email has no rule"),
      Wrong(rules: "users: fake", words: "hide.yml:1: 'users' names no column; write users.COLUMN"),
      Wrong(
        rules: "- users.email",
        words: "hide.yml:1: columns and their rules are expected, not a list"),
      Wrong(rules: "a: {b: [", words: "hide.yml:"),
      Wrong(rules: "users.email: null", words: "users.email is NOT NULL"),
      Wrong(rules: "users.id: null", words: "users.id is NOT NULL"),
      Wrong(
        rules: "users.email: fake\norders.email: hash",
        words:
          "hide.yml:2: orders.email holds the values of users.email, which has the rule fake in line 1"
      ),
      Wrong(
        rules: "users.code: hash", words: "users.code is unique and takes 6 characters, too few"),
    ]
  }

  @Test(arguments: Wrong.all, Engine.allCases)
  func `a rule that cannot be followed is told with its line`(_ wrong: Wrong, _ engine: Engine)
    throws
  {
    // SQLite keeps no length, so that hashes always differ there; and takes NULL as a rowid's absence.
    let database = try production(engine)
    let place = try TestFolder()
    if engine == .sqlite, wrong.rules == "users.code: hash" { return }
    let error = #expect(throws: CopyError.self) {
      _ = try copy(database, wrong.rules, in: place)
    }
    #expect(error?.code == .badAnonymization)
    #expect(error?.isUsage == true)
    #expect(error?.message.contains(wrong.words) == true, "\(error?.message ?? "")")
    #expect(place.names == [])
  }

  @Test func `values that a check refuses are told with the check`() throws {
    let production = try TestDatabase(
      .postgresql,
      "CREATE TABLE t (age int CONSTRAINT adult CHECK (age = 42)); INSERT INTO t VALUES (42)")
    let error = #expect(throws: CopyError.self) { _ = try copy(production, "t.age: hash") }
    #expect(error?.code == .anonymizationFailed)
    #expect(error?.isUsage == false)
    #expect(error?.message.contains("cannot anonymize t.age") == true)
    #expect(error?.message.contains("adult") == true)
    #expect(error?.message.contains("42") == false)
  }
}

struct DisguiseTests {
  private let disguise = Disguise(secret: "0123456789abcdef0123456789abcdef")

  @Test func `different texts of one shape become different texts of that shape`() {
    var seen: Set<String> = []
    for first in "abcdefghijklmnopqrstuvwxyz" {
      for second in "abcdefghijklmnopqrstuvwxyz" {
        let fake = disguise.fake("\(first)\(second)")
        #expect(fake.count == 2 && fake.allSatisfy { ("a"..."z").contains($0) })
        seen.insert(fake)
      }
    }
    #expect(seen.count == 26 * 26)
  }

  @Test func `what is equal but for its case stays so`() {
    #expect(disguise.fake("Ann@Example.COM").lowercased() == disguise.fake("ann@example.com"))
  }

  @Test func `dates and UUIDs in texts stay what they are`() {
    let date = disguise.fake("2024-02-29 13:05:59.25+00:00")
    #expect(TextMoment(date) != nil)
    #expect(date.hasPrefix("2024-") && date.hasSuffix(".25+00:00") && date.count == 28)
    let uuid = disguise.fake("0b9d5f0e-6d4f-4c0e-9f62-8f8d9c1f2a3b")
    #expect(uuid.allSatisfy { $0 == "-" || $0.isHexDigit } && uuid.count == 36)
    #expect(TextMoment("2024-02-30") == nil)
    #expect(TextMoment("2024-13-01") == nil)
    #expect(TextMoment("2024-12-31")?.text == "2024-12-31")
  }

  @Test func `days of a year change places`() {
    let days = (1...31).map { disguise.fake("2023-01-\($0 < 10 ? "0" : "")\($0)") }
    #expect(Set(days).count == 31)
    #expect(days.allSatisfy { TextMoment($0) != nil && $0.hasPrefix("2023-") })
    // Each goes its own way: days that followed on each other tell nothing of one another.
    let places = days.map { day in
      (Int(day.dropFirst(5).prefix(2)) ?? 0) * 31 + (Int(day.suffix(2)) ?? 0)
    }
    #expect(Set(zip(places, places.dropFirst()).map { $1 - $0 }).count > 10)
    let all = (0..<3_000).map { second in
      let parts = [second / 3_600, second / 60 % 60, second % 60].map {
        $0 < 10 ? "0\($0)" : "\($0)"
      }
      return disguise.fake("2023-01-01 \(parts.joined(separator: ":"))")
    }
    #expect(Set(all).count == 3_000)
  }

  @Test func `numbers keep their length and sign, and stay different`() {
    let numbers = (10...99).map { disguise.fake(.integer($0)) }
    #expect(Set(numbers).count == 90)
    #expect(numbers.allSatisfy { (10...99).contains($0.integer ?? 0) })
    #expect((-9 ... -1).allSatisfy { (disguise.fake(.integer($0)).integer ?? 0) < 0 })
    #expect(disguise.fake(.integer(.max)).integer.map { $0 > 999_999_999_999_999_999 } == true)
    #expect(disguise.hash(.integer(-7)).integer.map { $0 < 0 } == true)
    #expect(disguise.fake(.null) == .null && disguise.hash(.null) == .null)
  }

  @Test func `the hash is SipHash-2-4`() {
    // The reference implementation's vectors, with the key 00 01 … 0f.
    let hash = KeyedHash(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
    #expect(hash([]) == 0x726f_db47_dd0e_0e31)
    #expect(hash((0..<15).map { UInt8($0) }) == 0xa129_ca61_49be_45e5)
  }
}
