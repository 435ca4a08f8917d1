import Databases
import Schemas
import Testing

/// A table's unit from what a test cares about.
private func table(_ name: String, _ columns: [String], parts: [SchemaObject] = []) -> SchemaUnit {
  let columns = columns.enumerated().map { offset, text in
    let words = text.split(separator: ":").map(String.init)
    return SchemaObject(
      ObjectID(.column, [Identifier(name), Identifier(words[0])]),
      [
        "position": .number(Int64(offset + 1)),
        "type": .text(words.count > 1 ? words[1] : "INTEGER"),
      ])
  }
  return SchemaUnit(SchemaObject(ObjectID(.table, [Identifier(name)])), parts: columns + parts)
}

private func constraint(_ table: String, _ name: String, _ type: String, _ columns: [String])
  -> SchemaObject
{
  SchemaObject(
    ObjectID(.constraint, [Identifier(table), Identifier(name)]),
    ["constraint-type": .text(type), "columns": .list(columns)])
}

private func difference(
  _ before: [SchemaUnit], _ after: [SchemaUnit], engine: Engine = .postgresql
) -> SchemaDifference {
  SchemaDifference(
    from: Snapshot(engine: engine, units: before), to: Snapshot(engine: engine, units: after))
}

@Suite struct ComparisonTests {
  @Test func `equal snapshots have no difference`() {
    #expect(difference([table("t", ["a", "b"])], [table("t", ["a", "b"])]).isEmpty)
  }

  @Test func `a changed type is one structural change of the column`() {
    let found = difference([table("t", ["a:VARCHAR(20)"])], [table("t", ["a:VARCHAR(50)"])])
    #expect(found.lines == ["~ column t.a: type VARCHAR(20) → VARCHAR(50)"])
    #expect(found.isStructural)
    #expect(found.reversed.lines == ["~ column t.a: type VARCHAR(50) → VARCHAR(20)"])
  }

  @Test func `a column dropped in the middle is that column and no shift of the others`() {
    let found = difference([table("t", ["a", "b", "c"])], [table("t", ["a", "c"])])
    #expect(found.lines == ["- column t.b INTEGER"])
  }

  @Test func `a column that comes back at the end is a change of order only`() {
    let found = difference([table("t", ["a", "b", "c"])], [table("t", ["a", "c", "b"])])
    #expect(found.weight == .columnOrder)
    #expect(found.changes.map(\.id.description) == ["column t.b"])
  }

  @Test func `a moved column beside an added one is told apart`() {
    let found = difference([table("t", ["a", "b", "c"])], [table("t", ["c", "a", "b", "d"])])
    #expect(found.changes.map(\.id.name.raw) == ["c", "d"])
    #expect(found.changes.map(\.weight) == [.columnOrder, .structural])
  }

  @Test func `a table that came and one that went show their columns in their own lines`() {
    let found = difference([table("old", ["a"])], [table("new", ["b", "a:TEXT"])])
    #expect(found.lines == ["+ table new (b INTEGER, a TEXT)", "- table old (a INTEGER)"])
    #expect(found.changes.count == 5)
  }

  @Test(arguments: [
    ("t_a_key", "t_a_key1", "UNIQUE", ["a"]),
    ("t_pkey", "t_pkey1", "PRIMARY KEY", ["a"]),
    ("t_a_fkey", "t_a_fkey2", "FOREIGN KEY", ["a"]),
    ("t_a_b_key", "t_a_b_key1", "UNIQUE", ["a", "b"]),
  ])
  func `automatic names that differ are one cosmetic change`(
    before: String, after: String, type: String, columns: [String]
  ) {
    let found = difference(
      [table("t", ["a"], parts: [constraint("t", before, type, columns)])],
      [table("t", ["a"], parts: [constraint("t", after, type, columns)])])
    #expect(found.weight == .cosmetic)
    #expect(found.lines == ["~ constraint t.\(after): name \(before) → \(after) (cosmetic)"])
  }

  @Test(arguments: [
    ("pk_t", "t_pkey", ["a"]), ("t_a_key", "uq_t_a", ["a"]), ("uq_one", "uq_two", ["a"]),
    ("t_a_key", "t_b_key", ["a"]),
  ])
  func `a name that somebody chose is structural`(
    before: String, after: String, columns: [String]
  ) {
    let found = difference(
      [table("t", ["a"], parts: [constraint("t", before, "UNIQUE", columns)])],
      [table("t", ["a"], parts: [constraint("t", after, "UNIQUE", columns)])])
    #expect(found.isStructural)
    #expect(found.changes.count == 2)
  }

