import Databases
import History
import Rows
import Schemas
import Walks

extension RowsDifference.Table {
  var id: ObjectID { ObjectID(.table, schema: name.schema, [name.name]) }

  /// The column's name after the step, else before it.
  func id(of column: RowsDifference.Column) -> ObjectID {
    ObjectID(.column, schema: name.schema, [name.name, column.after ?? column.before ?? ""])
  }

  /// The column's and the table's names before the step.
  func idBefore(_ column: RowsDifference.Column) -> ObjectID {
    let table = before ?? name
    return ObjectID(
      .column, schema: table.schema, [table.name, column.before ?? column.after ?? ""])
  }

  /// `2 values of column t.a and 1 value of column t.b`.
  func counted(_ columns: [RowsDifference.Column]) -> String {
    columns.map { "\(atLeast)\($0.changed.counted("value")) of \(id(of: $0))" }.listed
  }

  /// What stands before a number that is only the least of what is certain.
  var atLeast: String { isExact ? "" : "at least " }

  /// Rows and values that were there and are not, each as evidence: `users 7: name 'Ann' is now NULL`;
  /// of a column in which values are others, not those that are only written otherwise.
  func samples(
    of columns: [RowsDifference.Column],
    where isWanted: (RowsDifference.ValueSample) -> Bool = { _ in true }
  ) -> [String] {
    columns.flatMap { column in
      column.samples.filter {
        (column.changed == 0 || !$0.change.keepsValue) && isWanted($0)
      }.map { sample in
        let key = sample.key.isEmpty ? "" : " \(sample.key.joined(separator: ", "))"
        let name = (column.after ?? column.before)?.raw ?? ""
        return
          "\(id.qualifiedName)\(key): \(name) \(sample.before.shown) is now \(sample.after.shown)"
      }
    }
  }

  /// The rows that are gone, as evidence: `users 7 is gone`.
  var lostSamples: [String] {
    lost.map { row in
      row.key.isEmpty
        ? "\(id.qualifiedName): "
          + row.values.map { "\($0.column) \($0.value.shown)" }.joined(separator: ", ") + " is gone"
        : "\(id.qualifiedName) \(row.key.joined(separator: ", ")) is gone"
    }
  }
}

extension RowsDifference.Column {
  /// The column's names before and after the step.
  var names: [Identifier] { [before, after].compactMap(\.self) }
}

extension ShownValue {
  /// `'Ann'`, `NULL`, `text of 12 characters`.
  var shown: String {
    if isNull { return "NULL" }
    guard let text else { return "\(type) of \(length) character\(length == 1 ? "" : "s")" }
    return "'\(text)'"
  }
}

extension Int {
  /// `1 row`, `3 rows`.
  func counted(_ one: String, _ many: String? = nil) -> String {
    self == 1 ? "1 \(one)" : "\(self) \(many ?? one + "s")"
  }
}

extension ObjectID {
  /// The table that it is or lies in.
  var table: TableName? { path.first.map { TableName(schema: schema, $0) } }
}
