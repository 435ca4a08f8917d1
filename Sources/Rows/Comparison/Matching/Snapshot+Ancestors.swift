import Databases
import Schemas

extension Snapshot {
  /// The tables to which rows of this one refer, by themselves or through others, the nearest first; one
  /// that is reached both ways stands there once for each.
  func ancestors(of table: TableName) -> [RowsDifference.Ancestor] {
    var found: [RowsDifference.Ancestor] = []
    var pending: ArraySlice = [(name: table, cascades: true)]
    while let child = pending.popFirst() {
      let shape = tables(around: [child.name]).first { $0.name == child.name }
      for key in shape?.foreignKeys ?? [] where key.table != table {
        let cascades = child.cascades && key.onDelete == "CASCADE"
        guard !found.contains(where: { $0.table == key.table && $0.cascades == cascades }) else {
          continue
        }
        found.append(
          RowsDifference.Ancestor(
            key.table, through: child.name == table ? nil : child.name, cascades: cascades))
        pending.append((key.table, cascades))
      }
    }
    return found
  }

  /// The tables with whose rows a column of this one becomes NULL: the one to which it refers `ON DELETE SET
  /// NULL`, and those with whose rows that one's own go.
  func ancestors(clearing column: Identifier, of table: TableName) -> [RowsDifference.Ancestor] {
    let shape = tables(around: [table]).first { $0.name == table }
    let keys = shape?.foreignKeys.filter { key in
      key.onDelete == "SET NULL" && key.columns.contains(column) && key.table != table
    }
    return (keys ?? []).flatMap { key in
      [RowsDifference.Ancestor(key.table, cascades: true)]
        + ancestors(of: key.table).filter(\.cascades).map {
          RowsDifference.Ancestor($0.table, through: $0.through ?? key.table, cascades: true)
        }
    }
  }
}
