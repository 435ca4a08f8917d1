import Databases
import History
import Rows
import Schemas
import Walks

/// What should find everything in place changed something.
struct NotIdempotent: Rule {
  let name: RuleName = "not-idempotent"
  let severity = Severity.error
  let summary = "the upgrade at the heads, or starting the application there, changed something"
  let explanation = """
    Deployments run the upgrade again and again, and start the application again and again, on a \
    database that is up to date. That must change nothing: neither the schema nor the rows. It \
    does where `env.py` does more than run migrations, and where the application makes tables or \
    writes rows each time that it is started. Rows that the application adds at its first start \
    alone are no finding; rows that go or change at a start always are.
    """
  let mend = """
    Move what changes the schema into a migration, and let what writes rows look first whether they \
    are there.
    """

  let triggering = RuleExample(
    """
    with context.begin_transaction():  # env.py
        context.run_migrations()
        connection.execute(text("INSERT INTO day (mood) VALUES ('deployed')"))
    """, .example(.sqlite, beside: .example(.again, rows: .example(added: 1))))
  let passing = RuleExample(
    """
    with context.begin_transaction():  # env.py
        context.run_migrations()
    """, .example(.sqlite, beside: .example(.again)))

  func findings(in run: JudgedRun) -> [Finding] {
    run.besides(.again, .start).compactMap { beside in
      let step = beside.step.record
      let subject =
        beside.name == .again
        ? "`upgrade` at the heads"
        : "\(beside.engine.parity?.application ?? "the application"), started at the heads,"
      if case .failed(let failure) = step.outcome {
        let when = beside.name == .again ? "" : " succeeds once and, started once more,"
        return run.finding(
          self, engine: beside.engine.engine, revision: nil, step: step.name,
          message: "\(subject)\(when) fails: \(failure.message)", evidence: failure.evidence)
      }
      guard case .succeeded = step.outcome else { return nil }
      let schema = step.change.structural(besides: [])
      let rows = step.rows?.restrictedToCommonColumns().changedTables ?? []
      guard !schema.isEmpty || !rows.isEmpty else { return nil }
      let objects =
        schema.structuralObjects + rows.map { ObjectID(.table, schema: $0.schema, [$0.name]) }
      let sent = step.statements.firstWriting(to: objects)
      var phrases = schema.isEmpty ? [] : [schema.phrase(added: "added")]
      phrases += rowPhrases(step.rows)
      return run.finding(
        self, engine: beside.engine.engine, revision: nil, step: step.name, objects: objects,
        message: "\(subject) changes the database: \(phrases.joined(separator: "; "))",
        evidence: Evidence(
          statement: sent?.sql, difference: schema, frames: sent?.sender.map { [$0] } ?? []),
        fix: beside.name == .again
          ? "let env.py run the migrations and nothing else"
          : "let the migrations make the schema, and let the application look before it writes")
    }
  }

  private func rowPhrases(_ difference: RowsDifference?) -> [String] {
    let tables = difference?.restrictedToCommonColumns().tables ?? []
    let losing = tables.filter { $0.rowsLost > $0.rowsAdded }.map(\.name.shown)
    let others = tables.filter { $0.rowsLost <= $0.rowsAdded }.map(\.name.shown)
    return (losing.isEmpty ? [] : ["rows gone from \(losing.listed)"])
      + (others.isEmpty ? [] : ["other rows in \(others.listed)"])
  }
}

extension RowsDifference {
  /// The tables in which anything differs, by their names afterwards.
  fileprivate var changedTables: [TableName] {
    tables.compactMap { $0.after ?? $0.before }
  }
}

extension [Statement] {
  /// The first that seems to have changed one of these objects or, where none names them, anything.
  fileprivate func firstWriting(to objects: [ObjectID]) -> Statement? {
    let names = Set(objects.compactMap { $0.path.first?.raw.lowercased() })
    let writing = filter { $0.writes && $0.error == nil }
    return writing.first { !StatementWords($0).names.isDisjoint(with: names) } ?? writing.first
  }
}

extension Statement {
  /// Whether it is neither a question nor a setting of the session.
  var writes: Bool {
    let first = sql.prefix { !$0.isWhitespace && $0 != "(" }.uppercased()
    return !["SELECT", "PRAGMA", "SHOW", "SET", "BEGIN", "COMMIT", "ROLLBACK", "WITH"].contains(
      first)
  }
}
