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

  static let family = """
    CREATE TABLE parent (id integer PRIMARY KEY); INSERT INTO parent VALUES (1), (2);
    CREATE TABLE child (id integer PRIMARY KEY, parent_id integer);
    INSERT INTO child VALUES (1, 1), (2, 77), (3, NULL);
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
      "values that went with the rows to which they pointed",
      """
      CREATE TABLE grand (id integer PRIMARY KEY); INSERT INTO grand VALUES (1);
      CREATE TABLE parent (id integer PRIMARY KEY, g integer REFERENCES grand ON DELETE CASCADE);
      INSERT INTO parent VALUES (1, 1), (2, NULL);
      CREATE TABLE child (id integer PRIMARY KEY, p integer REFERENCES parent ON DELETE SET NULL);
      INSERT INTO child VALUES (1, 1), (2, 2);
      """, ["UPDATE child SET p = NULL WHERE id = 1"],
      ["child.p nulled 1, under parent, under grand through parent"]),
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
}
