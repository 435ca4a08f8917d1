import Databases
import Rows
import Schemas

/// Statements on tables with rows, and what they are found to have done.
struct RowChangeCase: Sendable, CustomStringConvertible {
  let description: String
  let engine: Engine
  let setup: String
  let change: [String]
  /// One line a fact, as `RowsDifference.told` writes them.
  let told: [String]
  /// What is found where only sums are kept, if that is less.
  let toldOfLarge: [String]

  init(
    _ description: String, _ engine: Engine, _ setup: String, _ change: [String], _ told: [String],
    large: [String]? = nil
  ) {
    self.description = description
    self.engine = engine
    self.setup = setup
    self.change = change
    self.told = told
    toldOfLarge = large ?? told
  }

  static let users = """
    CREATE TABLE users (id integer PRIMARY KEY, name varchar(50), age integer);
    INSERT INTO users VALUES (1, 'ann', 30), (2, 'bob', 40), (3, NULL, 50);
    """

  static func onBoth(
    _ description: String, _ setup: String, _ change: [String], _ told: [String],
    large: [String]? = nil
  ) -> [Self] {
    Engine.allCases.map { Self(description, $0, setup, change, told, large: large) }
  }

  static let all: [Self] = both + postgres + sqlite

  private static let both: [Self] = [
    onBoth("a deleted row", users, ["DELETE FROM users WHERE id = 2"], ["users lost 1"]),
    onBoth("a new row", users, ["INSERT INTO users VALUES (4, 'x', 1)"], ["users added 1"]),
    onBoth("a renamed table", users, ["ALTER TABLE users RENAME TO people"], ["users is people"]),
    onBoth(
      "a renamed column", users, ["ALTER TABLE users RENAME COLUMN name TO title"],
      ["users.name is title"]),
    onBoth(
      "a renamed column whose name another takes", users,
      ["ALTER TABLE users RENAME COLUMN name TO title", "ALTER TABLE users ADD COLUMN name text"],
      ["users.name is title", "users.name new 0"]),
    onBoth(
      "a dropped column", users, ["ALTER TABLE users DROP COLUMN name"], ["users.name gone 2"]),
    onBoth(
      "a column dropped and added under a new name", users,
      ["ALTER TABLE users ADD COLUMN title varchar(50)", "ALTER TABLE users DROP COLUMN name"],
      ["users.title new 0", "users.name gone 2"]),
    onBoth(
      "the same with its values", users,
      [
        "ALTER TABLE users ADD COLUMN title varchar(50)", "UPDATE users SET title = name",
        "ALTER TABLE users DROP COLUMN name",
      ], ["users.name is title", "users.title moved"],
      large: ["users.name is title", "users.title moved"]),
    onBoth(
      "a column dropped and added, its default the one that all had",
      "CREATE TABLE t (id integer PRIMARY KEY, old integer DEFAULT 0); INSERT INTO t (id) VALUES (1), (2);",
      ["ALTER TABLE t ADD COLUMN new integer DEFAULT 0", "ALTER TABLE t DROP COLUMN old"],
      ["t.new new 2", "t.old gone 2, 0 not default"], large: ["t.new new 2", "t.old gone 2"]),
    onBoth(
      "a column dropped and added under the same name", users,
      ["ALTER TABLE users DROP COLUMN age", "ALTER TABLE users ADD COLUMN age integer"],
      ["users.age nulled 3"]),
    onBoth(
      "two columns that swapped their values",
      "CREATE TABLE t (id integer PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'x', 'y');",
      ["UPDATE t SET a = b, b = a"],
      ["t.a replaced 1, holds b", "t.b replaced 1, holds a"]),
    onBoth("a table that is gone", users, ["DROP TABLE users"], ["users gone 3"]),
    onBoth(
      "a table with another key's values", users, ["UPDATE users SET id = id + 100"],
      ["users.id replaced 3"], large: ["users lost 3", "users added 3"]),
    onBoth(
      "a trigger's touch",
      """
      CREATE TABLE t (id integer PRIMARY KEY, v integer, updated_at timestamp);
      INSERT INTO t VALUES (1, 1, '2024-01-01 00:00:00'), (2, 2, '2024-01-01 00:00:00');
      """, ["UPDATE t SET v = 5, updated_at = '2024-03-03 08:07:06' WHERE id = 1"],
      ["t.v replaced 1", "t.updated_at replaced 1"]),
    onBoth(
      "shifted times",
      """
      CREATE TABLE t (id integer PRIMARY KEY, at timestamp);
      INSERT INTO t VALUES (1, '2024-01-01 00:00:00'), (2, '2024-07-01 12:00:00');
      """,
      [
        "UPDATE t SET at = '2023-12-31 20:30:00' WHERE id = 1",
        "UPDATE t SET at = '2024-07-01 08:30:00' WHERE id = 2",
      ],
      ["t.at shifted 2 by -12600"], large: ["t.at replaced 2"]),
  ].flatMap { $0 }

