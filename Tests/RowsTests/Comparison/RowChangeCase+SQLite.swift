import Databases

extension RowChangeCase {
  private static let rebuilt = """
    CREATE TABLE _alembic_tmp_users (id INTEGER NOT NULL, full_name VARCHAR(50), age INTEGER,
      PRIMARY KEY (id))
    """

  private static let pair = """
    CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO t VALUES (1, 'x', 'y');
    """

  static let sqlite: [Self] = [
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
      "a table copied under keys of its own", .sqlite, users,
      [
        "CREATE TABLE people (id INTEGER PRIMARY KEY, old_id INTEGER, name TEXT, age INTEGER)",
        "INSERT INTO people (old_id, name, age) SELECT id + 0, name, age FROM users ORDER BY id DESC",
        "DROP TABLE users",
      ],
      [
        "users is people", "people.id is old_id", "people.name VARCHAR(50) to TEXT",
        "people.id new 3",
      ],
      large: [
        "users is people", "people not compared", "people.id is old_id",
        "people.name VARCHAR(50) to TEXT", "people.id new 3",
      ]),
    // The one that keeps its name is the table, whichever was filled first.
    Self(
      "a table filled from one that is rebuilt after it", .sqlite, users,
      [
        "CREATE TABLE ages (id INTEGER PRIMARY KEY, age INTEGER)",
        "INSERT INTO ages SELECT id, age FROM users", rebuilt,
        """
        INSERT INTO _alembic_tmp_users (id, full_name, age)
          SELECT users.id, users.name, users.age FROM users WHERE users.name IS NOT NULL
        """, "DROP TABLE users", "ALTER TABLE _alembic_tmp_users RENAME TO users",
      ], ["ages added 3", "users lost 1", "users.name is full_name"]),
    Self(
      "two tables put into one", .sqlite,
      users
        + "CREATE TABLE dogs (id integer PRIMARY KEY, name text); INSERT INTO dogs VALUES (7, 'x');",
      [
        "CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO pets SELECT id, name FROM users", "INSERT INTO pets SELECT id, name FROM dogs",
        "DROP TABLE users", "DROP TABLE dogs",
      ], ["dogs gone 1", "pets added 4", "users gone 3"]),
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
      "columns mixed up while a table is rebuilt", .sqlite, pair,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, a TEXT)", "INSERT INTO n SELECT * FROM t",
        "DROP TABLE t", "ALTER TABLE n RENAME TO t",
      ], ["t.b replaced 1, holds a", "t.a moved", "t.a replaced 1, holds b"]),
    Self(
      "columns mixed up in the lists of a copy", .sqlite, pair,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
        "INSERT INTO n (id, a, b) SELECT id, b, a FROM t", "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
      ], ["t.a replaced 1, holds b", "t.b replaced 1, holds a"]),
    Self(
      "columns mixed up in the lists of a copy beside a new one", .sqlite, pair,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, c TEXT, a TEXT)",
        "INSERT INTO n (id, b, a) SELECT id, a, b FROM t", "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
      ], ["t.b replaced 1, holds a", "t.a moved", "t.a replaced 1, holds b", "t.c new 0"]),
    Self(
      "columns mixed up in the aliases of a table's query", .sqlite, pair,
      [
        "CREATE TABLE n AS SELECT id, b AS a, a AS b FROM t", "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
      ],
      [
        "t.id INTEGER to INT", "t.a replaced 1, holds b", "t.b replaced 1, holds a",
      ], large: ["t not compared", "t.id INTEGER to INT"]),
    Self(
      "columns mixed up twice, so that they are as they were", .sqlite, pair,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
        "INSERT INTO n (id, a, b) SELECT id, b, a FROM t", "DROP TABLE t",
        "ALTER TABLE n RENAME TO t", "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
        "INSERT INTO n (id, b, a) SELECT id, a, b FROM t", "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
      ], []),
    Self(
      "a column put in the place of another by a copy", .sqlite, pair,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT)",
        "INSERT INTO n (id, a) SELECT id, b FROM t", "DROP TABLE t", "ALTER TABLE n RENAME TO t",
      ], ["t.b is a", "t.a gone 1"]),
    Self(
      "names handed on from column to column by a copy", .sqlite, pair,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, c TEXT)",
        "INSERT INTO n (id, b, c) SELECT id, a, b FROM t", "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
      ], ["t.a is b", "t.b is c"]),
    Self(
      "names that a batch exchanges", .sqlite, pair,
      [
        "CREATE TABLE _alembic_tmp_t (id INTEGER PRIMARY KEY, b TEXT, a TEXT)",
        "INSERT INTO _alembic_tmp_t (id, b, a) SELECT t.id, t.a, t.b FROM t", "DROP TABLE t",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
      ], ["t.a is b", "t.b is a"]),
    Self(
      "names that statements exchange", .sqlite, pair,
      [
        "ALTER TABLE t RENAME COLUMN a TO c", "ALTER TABLE t RENAME COLUMN b TO a",
        "ALTER TABLE t RENAME COLUMN c TO b",
        "CREATE TABLE n (id INTEGER PRIMARY KEY, b TEXT, a TEXT)",
        "INSERT INTO n (id, b, a) SELECT id, b, a FROM t", "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
      ], ["t.a is b", "t.b is a"]),
    Self(
      "a column renamed in the table that was filled", .sqlite, pair,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, x TEXT)",
        "INSERT INTO n (id, x) SELECT id, b FROM t", "ALTER TABLE n RENAME COLUMN x TO y",
        "DROP TABLE t", "ALTER TABLE n RENAME TO t",
      ], ["t.b is y", "t.a gone 1"]),
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
      ], ["posts lost 2, emptied, under users", "users.name VARCHAR(50) to TEXT"]),
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
      "bytes that became a text which is no UTF-8", .sqlite,
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB);
      INSERT INTO t VALUES (1, x'ff00'), (2, x'616263'), (3, NULL);
      """,
      [
        "CREATE TABLE n (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO n SELECT id, CAST(v AS TEXT) FROM t", "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
      ], ["t.v BLOB to TEXT", "t.v misread 1", "t.v storage-class 1"],
      large: ["t.v BLOB to TEXT", "t.v replaced 1", "t.v storage-class 1"]),
    Self(
      "a text which is no UTF-8 that became bytes", .sqlite,
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
      INSERT INTO t VALUES (1, CAST(x'ff00' AS TEXT)), (2, CAST(x'fe' AS TEXT));
      """,
      ["UPDATE t SET v = CAST(v AS BLOB) WHERE id = 1"], ["t.v storage-class 1"],
      large: ["t.v replaced 1"]),
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
