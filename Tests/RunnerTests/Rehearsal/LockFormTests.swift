import Databases
import History
import Schemas
import Testing
import Walks

@testable import Runner

@Suite struct `Each form of a statement` {
  /// All forms in one rehearsal, each as a revision with tables of its own.
  @Test func `is measured with the locks and the rewriting that PostgreSQL documents`() throws {
    let forms = LockForm.all
    #expect(forms.count >= 40)
    let setup = forms.enumerated().map { number, form in
      LockForm.named(
        """
        CREATE TABLE [T](id int, n int, v varchar(20), w text, x int NOT NULL DEFAULT 0,
          d numeric(10, 2), ts timestamp);
        INSERT INTO [T] SELECT i, i, 'v', '{}', i, i, now() FROM generate_series(1, 3) i;
        CREATE TABLE [U]\(form.statement.contains("INHERIT") ? "(LIKE [T])" : "(id int PRIMARY KEY)");
        INSERT INTO [U] \(form.statement.contains("INHERIT") ? "TABLE [T]" : "SELECT generate_series(1, 3)");
        \(form.setup);
        """, number)
    }
    let project = try RehearsedProject(
      forms.enumerated().map { number, form in
        RehearsedProject.Migration(
          RevisionID("r\(number)"), sql: LockForm.named(form.statement, number),
          outsideOfTransaction: form.isOutsideOfTransaction)
      }, perMigration: true, filledBy: "CREATE SCHEMA elsewhere;" + setup.joined())
    let record = try project.rehearse()
    #expect(record.steps.count == forms.count)
    for (number, (form, step)) in zip(forms, record.steps).enumerated() {
      let table = ObjectID(.table, schema: "public", [Identifier("t\(number)")])
      let other = ObjectID(.table, schema: "public", [Identifier("u\(number)")])
      let blocked = step.locks.filter { $0.table == table }.map(\.blocks).max() ?? .nothing
      var seen: [String] = []
      if step.outcome != .succeeded { seen.append("\(step.outcome)") }
      if step.strongest(on: table) != form.lock { seen.append(step.words(on: table)) }
      if step.strongest(on: other) != form.other { seen.append(step.words(on: other)) }
      if step.rewritten.contains(table) != form.isRewritten { seen.append("written anew or not") }
      if record.relation(table)?.isRewritten ?? false != form.isRewritten {
        seen.append("another file or not")
      }
      if blocked < form.lock.blocks { seen.append("keeps \(blocked.title) waiting") }
      // Each line of a failure's text names the form.
      let place = form.isOutsideOfTransaction ? " outside of a transaction" : ""
      #expect(seen.map { "\(form.statement)\(place): \($0)" } == [])
    }
  }
}

extension StepMeasurement {
  /// Of the locks on the table itself.
  fileprivate func strongest(on table: ObjectID) -> LockMode? {
    locks.filter { $0.relation == table }.map(\.mode).max { $0.strength < $1.strength }
  }

  fileprivate func words(on table: ObjectID) -> String {
    "\(strongest(on: table)?.title ?? "no lock") on \(table)"
  }
}
