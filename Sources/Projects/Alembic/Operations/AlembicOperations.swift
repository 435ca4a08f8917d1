package import Databases
package import History
package import Schemas
package import Walks

/// Writes a schema difference as the `op.…` lines of an Alembic migration, and the few failures that
/// every Alembic project meets as what to change.
///
/// What Alembic has no operation for is `op.execute` of SQL where the statement is certain, else a
/// comment line that says so: a mend that cannot be right is worse than none.
package struct AlembicOperations: MendWriter {
  /// Whether commands are Flask-Migrate's.
  private let flask: Bool

  package init(flask: Bool = false) { self.flask = flask }

  package func merging(_ heads: [RevisionID]) -> String? {
    "\(flask ? "flask db" : "alembic") merge -m \"merge heads\" "
      + heads.map(\.text).joined(separator: " ")
  }

  package func following(_ parent: RevisionID) -> String? { "down_revision = \"\(parent)\"" }

  package var comparing: String? { flask ? "flask db migrate" : "alembic revision --autogenerate" }

  package func undoing(_ difference: SchemaDifference, on engine: Engine) -> [String] {
    undoing(difference, on: engine, keeping: [])
  }

  package func undoing(
    _ difference: SchemaDifference, on engine: Engine, keeping present: [SchemaObject],
    types: [ObjectID: ToolsType] = [:]
  ) -> [String] {
    let changes = difference.changes.filter { $0.weight == .structural && !$0.id.isOfBrokenCopy }
    let order = DependencyOrder(changes)
    let undo = Undo(difference, on: engine, order: order, types: types)
    let operations = changes.flatMap { change in
      undo.operations(for: change).map { operation in
        var operation = operation
        operation.place = order.place(of: change.id, in: operation.phase)
        return operation
      }
    }
    let kept = undo.keeping(present, besides: changes, in: operations)
    return AlembicScript(operations + kept).lines
  }

  package func sending(_ statements: [String], outsideOfTransaction: Bool) -> [String] {
    let lines = statements.flatMap(Self.executing)
    guard outsideOfTransaction else { return lines }
    return ["with op.get_context().autocommit_block():"] + lines.map { "    \($0)" }
  }

  package func aligning(_ divergence: Divergence, on engine: Engine) -> String? {
    Alignment(of: divergence, on: engine).operations.map {
      limiting($0, to: engine).joined(separator: "\n")
    }
  }

  /// A branch on the dialect, unless there is nothing in it but remarks.
  package func limiting(_ lines: [String], to engine: Engine) -> [String] {
    if lines.allSatisfy({ $0.hasPrefix("#") }) { return lines }
    return ["if op.get_bind().dialect.name == \"\(engine)\":"] + lines.map { "    \($0)" }
  }
}

extension ObjectID {
  /// Whether it is part of the table that a batch which failed left half made: no migration's to drop.
  fileprivate var isOfBrokenCopy: Bool { path.first?.raw.hasPrefix("_alembic_tmp_") == true }
}
