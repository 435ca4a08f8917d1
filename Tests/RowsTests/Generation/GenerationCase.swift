import Databases
import Testing

/// Tables that can be filled.
struct GenerationCase: Sendable, CustomTestStringConvertible {
  let title: String
  let engines: [Engine]
  let script: String

  var testDescription: String { title }

  private static func both(_ title: String, _ script: String) -> GenerationCase {
    GenerationCase(title: title, engines: Engine.allCases, script: script)
  }

  private static func sqlite(_ title: String, _ script: String) -> GenerationCase {
    GenerationCase(title: title, engines: [.sqlite], script: script)
  }

  private static func postgres(_ title: String, _ script: String) -> GenerationCase {
    GenerationCase(title: title, engines: [.postgresql], script: script)
  }

  /// One column with a check, in both engines' spelling.
  private static func check(_ column: String, _ condition: String) -> GenerationCase {
    both("CHECK (\(condition))", "CREATE TABLE t (\(column), CHECK (\(condition)))")
  }

  static let extensions = "CREATE EXTENSION hstore; CREATE EXTENSION citext;"

  static let all: [GenerationCase] = keys + checks + readings + containers + types + partitions

  private static let keys: [GenerationCase] = [
    both(
      "primary key of two columns", "CREATE TABLE t (a INTEGER, b VARCHAR(1), PRIMARY KEY (a, b))"),
    both("a boolean key", "CREATE TABLE t (a BOOLEAN PRIMARY KEY)"),
    both("a key that is text", "CREATE TABLE t (a VARCHAR(2) PRIMARY KEY)"),
    both(
      "unique columns", "CREATE TABLE t (a INTEGER, b BOOLEAN, c VARCHAR(1) UNIQUE, UNIQUE (a, b))"),
    both(
      "unique expression and partial index",
      """
      CREATE TABLE t (a VARCHAR(5) NOT NULL, b BOOLEAN NOT NULL, n INTEGER NOT NULL);
      CREATE UNIQUE INDEX u1 ON t (lower(a)); CREATE UNIQUE INDEX u2 ON t (b) WHERE n > 10;
      """),
    both(
      "reference to itself",
      "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER NOT NULL REFERENCES t (id))"),
    both(
      "composite reference to itself",
      """
      CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER, PRIMARY KEY (a, b),
        FOREIGN KEY (a, c) REFERENCES t (a, b))
      """),
    both(
      "one to one",
      """
      CREATE TABLE a (id INTEGER PRIMARY KEY);
      CREATE TABLE b (id INTEGER PRIMARY KEY REFERENCES a (id), c INTEGER UNIQUE REFERENCES a (id));
      """),
    both(
      "tenants: two references that share a column",
      """
      CREATE TABLE tenant (id INTEGER PRIMARY KEY);
      CREATE TABLE u (t INTEGER NOT NULL REFERENCES tenant (id), id INTEGER, PRIMARY KEY (t, id));
      CREATE TABLE p (t INTEGER NOT NULL REFERENCES tenant (id), id INTEGER, PRIMARY KEY (t, id));
      CREATE TABLE m (t INTEGER NOT NULL, u INTEGER NOT NULL, p INTEGER NOT NULL,
        PRIMARY KEY (t, u, p), FOREIGN KEY (t, u) REFERENCES u (t, id),
        FOREIGN KEY (t, p) REFERENCES p (t, id));
      """),
    both(
      "many to many",
      """
      CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id VARCHAR(8) PRIMARY KEY);
      CREATE TABLE ab (a INTEGER REFERENCES a (id), b VARCHAR(8) REFERENCES b (id), PRIMARY KEY (a, b));
      """),
    sqlite(
      "a ring that must be closed",
      """
      CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER NOT NULL REFERENCES b (id));
      CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a (id));
      """),
    postgres(
      "a ring that must be closed, not deferrable",
      """
      CREATE TABLE a (id serial PRIMARY KEY, b uuid NOT NULL);
      CREATE TABLE b (id uuid PRIMARY KEY, a integer NOT NULL REFERENCES a (id));
      ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id);
      """),
    postgres(
      "a ring that may stay open",
      """
      CREATE TABLE a (id serial PRIMARY KEY, b integer);
      CREATE TABLE b (id serial PRIMARY KEY, a integer NOT NULL REFERENCES a (id));
      ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (id);
      """),
    postgres(
      "MATCH FULL",
      """
      CREATE TABLE a (x integer, y integer, PRIMARY KEY (x, y));
      CREATE TABLE b (x integer, y integer, FOREIGN KEY (x, y) REFERENCES a MATCH FULL);
      """),
    postgres(
      "NULLS NOT DISTINCT", "CREATE TABLE t (a integer, b text, UNIQUE NULLS NOT DISTINCT (a, b))"),
    postgres(
      "exclusion", "CREATE TABLE t (d tstzrange NOT NULL, EXCLUDE USING gist (d WITH &&))"),
    postgres(
      "reference to a computed column",
      """
      CREATE TABLE a (n integer NOT NULL, g integer GENERATED ALWAYS AS (n * 2 + 1) STORED UNIQUE);
      CREATE TABLE b (g integer NOT NULL REFERENCES a (g));
      """),
    sqlite(
      "no case in the key", "CREATE TABLE t (a VARCHAR(1) COLLATE NOCASE PRIMARY KEY) WITHOUT ROWID"
    ),
    sqlite(
      "names in any case",
      """
      CREATE TABLE Users (Id INTEGER PRIMARY KEY AUTOINCREMENT, "Na me" TEXT CHECK (LENGTH("na ME") = 5));
      CREATE TABLE posts (u REFERENCES USERS(ID) NOT NULL, CHECK (U > 0));
      """),
  ]

