import Databases
import TestSupport
import Testing

@testable import Schemas

/// Two schemas as scripts, and what of their difference is the models' to say.
struct ModelCase: Sendable, CustomTestStringConvertible {
  let about: String
  var engines: [Engine] = [.sqlite, .postgresql]
  let migrated: String
  let models: String
  /// The difference as people read it; empty where there is none.
  var lines: [String] = []
  var leftOut: [LeftOutObject] = []
  var includesSchemas = false
  var defaultSchema: Identifier?

  var testDescription: String { about }

  static let same = [
    ModelCase(
      about: "views, triggers and functions of the migrations", engines: [.postgresql],
      migrated: """
        CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS
        SELECT id FROM t; CREATE INDEX ON m (id); CREATE SEQUENCE s; CREATE TYPE mood AS ENUM ('a');
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE STATISTICS st ON id, (id + 1) FROM t; ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON t USING (true); GRANT SELECT ON t TO PUBLIC;
        ALTER TABLE t SET (fillfactor = 70); ALTER TABLE t ALTER id SET STATISTICS 7
        """, models: "CREATE TABLE t (id int)"),
    ModelCase(
      about: "views and triggers", engines: [.sqlite],
      migrated: """
        CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t;
        CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END
        """, models: "CREATE TABLE t (id int)"),
    ModelCase(
      about: "a table for full text search and what it keeps", engines: [.sqlite],
      migrated: "CREATE TABLE t (id int); CREATE VIRTUAL TABLE notes USING fts5(body)",
      models: "CREATE TABLE t (id int)"),
    ModelCase(
      about: "partitions", engines: [.postgresql],
      migrated: """
        CREATE TABLE t (id int, d date) PARTITION BY RANGE (d); CREATE INDEX ix ON t (d);
        CREATE TABLE t_2024 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
        """, models: "CREATE TABLE t (id int, d date); CREATE INDEX ix ON t (d)"),
    ModelCase(
      about: "a constraint's name that nobody chose", engines: [.postgresql],
      migrated: """
        CREATE TABLE p (id int, CONSTRAINT pk_p PRIMARY KEY (id));
        CREATE TABLE t (a int CONSTRAINT uq_a UNIQUE, b int, CONSTRAINT fk_b FOREIGN KEY (b)
          REFERENCES p, CONSTRAINT positive CHECK (a > 0))
        """,
      models: """
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE t (a int UNIQUE CHECK (a > 0), b int REFERENCES p)
        """),
    ModelCase(
      about: "checks that nobody named, in another order",
      migrated: "CREATE TABLE t (a int CHECK (a < 200) CHECK (a > 0), b int)",
      models: "CREATE TABLE t (a int CHECK (a > 0) CHECK (a < 200), b int)"),
    ModelCase(
      about: "a constraint that has no name", engines: [.sqlite],
      migrated: """
        CREATE TABLE t (a int CONSTRAINT uq_a UNIQUE, b int, CONSTRAINT fk_b FOREIGN KEY (b)
          REFERENCES t (a), CONSTRAINT positive CHECK (a > 0))
        """, models: "CREATE TABLE t (a int UNIQUE CHECK (a > 0), b int REFERENCES t (a))"),
    ModelCase(
      about: "a key that is said twice",
      migrated: "CREATE TABLE t (a int UNIQUE, CONSTRAINT fk FOREIGN KEY (a) REFERENCES t (a))",
      models: """
        CREATE TABLE t (a int UNIQUE REFERENCES t (a), CONSTRAINT fk FOREIGN KEY (a)
          REFERENCES t (a))
        """),
    ModelCase(
      about: "the order of columns", migrated: "CREATE TABLE t (a int, b int)",
      models: "CREATE TABLE t (b int, a int)"),
    ModelCase(
      about: "a sequence of another type and name", engines: [.postgresql],
      migrated: """
        CREATE TABLE old (id serial PRIMARY KEY); ALTER TABLE old RENAME TO t;
        ALTER TABLE t ALTER id TYPE bigint
        """, models: "CREATE TABLE t (id bigserial PRIMARY KEY)"),
    ModelCase(
      about: "an identity's sequence of another name", engines: [.postgresql],
      migrated: """
        CREATE TABLE old (id int GENERATED ALWAYS AS IDENTITY); ALTER TABLE old RENAME TO t
        """, models: "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)"),
    ModelCase(
      about: "casts that follow a column's old type", engines: [.postgresql],
      migrated: """
        CREATE TABLE t (a varchar(5) DEFAULT 'x' CHECK (a <> 'y' AND a IN ('x', 'z')));
        CREATE INDEX ix ON t (lower(a)) WHERE a = 'x'; ALTER TABLE t ALTER a TYPE text
        """,
      models: """
        CREATE TABLE t (a text DEFAULT 'x' CHECK (a <> 'y' AND a IN ('x', 'z')));
        CREATE INDEX ix ON t (lower(a)) WHERE a = 'x'
        """),
    ModelCase(
      about: "two spellings of a default", engines: [.postgresql],
      migrated: """
        CREATE TABLE t (a timestamp DEFAULT now(), b int DEFAULT '0', c numeric DEFAULT '1.50',
          d bool DEFAULT 'f')
        """,
      models: """
        CREATE TABLE t (a timestamp DEFAULT CURRENT_TIMESTAMP, b int DEFAULT 0,
          c numeric DEFAULT 1.5, d bool DEFAULT false)
        """),
    ModelCase(
      about: "two spellings of a type and a default", engines: [.sqlite],
      migrated: """
        CREATE TABLE t (a DECIMAL(10, 2) DEFAULT '0', b BOOL DEFAULT 0, c TIMESTAMP DEFAULT
          (CURRENT_TIMESTAMP), d INT, e CHARACTER VARYING(9), f DECIMAL(10, 0))
        """,
      models: """
        CREATE TABLE t (a NUMERIC(10,2) DEFAULT 0, b BOOLEAN DEFAULT false, c DATETIME DEFAULT
          CURRENT_TIMESTAMP, d INTEGER, e VARCHAR(9), f NUMERIC(10))
        """),
    ModelCase(
      about: "no default and NULL",
      migrated: "CREATE TABLE t (a varchar(9) DEFAULT NULL, b int, c int DEFAULT (NULL))",
      models: "CREATE TABLE t (a varchar(9), b int DEFAULT NULL, c int)"),
    ModelCase(
      about: "conditions in other words", engines: [.sqlite],
      migrated: """
        CREATE TABLE t (a int, b TEXT, c int, CONSTRAINT k1 CHECK (a != 0), CONSTRAINT k2 CHECK ((b) IN
          ('x', 'y')), CONSTRAINT k3 CHECK (c BETWEEN 0 AND 150), CONSTRAINT k4 CHECK ((a > 0) AND (c > 0)),
          CONSTRAINT k5 CHECK (b IS NOT NULL)); CREATE INDEX ix ON t (a) WHERE (b != '')
        """,
      models: """
        CREATE TABLE t (a int, b TEXT, c int, CONSTRAINT k1 CHECK (a <> 0), CONSTRAINT k2 CHECK (b IN
          ('y', 'x')), CONSTRAINT k3 CHECK (c >= 0 AND c <= 150), CONSTRAINT k4 CHECK (a > 0 AND c > 0),
          CONSTRAINT k5 CHECK (b NOT NULL)); CREATE INDEX ix ON t (a) WHERE b <> ''
        """),
    ModelCase(
      about: "truth values in other words",
      migrated: """
        CREATE TABLE t (f boolean, n int, CONSTRAINT k1 CHECK (f = true OR n > 1),
          CONSTRAINT k2 CHECK (NOT f OR n > 2)); CREATE INDEX i1 ON t (n) WHERE f = false;
        CREATE INDEX i2 ON t (n) WHERE f IS TRUE AND n > 3; CREATE INDEX i3 ON t (n) WHERE f IS FALSE
        """,
      models: """
        CREATE TABLE t (f boolean, n int, CONSTRAINT k1 CHECK (f OR n > 1),
          CONSTRAINT k2 CHECK (f = false OR n > 2)); CREATE INDEX i1 ON t (n) WHERE NOT f;
        CREATE INDEX i2 ON t (n) WHERE n > 3 AND f = true; CREATE INDEX i3 ON t (n) WHERE NOT f
        """),
    ModelCase(
      about: "truth values as numbers", engines: [.sqlite],
      migrated: """
        CREATE TABLE t (F BOOLEAN, n int, CONSTRAINT k1 CHECK (f = 1 OR n > 1));
        CREATE INDEX i1 ON t (n) WHERE f = 0; CREATE INDEX i2 ON t (n) WHERE f IS 1
        """,
      models: """
        CREATE TABLE t (F BOOLEAN, n int, CONSTRAINT k1 CHECK (F OR n > 1));
        CREATE INDEX i1 ON t (n) WHERE NOT f; CREATE INDEX i2 ON t (n) WHERE f
        """),
    ModelCase(
      about: "moments and empty values in other words", engines: [.postgresql],
      migrated: """
        CREATE TABLE t (a timestamp DEFAULT timezone('utc', now()), b text[] DEFAULT '{}',
          c int[] DEFAULT '{1,2}', d timestamp DEFAULT (now() AT TIME ZONE 'UTC'))
        """,
      models: """
        CREATE TABLE t (a timestamp DEFAULT (CURRENT_TIMESTAMP AT TIME ZONE 'utc'),
          b text[] DEFAULT ARRAY[]::text[], c int[] DEFAULT ARRAY[1, 2],
          d timestamp DEFAULT timezone('utc', now()))
        """),
    ModelCase(
      about: "the present moment by its function", engines: [.sqlite],
      migrated: "CREATE TABLE t (a DATETIME DEFAULT (datetime('now')))",
      models: "CREATE TABLE t (a DATETIME DEFAULT CURRENT_TIMESTAMP)"),
    ModelCase(
      about: "casts in what has no grammar", engines: [.postgresql],
      migrated: """
        CREATE TABLE t (a varchar(5), b int4range, CONSTRAINT k EXCLUDE USING gist (b WITH &&)
          WHERE (a = 'x')); ALTER TABLE t ALTER a TYPE text
        """,
      models: """
        CREATE TABLE t (a text, b int4range, CONSTRAINT k EXCLUDE USING gist (b WITH &&)
          WHERE (a = 'x'))
        """),
    ModelCase(
      about: "a part of what the project leaves out of its own schema", engines: [.postgresql],
      migrated: "CREATE SCHEMA tenant; CREATE TABLE tenant.t (a int, b int)",
      models: "CREATE SCHEMA tenant; CREATE TABLE tenant.t (a int); CREATE TABLE tenant.u (a int)",
      leftOut: [
        LeftOutObject(type: "column", name: "b", table: "t"),
        LeftOutObject(type: "table", name: "u"),
      ], defaultSchema: "tenant"),
    ModelCase(
      about: "a table of public where another schema is the connection's own",
      engines: [.postgresql],
      migrated: "CREATE SCHEMA tenant; CREATE TABLE public.t (a int)",
      models: "CREATE SCHEMA tenant", defaultSchema: "tenant"),
    ModelCase(
      about: "a key that spells out NOT NULL", engines: [.sqlite],
      migrated: "CREATE TABLE t (a TEXT PRIMARY KEY)",
      models: "CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY)"),
    ModelCase(
      about: "a schema that nobody looks at", engines: [.postgresql],
      migrated: "CREATE SCHEMA log; CREATE TABLE log.t (id int)", models: "CREATE SCHEMA log"),
    ModelCase(
      about: "what the project leaves out",
      migrated: "CREATE TABLE t (a int, b int, c int UNIQUE); CREATE INDEX ix ON t (a)",
      models: "CREATE TABLE t (a int, c int); CREATE TABLE u (a int)",
      leftOut: [
        LeftOutObject(type: "table", name: "u"),
        LeftOutObject(type: "column", name: "b", table: "t"),
        LeftOutObject(type: "index", name: "ix", table: "t"),
        LeftOutObject(type: "unique_constraint", name: "", table: "t", columns: ["c"]),
        LeftOutObject(type: "unique_constraint", name: "t_c_key", table: "t", columns: ["c"]),
      ]),
    ModelCase(
      about: "a constraint that is not valid yet", engines: [.postgresql],
      migrated: "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID",
      models: "CREATE TABLE t (a int, CONSTRAINT k CHECK (a > 0))"),
  ]

