import Databases
import History
import Rows
import Schemas
import Walks

extension JudgedRun {
  /// How to say beside the code that what the rule tells of the object is meant.
  func declaring(_ rule: some Rule, _ object: ObjectID?, on engine: Engine) -> String {
    mend(
      "where that is meant, say so beside the code",
      .allow(rule: rule.name.text, object: object), on: engine)
  }

  /// Several ways to mend one finding, one after the other.
  func mends(_ ways: String...) -> String { ways.joined(separator: "\n") }
}

extension RowsDifference {
  /// The column that stands where `column` stood: the only one of its type that the step added to the
  /// table, of which it dropped no other one of that type.
  func successor(of column: Column, in table: Table) -> Identifier? {
    let added = table.columns.filter { $0.isAdded && $0.typeAfter == column.typeBefore }
    let dropped = table.columns.filter { $0.isDropped && $0.typeBefore == column.typeBefore }
    guard column.typeBefore != nil, added.count == 1, dropped.count == 1 else { return nil }
    return added[0].after
  }

  /// The table that came with the step in which another one went: the only one.
  func successor(of table: Table) -> TableName? {
    let added = tables.filter { $0.before == nil }
    let dropped = tables.filter { $0.after == nil }
    guard added.count == 1, dropped.count == 1, added[0].after?.schema == table.before?.schema
    else { return nil }
    return added[0].after
  }
}