  @Test func `automatic names that stand for different columns are structural`() {
    let found = difference(
      [table("t", ["a"], parts: [constraint("t", "t_a_key", "UNIQUE", ["a"])])],
      [table("t", ["a"], parts: [constraint("t", "t_b_key", "UNIQUE", ["b"])])])
    #expect(found.isStructural)
  }

  @Test func `a long automatic name is recognised as the server shortens it`() {
    let long = String(repeating: "t", count: 60)
    let name = String(repeating: "t", count: 43) + "_" + String(repeating: "c", count: 15)
    let column = String(repeating: "c", count: 15)
    let found = difference(
      [table(long, ["a"], parts: [constraint(long, name + "_key", "UNIQUE", [column])])],
      [
        table(
          long, ["a"],
          parts: [constraint(long, String(name.dropFirst()) + "_key1", "UNIQUE", [column])])
      ])
    #expect(found.weight == .cosmetic)
  }

  @Test func `a sequence under another automatic name excuses the default that draws on it`() {
    func serial(_ sequence: String) -> [SchemaUnit] {
      let column = SchemaObject(
        ObjectID(.column, ["t", "id"]),
        ["position": .number(1), "default": .text("nextval('\(sequence)'::regclass)")])
      return [
        SchemaUnit(SchemaObject(ObjectID(.table, ["t"])), parts: [column]),
        SchemaUnit(
          SchemaObject(
            ObjectID(.sequence, [Identifier(sequence)]), ["owner-column": .text("t.id")])),
      ]
    }
    let found = difference(serial("t_id_seq"), serial("t_id_seq1"))
    #expect(found.weight == .cosmetic)
    #expect(found.changes.count == 2)
  }

  @Test func `SQLite's INT and INTEGER are told apart without weight`() {
    let found = difference([table("t", ["a:INT"])], [table("t", ["a:INTEGER"])], engine: .sqlite)
    #expect(found.weight == .cosmetic)
    #expect(
      difference([table("t", ["a:INT"])], [table("t", ["a:TEXT"])], engine: .sqlite).isStructural)
  }

  @Test func `NOT NULL gained by a primary key's column is cosmetic in SQLite, lost is not`() {
    func unit(notNull: Bool) -> SchemaUnit {
      var column = SchemaObject(ObjectID(.column, ["t", "a"]), ["position": .number(1)])
      if notNull { column[.notNull] = .flag(true) }
      return SchemaUnit(
        SchemaObject(ObjectID(.table, ["t"])),
        parts: [column, constraint("t", "PRIMARY KEY", "PRIMARY KEY", ["a"])])
    }
    let gained = difference([unit(notNull: false)], [unit(notNull: true)], engine: .sqlite)
    #expect(gained.weight == .cosmetic)
    #expect(gained.lines == ["~ column t.a: not null no → yes (cosmetic)"])
    #expect(difference([unit(notNull: true)], [unit(notNull: false)], engine: .sqlite).isStructural)
  }

  @Test func `indexes read as statements do`() {
    let index = SchemaObject(
      ObjectID(.index, ["users", "ix_users_email"]),
      ["unique": .flag(true), "columns": .list(["email"]), "predicate": .text("email IS NOT NULL")])
    let found = difference([table("users", ["email"])], [table("users", ["email"], parts: [index])])
    #expect(
      found.lines == ["+ unique index ix_users_email on users (email) where email IS NOT NULL"])
  }
}

@Suite struct SnapshotTests {
  @Test func `the fingerprint follows the content and not the way to it`() {
    let units = (0..<50).map { table("t\($0)", ["a", "b"]) }
    var snapshot = Snapshot(engine: .sqlite, units: units)
    let first = snapshot.fingerprint
    #expect(Snapshot(engine: .sqlite, units: units.reversed()).fingerprint == first)
    snapshot.put(table("t7", ["a"]))
    #expect(snapshot.fingerprint != first)
    snapshot.put(table("u", ["a"]))
    snapshot.remove(ObjectID(.table, ["u"]))
    snapshot.put(units[7])
    #expect(snapshot.fingerprint == first)
    #expect(snapshot == Snapshot(engine: .sqlite, units: units))
    #expect(snapshot.count == 50)
    #expect(snapshot[ObjectID(.table, ["t3"])] == units[3])
  }

  @Test func `properties are encoded as a JSON object and come back`() throws {
    let unit = table("t", ["a"])
    let data = try JSON.encoded(unit)
    #expect(data.contains(#""position":1"#))
    #expect(try JSON.decoded(SchemaUnit.self, from: data) == unit)
  }
}