  static let different = [
    ModelCase(
      about: "a table, with its type", engines: [.postgresql], migrated: "",
      models: "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (a mood)",
      lines: ["+ type mood", "+ table t (a public.mood)"]),
    ModelCase(
      about: "a table that no model has", migrated: "CREATE TABLE t (a int)", models: "",
      lines: ["- table t (a "]),
    ModelCase(
      about: "one of several checks that nobody named", engines: [.postgresql],
      migrated: "CREATE TABLE t (a int CHECK (a < 200) CHECK (a > 0) CHECK (a <> 7))",
      models: "CREATE TABLE t (a int CHECK (a > 0) CHECK (a < 200) CHECK (a <> 8))",
      lines: ["~ constraint t.t_a_check2: expression"]),
    ModelCase(
      about: "an unnamed key's action", migrated: "CREATE TABLE t (a int UNIQUE REFERENCES t (a))",
      models: """
        CREATE TABLE t (a int UNIQUE, CONSTRAINT fk FOREIGN KEY (a) REFERENCES t (a) ON DELETE CASCADE)
        """, lines: ["~ constraint t.fk: on delete none → CASCADE"]),
    ModelCase(
      about: "a check's expression", migrated: "CREATE TABLE t (a int, CONSTRAINT k CHECK (a > 0))",
      models: "CREATE TABLE t (a int, CONSTRAINT k CHECK (a > 1))",
      lines: ["~ constraint t.k: expression"]),
    ModelCase(
      about: "a name that two people chose",
      migrated: "CREATE TABLE t (a int); CREATE INDEX ix_one ON t (a)",
      models: "CREATE TABLE t (a int); CREATE INDEX ix_two ON t (a)",
      lines: ["~ index ix_two on t: name ix_one → ix_two"]),
    ModelCase(
      about: "labels", engines: [.postgresql],
      migrated: "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (a mood)",
      models: "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (a mood)",
      lines: ["~ type mood: labels (a) → (a, b)"]),
    ModelCase(
      about: "a table that no model has, in the connection's own schema", engines: [.postgresql],
      migrated: "CREATE SCHEMA tenant; CREATE TABLE tenant.t (a int)",
      models: "CREATE SCHEMA tenant", lines: ["- table tenant.t (a integer)"],
      defaultSchema: "tenant"),
    ModelCase(
      about: "conditions of which one says more", engines: [.postgresql],
      migrated: """
        CREATE TABLE t (a bool, b text, "B" text, CONSTRAINT k1 CHECK (a), CONSTRAINT k2 CHECK (b LIKE 'x'),
          CONSTRAINT k3 CHECK (b <> ''), CONSTRAINT k4 CHECK (b COLLATE "C" < 'x'),
          CONSTRAINT k5 CHECK (extract(year FROM '2020-01-01'::date) > length(b)))
        """,
      models: """
        CREATE TABLE t (a bool, b text, "B" text, CONSTRAINT k1 CHECK (a IS TRUE), CONSTRAINT k2 CHECK (b ILIKE
          'x'), CONSTRAINT k3 CHECK ("B" <> ''), CONSTRAINT k4 CHECK (b < 'x'),
          CONSTRAINT k5 CHECK (extract(month FROM '2020-01-01'::date) > length(b)))
        """,
      lines: (1...5).map {
        "~ constraint t.k\($0): \($0 == 3 ? "columns (b) → (B), " : "")expression"
      }),
    ModelCase(
      about: "a truth value that NULL is or is not",
      migrated: """
        CREATE TABLE t (f boolean, n int, CONSTRAINT k CHECK (f = true));
        CREATE INDEX i1 ON t (n) WHERE f; CREATE INDEX i2 ON t (n) WHERE NOT f;
        CREATE INDEX i3 ON t (n) WHERE n = 0
        """,
      models: """
        CREATE TABLE t (f boolean, n int, CONSTRAINT k CHECK (f IS TRUE));
        CREATE INDEX i1 ON t (n) WHERE f IS NOT FALSE; CREATE INDEX i2 ON t (n) WHERE f IS NOT TRUE;
        CREATE INDEX i3 ON t (n) WHERE n = 1
        """,
      lines: [
        "~ index i1 on t: predicate", "~ index i2 on t: predicate", "~ index i3 on t: predicate",
        "~ constraint t.k: expression",
      ]),
    ModelCase(
      about: "how an index sorts", engines: [.postgresql],
      migrated:
        "CREATE TABLE t (a text); CREATE INDEX i1 ON t (a); CREATE INDEX i2 ON t (lower(a))",
      models: """
        CREATE TABLE t (a text); CREATE INDEX i1 ON t (a DESC NULLS LAST);
        CREATE INDEX i2 ON t (lower(a) text_pattern_ops)
        """, lines: ["~ index i1 on t: columns", "~ index i2 on t: columns"]),
    ModelCase(
      about: "a default that is another text", engines: [.sqlite],
      migrated: "CREATE TABLE t (a TEXT DEFAULT '0')", models: "CREATE TABLE t (a TEXT DEFAULT 0)",
      lines: ["~ column t.a: default '0' → 0"]),
    ModelCase(
      about: "a function that SQLite does not have", engines: [.sqlite],
      migrated: "CREATE TABLE t (a DATETIME DEFAULT (now()))",
      models: "CREATE TABLE t (a DATETIME DEFAULT CURRENT_TIMESTAMP)",
      lines: ["~ column t.a: default now() → CURRENT_TIMESTAMP"]),
    ModelCase(
      about: "an expression whose parentheses matter", engines: [.postgresql],
      migrated: "CREATE TABLE t (a int, b int, CONSTRAINT k CHECK (a > 0 OR (b > 0 AND a < 9)))",
      models: "CREATE TABLE t (a int, b int, CONSTRAINT k CHECK ((a > 0 OR b > 0) AND a < 9))",
      lines: ["~ constraint t.k: expression"]),
    ModelCase(
      about: "storage options that the models ask for", engines: [.postgresql],
      migrated: "CREATE TABLE t (a int); CREATE INDEX ix ON t (a)",
      models: "CREATE TABLE t (a int); CREATE INDEX ix ON t (a) WITH (fillfactor = 50)",
      lines: ["~ index ix on t: options none → (fillfactor=50)"]),
    ModelCase(
      about: "a schema of the models", engines: [.postgresql],
      migrated: "CREATE SCHEMA log; CREATE TABLE log.t (id int)",
      models: "CREATE SCHEMA log; CREATE TABLE log.u (id int)",
      lines: ["- table log.t (id integer)", "+ table log.u (id integer)"]),
    ModelCase(
      about: "a schema where all are looked at", engines: [.postgresql],
      migrated: "CREATE SCHEMA log; CREATE TABLE log.t (id int)", models: "CREATE SCHEMA log",
      lines: ["- table log.t (id integer)"], includesSchemas: true),
    ModelCase(
      about: "a trigger that the models make", engines: [.sqlite],
      migrated: "CREATE TABLE t (a int)",
      models: "CREATE TABLE t (a int); CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
      lines: ["+ trigger g on t"]),
  ]