  private static let checks: [GenerationCase] = [
    check("a VARCHAR(10) NOT NULL", "a IN ('x', 'it''s', 'z')"),
    check("a VARCHAR(10) NOT NULL", "a NOT IN ('alpha 0', 'Bravo 1')"),
    check("a INTEGER NOT NULL", "a BETWEEN 3 AND 4"),
    check("a INTEGER NOT NULL", "a NOT BETWEEN 0 AND 100000"),
    check("a INTEGER NOT NULL", "a > 7 AND a <= 8"),
    check("a INTEGER NOT NULL", "a < -5 OR a = 1000000"),
    check("a INTEGER NOT NULL, b INTEGER NOT NULL", "a < b AND b - a < 3"),
    check(
      "a INTEGER NOT NULL, b INTEGER NOT NULL, c INTEGER NOT NULL", "a < b AND b < c AND c < 10"),
    check("a INTEGER NOT NULL, b INTEGER NOT NULL", "a + b = 100"),
    check("a INTEGER NOT NULL", "a % 7 = 3"),
    check("a INTEGER NOT NULL", "abs(a) > 200000"),
    check("a NUMERIC(5, 2) NOT NULL", "a > 0 AND a < 1"),
    check("a NUMERIC(5, 2) NOT NULL", "a >= 99.5 AND a <= 100"),
    check("a VARCHAR(30) NOT NULL", "length(a) = 17"),
    check("a VARCHAR(30) NOT NULL", "length(a) > 2 AND length(a) < 5"),
    check("a VARCHAR(30) NOT NULL", "length(trim(a)) > 0"),
    check("a VARCHAR(30) NOT NULL", "a LIKE 'x_z%' AND a NOT LIKE '%b'"),
    check("a VARCHAR(30) NOT NULL", "a LIKE '%@%.%'"),
    check("a VARCHAR(30) NOT NULL", "a <> '' AND a = lower(a)"),
    check("a VARCHAR(30) NOT NULL", "a = upper(a) AND length(a) = 2"),
    check("a VARCHAR(30) NOT NULL", "replace(a, ' ', '') = a"),
    check("a VARCHAR(30) NOT NULL", "substr(a, 1, 2) = 'AB'"),
    check("a INTEGER, b INTEGER", "a IS NOT NULL OR b IS NOT NULL"),
    check("a INTEGER, b INTEGER", "(a IS NULL) <> (b IS NULL)"),
    check("a INTEGER, b INTEGER", "(a IS NULL AND b IS NOT NULL) OR (a IS NOT NULL AND b IS NULL)"),
    check("a INTEGER NOT NULL", "NOT (a > 10 OR a < 5)"),
    check("a INTEGER", "coalesce(a, 0) > 200000"),
    check("a INTEGER NOT NULL, b VARCHAR(9)", "CASE WHEN a > 3 THEN b IS NULL ELSE b = 'low' END"),
    check("a INTEGER NOT NULL", "a = 1"),
    check(
      "k VARCHAR(9) NOT NULL, a INTEGER, b INTEGER",
      "(k = 'one' AND a IS NOT NULL AND b IS NULL) OR (k = 'two' AND a IS NULL AND b > 70)"),
    check("a BOOLEAN NOT NULL, b BOOLEAN NOT NULL", "NOT (a AND b)"),
    both(
      "several checks at once",
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL,
        name VARCHAR(8) NOT NULL UNIQUE, kind VARCHAR(5) NOT NULL,
        CHECK (low >= 0), CHECK (high <= 12), CHECK (low < high), CHECK (kind IN ('a', 'b')),
        CHECK (name LIKE 'n%'), CHECK (length(name) <= 6), UNIQUE (low, high));
      """),
    sqlite(
      "SQLite's own words",
      """
      CREATE TABLE t (a TEXT NOT NULL CHECK (a GLOB '[A-C]?x*'), b BOOLEAN NOT NULL CHECK (b IN (0, 1)),
        c TEXT CHECK (typeof(c) = 'text' AND c == 'q'), d ANY CHECK (typeof(d) = 'integer'),
        e TEXT NOT NULL CHECK (json_valid(e)), f DATETIME NOT NULL CHECK (f > '2030-01-01'),
        g TEXT NOT NULL CHECK (instr(g, '@') > 1), h INTEGER NOT NULL CHECK (h IS NOT 5 AND h IS NOT NULL),
        i BLOB NOT NULL CHECK (length(i) = 16), j TEXT CHECK ((a IS NULL) + (j IS NULL) = 1))
      """),
    sqlite(
      "documents that may be NULL, which old SQLite calls none",
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER NOT NULL REFERENCES t (id),
        j JSON CHECK (json_valid(j)))
      """),
    postgres(
      "patterns on what is filled with blanks",
      """
      CREATE TABLE t (a char(4) NOT NULL CHECK (a LIKE '%z' AND length(a) > 1), b char(3) NOT NULL
        CHECK (b ~ '^[A-Z]+$'), c char(5) NOT NULL CHECK (c NOT LIKE '% %'), d char(6) NOT NULL
        CHECK (d::text ~ '^[0-9]{2}$'))
      """),
    postgres(
      "PostgreSQL's own words",
      """
      CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s');
      CREATE TABLE t (m mood NOT NULL CHECK (m IN ('ok', 'it''s')), v varchar(20) NOT NULL
        CHECK (v ~ '^[a-z]{2,3}(-[0-9]+)?$' AND v !~ 'z'), w text NOT NULL CHECK (w ~* '^AB+[[:digit:]]{4}$'),
        s text NOT NULL CHECK (w IS DISTINCT FROM s AND s ILIKE 'Q%' AND char_length(s) = 9),
        ts timestamptz NOT NULL CHECK (ts > '2030-01-01' AND ts < '2030-01-03'),
        p timestamptz NOT NULL CHECK (p < now()), f date NOT NULL CHECK (f > CURRENT_DATE),
        e timestamptz NOT NULL, CHECK (e > ts AND e - ts < '1 day'::interval),
        iv interval NOT NULL CHECK (iv > '10 days' AND iv <= '11 days'), a int[] NOT NULL
        CHECK (array_length(a, 1) = 2 AND a[1] > 5), j jsonb NOT NULL CHECK (jsonb_typeof(j) = 'array'),
        n int, o int, CHECK (num_nonnulls(n, o) = 1), by bytea NOT NULL CHECK (octet_length(by) = 32),
        x text NOT NULL CHECK (x = ANY (ARRAY['l', 'm'])), y double precision NOT NULL CHECK (y >= -90 AND
        y <= 90), c char(3) NOT NULL CHECK (c = upper(c)), z text CHECK (z <> ALL (ARRAY['alpha 1', 'x'])),
        d date NOT NULL CHECK (EXTRACT(month FROM d) = 2), q text NOT NULL CHECK (position('@' in q) > 1),
        st text NOT NULL CHECK (starts_with(st, 'abc')), l text NOT NULL CHECK (left(l, 1) = '#'),
        bb bit(4) NOT NULL, t time NOT NULL CHECK (t >= '08:00' AND t < '08:30'), h numeric(10,4) NOT NULL
        CHECK (round(h, 2) = h), r text NOT NULL CHECK (btrim(r) <> '' AND r = btrim(r)));
      """),
  ]

  /// Conditions of which a part was read otherwise than the engine reads it.
  private static let readings: [GenerationCase] = [
    sqlite(
      "a collation before AND",
      "CREATE TABLE t (a TEXT, n INTEGER, CHECK (a COLLATE NOCASE <> 'x' COLLATE NOCASE AND n > 5000))"
    ),
    sqlite(
      "parts of a document joined",
      "CREATE TABLE t (d JSON NOT NULL, CHECK (d ->> 'a' || '!' = 'x!' AND 'y' = d ->> 'b'))"),
    sqlite(
      "a division by what may be 0",
      "CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL CHECK (b = 0), CHECK (a / b > 3))"),
    postgres(
      "a pattern without case and its classes",
      #"CREATE TABLE t (a text NOT NULL CHECK (a ~* '^\S+@\S+[.][A-Z]{2,4}$' AND a !~ '\s'))"#),
    postgres(
      "days and a date", "CREATE TABLE t (a date NOT NULL, b date NOT NULL CHECK (b = 7 + a))"),
    postgres(
      "a time in UTC",
      "CREATE TABLE t (a timestamp NOT NULL CHECK (a > (timezone('utc', now()) + interval '1 hour')))"
    ),
    postgres(
      "a range that is empty by its ends",
      "CREATE TABLE t (a int4range NOT NULL CHECK (a = int4range(5, 5, '()')))"),
    postgres(
      "an array that holds a value",
      "CREATE TABLE t (a jsonb NOT NULL CHECK (a @> '[1, 2]' AND a @> '2'))"),
    postgres(
      "nothing, once at least", "CREATE TABLE t (a text NOT NULL CHECK (a ~ '^(x*)+$' AND a = ''))"),
  ]

  private static let containers: [GenerationCase] = [
    postgres(
      "ranges",
      """
      CREATE TABLE t (a int4range NOT NULL CHECK (upper(a) > lower(a)), b daterange NOT NULL
        CHECK (NOT isempty(b) AND upper(b) - lower(b) <= 3), c tstzrange NOT NULL
        CHECK (NOT lower_inf(c) AND upper_inf(c)), d numrange NOT NULL
        CHECK (d <@ '[0,100]'::numrange AND lower(d) >= 90), e int8range NOT NULL CHECK (e @> 1000000::bigint),
        f tsrange NOT NULL CHECK (lower_inc(f) AND NOT upper_inc(f)
          AND f && tsrange('2031-01-01', '2031-02-01')), g int4range NOT NULL
        CHECK (g <> 'empty' AND lower(g) = 7), h int NOT NULL, i int4range NOT NULL,
        k numrange NOT NULL CHECK (isempty(k)), l int4range NOT NULL CHECK (NOT l && '[0,100000)'::int4range),
        m int NOT NULL CHECK (m <@ '[-3,-1]'::int4range), n numrange NOT NULL
        CHECK (upper_inc(n) AND NOT lower_inc(n)), CHECK (i @> h AND NOT i @> 1),
        o tstzrange, CHECK (o IS NOT NULL AND upper(o) - lower(o) <= '2 hours'::interval));
      """),
    postgres(
      "days between dates",
      """
      CREATE TABLE t (a date NOT NULL, b date NOT NULL, c date NOT NULL CHECK (c > a + 7),
        CHECK (b - a BETWEEN 2 AND 4));
      """),
    postgres(
      "arrays",
      """
      CREATE TABLE t (a text[] NOT NULL CHECK (array_length(a, 1) <= 3), b int[] NOT NULL
        CHECK (cardinality(b) > 0), c text[] NOT NULL CHECK (c <@ ARRAY['x', 'y'] AND c <> '{}'),
        d text[] NOT NULL CHECK ('x' = ANY (d)), e int[] NOT NULL CHECK (0 < ALL (e) AND e[1] IS NOT NULL),
        f text[] NOT NULL CHECK (array_position(f, NULL) IS NULL AND array_ndims(f) = 1),
        g text[] NOT NULL CHECK (g @> ARRAY['l', 'm'] AND NOT g && ARRAY['n']), h int NOT NULL,
        i int[] NOT NULL CHECK (h = ANY (i)), k text[] NOT NULL CHECK (NOT 'x' = ANY (k)),
        l int[] NOT NULL CHECK (array_upper(l, 1) = 2));
      """),
    postgres(
      "documents",
      """
      CREATE TABLE t (a json NOT NULL CHECK (json_typeof(a) = 'object'), b jsonb NOT NULL CHECK (b ? 'key'),
        c jsonb NOT NULL CHECK (c ->> 'kind' IN ('p', 'q')), d jsonb NOT NULL
        CHECK ((d ->> 'n')::int > 70 AND d -> 'box' ->> 'w' = '3'), e jsonb NOT NULL
        CHECK (jsonb_typeof(e) = 'array' AND jsonb_array_length(e) BETWEEN 1 AND 2), f jsonb NOT NULL
        CHECK (f ?& ARRAY['x', 'y'] AND NOT f ? 'id'), g jsonb NOT NULL CHECK (g @> '{"v": {"w": 1}}'),
        h jsonb NOT NULL CHECK (h #>> '{a,b}' IS NOT NULL AND jsonb_typeof(h -> 'list') = 'array'),
        i json NOT NULL CHECK (json_array_length(i -> 'rows') > 0), k jsonb NOT NULL
        CHECK (k ?| ARRAY['s', 't'] AND k -> 'tags' IS NULL), l jsonb CHECK (l IS NOT NULL AND l <> '{}'));
      """),
    sqlite(
      "SQLite's documents",
      """
      CREATE TABLE t (a JSON NOT NULL CHECK (json_type(a) = 'object'), b JSON NOT NULL
        CHECK (json_extract(b, '$.kind') IN ('p', 'q') AND json_valid(b)), c TEXT NOT NULL
        CHECK (json_valid(c) AND json_array_length(c) > 1), d JSON NOT NULL
        CHECK (d ->> 'n' > 70 AND d ->> '$.box.w' = 'x'), e JSON NOT NULL
        CHECK (json_type(e, '$.list') = 'array' AND json_extract(e, '$.id') IS NULL));
      """),
  ]

  private static let types: [GenerationCase] = [
    postgres(
      "PostgreSQL's types",
      """
      CREATE TYPE mood AS ENUM ('sad', 'it''s', 'a,b'); CREATE TYPE pair AS (a int, b text, c mood[]);
      CREATE TYPE fr AS RANGE (subtype = float8);
      CREATE DOMAIN email AS varchar(40) NOT NULL CHECK (VALUE ~* '^[a-z]+@[a-z]+\\.com$')
        CHECK (length(VALUE) > 12);
      CREATE DOMAIN em2 AS email; CREATE DOMAIN cents AS int CHECK (VALUE >= 0 AND VALUE < 100);
      CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s smallserial, m mood NOT NULL,
        ma mood[] NOT NULL, e email, e2 em2, ct cents NOT NULL, n numeric(5,2) NOT NULL,
        n1 numeric(3,3) NOT NULL, n2 numeric NOT NULL, n3 numeric(2,-3) NOT NULL, n4 numeric(2,4) NOT NULL,
        v varchar(10) NOT NULL, c char(3) NOT NULL, q "char" NOT NULL, nm name NOT NULL,
        ts timestamptz(3) NOT NULL, tn timestamp NOT NULL, d date NOT NULL, t timetz NOT NULL,
        t0 time(0) NOT NULL, iv interval(2) NOT NULL, ivy interval year to month NOT NULL,
        ivd interval day to second NOT NULL, b bit(5) NOT NULL, vb bit varying(7) NOT NULL,
        tv tsvector NOT NULL, tq tsquery NOT NULL, x xml NOT NULL, mon money NOT NULL, pt point NOT NULL,
        ln line NOT NULL, ls lseg NOT NULL, bo box NOT NULL, pa path NOT NULL, po polygon NOT NULL,
        ci circle NOT NULL, h hstore NOT NULL, cit citext UNIQUE NOT NULL, arr int[][] NOT NULL,
        va varchar(3)[] NOT NULL, ba box[] NOT NULL, ta timestamptz[] NOT NULL, u uuid UNIQUE NOT NULL,
        j json NOT NULL, jb jsonb NOT NULL, ip inet UNIQUE NOT NULL, cd cidr NOT NULL, mac macaddr NOT NULL,
        mac8 macaddr8 NOT NULL, r int4range NOT NULL, nr numrange NOT NULL, dr daterange NOT NULL,
        tr tstzrange NOT NULL, mr int4multirange NOT NULL, f fr NOT NULL, fm fr_multirange[], co pair NOT NULL,
        ca pair[] NOT NULL, by bytea UNIQUE NOT NULL, ok bool NOT NULL, re real NOT NULL,
        dp double precision NOT NULL, lsn pg_lsn NOT NULL, o oid NOT NULL, g int GENERATED ALWAYS AS (s + 1)
        STORED, ea email[], i2 smallint UNIQUE NOT NULL, jp jsonpath NOT NULL);
      """),
    sqlite(
      "SQLite's declared types",
      """
      CREATE TABLE t (a INTEGER PRIMARY KEY, b VARCHAR(3) NOT NULL, c DATETIME NOT NULL, d DATE NOT NULL,
        e BOOLEAN NOT NULL, f DECIMAL(10, 2) NOT NULL, g JSON NOT NULL, h BLOB NOT NULL, i FLOAT NOT NULL,
        j NOT NULL, k CHAR(32) NOT NULL UNIQUE, l TIME NOT NULL, m BIGINT NOT NULL, n TEXT NOT NULL,
        o INT GENERATED ALWAYS AS (m + 1) VIRTUAL, p STRING NOT NULL, q NUMERIC NOT NULL)
      """),
    sqlite(
      "STRICT",
      """
      CREATE TABLE t (a INTEGER PRIMARY KEY, b INT NOT NULL, c TEXT NOT NULL, d REAL NOT NULL,
        e BLOB NOT NULL, f ANY NOT NULL, g INTEGER NOT NULL) STRICT
      """),
    both("no column of its own to fill", "CREATE TABLE t (a INTEGER DEFAULT 3)"),
  ]

  private static let partitions: [GenerationCase] = [
    postgres(
      "list partitions",
      """
      CREATE TABLE p (id int, k text, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
      CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('it''s', 'b');
      """),
    postgres(
      "range partitions of two columns",
      """
      CREATE TABLE p (id int, d date, t timestamptz NOT NULL) PARTITION BY RANGE (d, id);
      CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2030-01-01', MINVALUE) TO ('2030-01-05', 5);
      """),
    postgres(
      "partitions within partitions",
      """
      CREATE TABLE p (id bigint, k text) PARTITION BY LIST (k);
      CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('b') PARTITION BY RANGE (id);
      CREATE TABLE p2 PARTITION OF p1 FOR VALUES FROM (5000000000) TO (MAXVALUE);
      """),
    postgres(
      "hash and default partitions",
      """
      CREATE TABLE h (id int NOT NULL) PARTITION BY HASH (id);
      CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (modulus 2, remainder 0);
      CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (modulus 2, remainder 1);
      CREATE TABLE d (id int) PARTITION BY LIST (id); CREATE TABLE d0 PARTITION OF d DEFAULT;
      """),
  ]
}
