import Databases

extension RowChangeCase {
  static let postgres: [Self] = [
    Self(
      "types whose values say the same", .postgresql,
      """
      CREATE TABLE t (id int PRIMARY KEY, span interval, mac macaddr, price money, raw bytea);
      INSERT INTO t VALUES (1, '1 year 2 days 03:04:05.6', '08:00:2b:01:02:03', 1234.50, 'abc'),
        (2, '-1 day', NULL, -1, 'Zoë');
      """,
      [
        """
        ALTER TABLE t ALTER span TYPE text, ALTER mac TYPE macaddr8, ALTER price TYPE numeric(10,2),
          ALTER raw TYPE text USING convert_from(raw, 'UTF8')
        """
      ],
      [
        "t.span interval to text", "t.mac macaddr to macaddr8", "t.mac spelling 1",
        "t.price money to numeric(10,2)", "t.raw bytea to text", "t.raw spelling 2",
      ],
      large: [
        "t.span interval to text", "t.mac macaddr to macaddr8", "t.price money to numeric(10,2)",
        "t.raw bytea to text", "t.raw replaced 2",
      ]),
    Self(
      "a key of another type", .postgresql, users, ["ALTER TABLE users ALTER id TYPE text"],
      ["users.id integer to text"],
      large: ["users not compared", "users.id integer to text"]),
    Self(
      "a key replaced by another", .postgresql, users,
      [
        "ALTER TABLE users ADD COLUMN uid uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE users DROP COLUMN id", "ALTER TABLE users RENAME COLUMN uid TO id",
        "ALTER TABLE users ADD PRIMARY KEY (id)",
      ], ["users.id integer to uuid", "users.id moved", "users.id replaced 3"],
      large: ["users not compared", "users.id integer to uuid", "users.id moved"]),
    Self(
      "a wider number", .postgresql, users, ["ALTER TABLE users ALTER age TYPE bigint"],
      ["users.age integer to bigint"]),
    Self(
      "a truncated text", .postgresql, users,
      ["ALTER TABLE users ALTER name TYPE varchar(2) USING left(name, 2)"],
      ["users.name character varying(50) to character varying(2)", "users.name truncated 2"],
      large: ["users.name character varying(50) to character varying(2)", "users.name replaced 2"]),
    Self(
      "times that were said to be UTC", .postgresql,
      """
      CREATE TABLE t (id int PRIMARY KEY, at timestamp);
      INSERT INTO t VALUES (1, '2024-01-01 12:00'), (2, NULL);
      """, ["ALTER TABLE t ALTER at TYPE timestamptz USING at AT TIME ZONE 'UTC'"],
      ["t.at timestamp without time zone to timestamp with time zone"]),
    Self(
      "times that got the session's zone", .postgresql,
      """
      CREATE TABLE t (id int PRIMARY KEY, at timestamp, txt text);
      INSERT INTO t VALUES (1, '2024-01-01 12:00', '2024-07-01T12:00:00'), (2, NULL, NULL);
      """,
      [
        "SET timezone = 'Asia/Kolkata'; ALTER TABLE t ALTER at TYPE timestamptz",
        "SET timezone = 'Asia/Kolkata'; ALTER TABLE t ALTER txt TYPE timestamptz USING txt::timestamptz",
      ],
      [
        "t.at timestamp without time zone to timestamp with time zone",
        "t.at time-zone 1 by -19800",
        "t.txt text to timestamp with time zone", "t.txt time-zone 1 by -19800",
      ],
      large: [
        "t.at timestamp without time zone to timestamp with time zone", "t.at replaced 1",
        "t.txt text to timestamp with time zone", "t.txt replaced 1",
      ]),
    Self(
      "times with a zone that lost the session's", .postgresql,
      """
      CREATE TABLE t (id int PRIMARY KEY, at timestamptz);
      INSERT INTO t VALUES (1, '2024-01-01 12:00+00'), (2, NULL);
      """, ["SET timezone = 'Asia/Kolkata'; ALTER TABLE t ALTER at TYPE timestamp"],
      [
        "t.at timestamp with time zone to timestamp without time zone", "t.at time-zone 1 by 19800",
      ],
      large: [
        "t.at timestamp with time zone to timestamp without time zone", "t.at replaced 1",
      ]),
    Self(
      "times that got another zone", .postgresql,
      """
      CREATE TABLE t (id int PRIMARY KEY, at timestamp);
      INSERT INTO t VALUES (1, '2024-01-01 12:00'), (2, NULL);
      """, ["SET timezone = 'America/St_Johns'; ALTER TABLE t ALTER at TYPE timestamptz"],
      [
        "t.at timestamp without time zone to timestamp with time zone",
        "t.at shifted 1 by 12600",
      ],
      large: [
        "t.at timestamp without time zone to timestamp with time zone", "t.at replaced 1",
      ]),
    Self(
      "rounded numbers", .postgresql,
      "CREATE TABLE t (id int PRIMARY KEY, n numeric(10,4)); INSERT INTO t VALUES (1, 1.2345), (2, 2);",
      ["ALTER TABLE t ALTER n TYPE numeric(10,2)"],
      ["t.n numeric(10,4) to numeric(10,2)", "t.n rounded 1", "t.n scale 1"],
      large: ["t.n numeric(10,4) to numeric(10,2)", "t.n replaced 1", "t.n scale 1"]),
    Self(
      "a document that moved to jsonb", .postgresql,
      "CREATE TABLE t (id int PRIMARY KEY, d json); INSERT INTO t VALUES (1, '{\"b\":1, \"a\":1e2}');",
      ["ALTER TABLE t ALTER d TYPE jsonb USING d::jsonb"],
      ["t.d json to jsonb", "t.d document-order 1"], large: ["t.d json to jsonb"]),
    Self(
      "a flag that became a number", .postgresql,
      "CREATE TABLE t (id int PRIMARY KEY, f boolean); INSERT INTO t VALUES (1, true), (2, false);",
      ["ALTER TABLE t ALTER f TYPE int USING f::int"], ["t.f boolean to integer"]),
    Self(
      "a real that became a numeric of the digits that it shows", .postgresql,
      "CREATE TABLE t (id int PRIMARY KEY, x real); INSERT INTO t VALUES (1, 0.1), (2, 0.5);",
      ["ALTER TABLE t ALTER x TYPE numeric"], ["t.x real to numeric", "t.x scale 1"],
      large: ["t.x real to numeric", "t.x replaced 1"]),
    Self(
      "references to nothing that became NULL under a foreign key", .postgresql, family,
      [
        "UPDATE child SET parent_id = NULL WHERE parent_id NOT IN (SELECT id FROM parent)",
        "ALTER TABLE child ADD FOREIGN KEY (parent_id) REFERENCES parent",
      ], ["child.parent_id unlinked 1"], large: ["child.parent_id nulled 1"]),
    Self(
      "references that became NULL under a foreign key, whether to nothing or not", .postgresql,
      family,
      [
        "UPDATE child SET parent_id = NULL",
        "ALTER TABLE child ADD FOREIGN KEY (parent_id) REFERENCES parent",
      ], ["child.parent_id nulled 1", "child.parent_id unlinked 1"],
      large: ["child.parent_id nulled 2"]),
    Self(
      "an enum's label that was renamed", .postgresql,
      """
      CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE notes (id integer PRIMARY KEY, feels mood);
      INSERT INTO notes VALUES (1, 'sad'), (2, 'ok');
      """, ["ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'"], [], large: ["notes.feels replaced 1"]),
    Self(
      "an enum's labels that were exchanged", .postgresql,
      """
      CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE notes (id integer PRIMARY KEY, feels mood);
      INSERT INTO notes VALUES (1, 'sad'), (2, NULL);
      """,
      [
        "ALTER TYPE mood RENAME VALUE 'sad' TO 'x'", "ALTER TYPE mood RENAME VALUE 'ok' TO 'sad'",
        "ALTER TYPE mood RENAME VALUE 'x' TO 'ok'",
      ], ["notes.feels replaced 1"]),
    Self(
      "an enum that became text", .postgresql,
      """
      CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE t (id int PRIMARY KEY, m mood);
      INSERT INTO t VALUES (1, 'glad');
      """, ["ALTER TABLE t ALTER m TYPE text"], ["t.m public.mood to text"]),
    Self(
      "a table that moved to another schema", .postgresql, users,
      ["CREATE SCHEMA s", "ALTER TABLE users SET SCHEMA s"], ["users is s.users"]),
    Self(
      "a cascade", .postgresql,
      users + """
        CREATE TABLE posts (id int PRIMARY KEY, u int REFERENCES users ON DELETE CASCADE);
        INSERT INTO posts VALUES (1, 1), (2, 1);
        CREATE TABLE likes (id int PRIMARY KEY, p int REFERENCES posts ON DELETE CASCADE,
          u int REFERENCES users);
        INSERT INTO likes VALUES (1, 1, NULL);
        """, ["DELETE FROM users WHERE id = 1"],
      [
        "likes lost 1, emptied, under posts, under users through posts",
        "posts lost 2, emptied, under users", "users lost 1",
      ]),
    Self(
      "a table that became a partition", .postgresql,
      """
      CREATE TABLE events (id int, y int, PRIMARY KEY (id, y)) PARTITION BY LIST (y);
      CREATE TABLE e1 PARTITION OF events FOR VALUES IN (1);
      CREATE TABLE e2 (id int, y int, PRIMARY KEY (id, y));
      INSERT INTO events VALUES (1, 1); INSERT INTO e2 VALUES (2, 2);
      """, ["ALTER TABLE events ATTACH PARTITION e2 FOR VALUES IN (2)"], []),
    Self(
      "a partition that became a table", .postgresql,
      """
      CREATE TABLE events (id int, y int, PRIMARY KEY (id, y)) PARTITION BY LIST (y);
      CREATE TABLE e1 PARTITION OF events FOR VALUES IN (1);
      CREATE TABLE e2 PARTITION OF events FOR VALUES IN (2);
      INSERT INTO events VALUES (1, 1), (2, 2);
      """, ["ALTER TABLE events DETACH PARTITION e2"], []),
    Self(
      "a table that inherits", .postgresql,
      """
      CREATE TABLE base (id int); CREATE TABLE derived () INHERITS (base);
      INSERT INTO base VALUES (1); INSERT INTO derived VALUES (2);
      """, ["DELETE FROM derived"], ["derived lost 1, emptied"]),
  ]
}