  private static let postgres: [Self] = [
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
      """, ["ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'"], ["notes.feels replaced 1"]),
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
        """, ["DELETE FROM users WHERE id = 1"],
      ["posts lost 2, emptied, with users", "users lost 1"]),
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

  private static let family = """
    CREATE TABLE parent (id integer PRIMARY KEY); INSERT INTO parent VALUES (1), (2);
    CREATE TABLE child (id integer PRIMARY KEY, parent_id integer);
    INSERT INTO child VALUES (1, 1), (2, 77), (3, NULL);
    """

  private static let rebuilt = """
    CREATE TABLE _alembic_tmp_users (id INTEGER NOT NULL, full_name VARCHAR(50), age INTEGER,
      PRIMARY KEY (id))
    """

  private static let sqlite: [Self] = [
    Self(
      "a table rebuilt with a renamed column", .sqlite, users,
      [
        rebuilt,
        """
        INSERT INTO _alembic_tmp_users (id, full_name, age)
          SELECT users.id, users.name, CAST(users.age AS INTEGER) AS age FROM users
        """, "DROP TABLE users", "ALTER TABLE _alembic_tmp_users RENAME TO users",
      ], ["users.name is full_name"]),
    Self(
      "a table rebuilt without a column's values", .sqlite, users,
      [
        rebuilt, "INSERT INTO _alembic_tmp_users (id, age) SELECT users.id, users.age FROM users",
        "DROP TABLE users", "ALTER TABLE _alembic_tmp_users RENAME TO users",
      ], ["users.full_name new 0", "users.name gone 2"]),
    Self(
      "a table rebuilt without some rows", .sqlite, users,
      [
        rebuilt,
        """
        INSERT INTO _alembic_tmp_users (id, full_name, age)
          SELECT users.id, users.name, users.age FROM users WHERE users.name IS NOT NULL
        """, "DROP TABLE users", "ALTER TABLE _alembic_tmp_users RENAME TO users",
      ], ["users lost 1", "users.name is full_name"]),
    Self(
      "a table moved away and made again", .sqlite, users,
      [
        "ALTER TABLE users RENAME TO old_users",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER, title TEXT)",
        "INSERT INTO users SELECT id, age, name FROM old_users", "DROP TABLE old_users",
      ],
      [
        "users.name is title", "users.title VARCHAR(50) to TEXT", "users.title moved",
      ]),
    Self(
      "columns mixed up while a table is rebuilt", .sqlite,
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', 'y');",
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, a TEXT)", "INSERT INTO n SELECT * FROM t",
        "DROP TABLE t", "ALTER TABLE n RENAME TO t",
      ], ["t.b replaced 1, holds a", "t.a moved", "t.a replaced 1, holds b"]),
    Self(
      "a new type", .sqlite, users,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, name VARCHAR(50), age TEXT)",
        "INSERT INTO n SELECT id, name, age FROM users", "DROP TABLE users",
        "ALTER TABLE n RENAME TO users",
      ], ["users.age INTEGER to TEXT", "users.age storage-class 3"]),
    Self(
      "a rebuilt parent whose children went with it", .sqlite,
      users + """
        CREATE TABLE posts (id INTEGER PRIMARY KEY, u INTEGER REFERENCES users (id) ON DELETE CASCADE);
        INSERT INTO posts VALUES (1, 1), (2, 2);
        """,
      [
        """
        PRAGMA foreign_keys = ON; CREATE TABLE n (id INTEGER PRIMARY KEY, name TEXT, age INTEGER);
        INSERT INTO n SELECT * FROM users; DROP TABLE users; ALTER TABLE n RENAME TO users
        """
      ], ["posts lost 2, emptied", "users.name VARCHAR(50) to TEXT"]),
    Self(
      "a renamed table that a copy was made of", .sqlite, users,
      [
        "CREATE TABLE copy AS SELECT * FROM users", "ALTER TABLE users RENAME TO people",
      ], ["copy added 3", "users is people"]),
    Self(
      "references to nothing that became NULL under a foreign key", .sqlite, family,
      [
        "UPDATE child SET parent_id = NULL WHERE parent_id NOT IN (SELECT id FROM parent)",
        "CREATE TABLE n (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id))",
        "INSERT INTO n SELECT id, parent_id FROM child", "DROP TABLE child",
        "ALTER TABLE n RENAME TO child",
      ], ["child.parent_id unlinked 1"], large: ["child.parent_id nulled 1"]),
    Self(
      "texts that became the number 0", .sqlite,
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (1, 'one'), (2, '2');",
      ["UPDATE t SET v = CAST(v AS INTEGER)"], ["t.v misread 1", "t.v storage-class 1"],
      large: ["t.v replaced 1", "t.v storage-class 1"]),
    Self(
      "times with other offsets", .sqlite,
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT);
      INSERT INTO t VALUES (1, '2024-01-31 12:00:00+00'), (2, '2024-01-31 08:30:00Z'),
        (3, '2024-01-31 08:30:00');
      """,
      [
        "UPDATE t SET at = '2024-01-31 14:00:00+02' WHERE id = 1",
        "UPDATE t SET at = '2024-01-31T14:00:00 +0530' WHERE id = 2",
        "UPDATE t SET at = at || '+00' WHERE id = 3",
      ], ["t.at replaced 1", "t.at spelling 2"], large: ["t.at replaced 3"]),
    Self(
      "a virtual table", .sqlite,
      "CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('one'), ('two');",
      ["DELETE FROM notes WHERE body = 'one'"], ["notes lost 1"]),
    Self(
      "a table renamed by a statement that was not seen", .sqlite, users,
      ["/* nothing */ CREATE TABLE people AS SELECT * FROM users; DROP TABLE users"],
      [
        "users is people", "people.id INTEGER to INT", "people.name VARCHAR(50) to TEXT",
        "people.age INTEGER to INT",
      ], large: ["people added 3", "users gone 3"]),
  ]
}

extension RowsDifference {
  /// One line a fact.
  var told: [String] {
    tables.flatMap { table -> [String] in
      let name = table.name.title
      var lines: [String] = []
      if table.isRenamed { lines.append("\(table.before?.title ?? "") is \(name)") }
      if table.notCompared != nil { lines.append("\(name) not compared") }
      if table.rowsLost > 0 {
        let cascade = table.cascade.map { ", with \($0.parent.title)" } ?? ""
        lines.append(
          "\(name) \(table.after == nil ? "gone" : "lost") \(table.rowsLost)"
            + (table.isEmptied ? ", emptied" : "") + cascade)
      }
      if table.rowsAdded > 0 { lines.append("\(name) added \(table.rowsAdded)") }
      return lines + table.columns.flatMap { $0.told(of: name) }
    }
  }
}

extension RowsDifference.Column {
  fileprivate func told(of table: String) -> [String] {
    let (old, new) = (before?.raw ?? "", after?.raw ?? "")
    if isAdded { return ["\(table).\(new) new \(valuesAfter)"] }
    if isDropped {
      let rest = notDefault.map { $0 == valuesBefore ? "" : ", \($0) not default" } ?? ""
      return ["\(table).\(old) gone \(valuesBefore)\(rest)"]
    }
    var lines: [String] = []
    if isRenamed { lines.append("\(table).\(old) is \(new)") }
    if isTypeChanged { lines.append("\(table).\(new) \(typeBefore ?? "") to \(typeAfter ?? "")") }
    if isMoved { lines.append("\(table).\(new) moved") }
    for (change, count) in changes.sorted(by: { $0.key < $1.key }) {
      lines.append(
        "\(table).\(new) \(change.rawValue) \(count)"
          + (shift.map { " by \($0)" } ?? "") + (holdsValuesOf.map { ", holds \($0)" } ?? ""))
    }
    return lines
  }
}

extension TableName {
  fileprivate var title: String { ObjectID(.table, schema: schema, [name]).qualifiedName }
}
