internal import Databases
internal import Schemas
internal import Walks

/// Finds bigint columns whose default draws on a sequence of a smaller type: they stop at 2^31 or
/// 2^15 while the column has room.
struct NarrowSequences {
  private let snapshot: Snapshot

  init(in snapshot: Snapshot) { self.snapshot = snapshot }

  /// Those among the columns that the change touched.
  func fed(by change: SchemaDifference) -> [Observation] {
    change.changes.compactMap { touched in
      guard let column = touched.after, column.id.kind == .column,
        column["type"] == .text("bigint"), case .text(let expression)? = column["default"],
        let sequence = sequence(in: expression), case .text(let type)? = sequence["type"],
        type != "bigint"
      else { return nil }
      return Observation(
        .narrowSequence, objects: [column.id, sequence.id], detail: "bigint fed by \(type)")
    }
  }

  /// The sequence that `nextval('schema.name'::regclass)` names.
  private func sequence(in expression: String) -> SchemaObject? {
    guard expression.hasPrefix("nextval('"), let end = expression.lastIndex(of: "'") else {
      return nil
    }
    let name = expression[expression.index(expression.startIndex, offsetBy: 9)..<end]
      .filter { $0 != "\"" }
    return snapshot.units.values.lazy.compactMap(\.objects.first).first {
      $0.id.kind == .sequence
        && (name == "\($0.id.schema?.raw ?? "").\($0.id.name)" || name == $0.id.name.raw)
    }
  }
}