  func lines(on engine: Engine) throws -> [String] {
    let comparison = ModelComparison(
      migrated: try TestDatabase(engine, migrated).snapshot(),
      models: try TestDatabase(engine, models).snapshot(),
      scope: ModelScope(
        leftOut: leftOut, includesSchemas: includesSchemas,
        defaultSchema: DefaultSchema(defaultSchema, on: engine)))
    return comparison.units.flatMap(\.difference.lines)
  }
}

@Suite struct ModelComparisonTests {
  @Test(arguments: ModelCase.same)
  func `what models cannot say, or say in other words, is no difference`(_ one: ModelCase) throws {
    for engine in one.engines { #expect(try one.lines(on: engine) == [], "\(engine)") }
  }

  @Test(arguments: ModelCase.different)
  func `what models say otherwise is told`(_ one: ModelCase) throws {
    for engine in one.engines {
      let lines = try one.lines(on: engine)
      #expect(lines.count == one.lines.count, "\(engine): \(lines)")
      for (line, expected) in zip(lines, one.lines) {
        #expect(line.hasPrefix(expected), "\(engine)")
      }
    }
  }

  @Test func `how a new column is fed is told with its table`() throws {
    let migrated = try TestDatabase(
      .postgresql, "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE v (id int PRIMARY KEY)")
    let models = try TestDatabase(
      .postgresql,
      """
      CREATE SEQUENCE s; CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT nextval('s'));
      CREATE TABLE u (id bigserial PRIMARY KEY); CREATE TABLE v (id serial PRIMARY KEY);
      CREATE TABLE w (id int GENERATED ALWAYS AS IDENTITY (START 100))
      """)
    let units = ModelComparison(
      migrated: try migrated.snapshot(), models: try models.snapshot()
    ).units
    #expect(units.map(\.id.description) == ["table t", "table u", "table v", "table w"])
    func object(_ kind: ObjectKind, _ unit: Int) -> SchemaObject? {
      units[unit].difference.changes.first { $0.id.kind == kind }?.after
    }
    #expect(object(.sequence, 0)?.id.name == "s")
    #expect(object(.column, 0)?[.defaultValue] == .text("nextval('public.s'::regclass)"))
    #expect(object(.column, 1)?[.autoincrement] == .flag(true))
    #expect(object(.column, 1)?[.defaultValue] == nil && object(.sequence, 1) == nil)
    #expect(object(.sequence, 2)?["owned-by"] == .text("v.id"))
    #expect(object(.sequence, 3)?["start"] == .number(100))
    #expect(units[3].difference.principalChanges.map(\.id.description) == ["table w"])
  }

  @Test func `a type is told with the table that uses it`() throws {
    let migrated = try TestDatabase(
      .postgresql, "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (a mood)")
    let models = try TestDatabase(
      .postgresql, "CREATE TYPE mood AS ENUM ('b'); CREATE TABLE t (a mood)")
    let units = ModelComparison(
      migrated: try migrated.snapshot(), models: try models.snapshot()
    ).units
    #expect(units.map(\.id.description) == ["type mood"])
    #expect(units.map(\.table?.description) == ["table t"])
  }
}
