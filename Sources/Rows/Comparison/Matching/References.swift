import Databases
import Schemas

/// What one table's schema says of its values: where its references could lead, to tell one that pointed
/// to nothing from one that was taken away, and which labels of an enum are others under a new name.
struct References {
  private var table: TableName?
  private var images: (before: RowImage, after: RowImage)?

  /// Of a table of which that is not asked.
  init() {}

  /// - Parameter table: under its name after the change, whose foreign keys count.
  init(of table: TableName, from before: RowImage, to after: RowImage) {
    self.table = table
    images = (before, after)
  }

  /// The labels of an enum under which its values were kept, with those that stand in their places now:
  /// `ALTER TYPE … RENAME VALUE` touches no row. Labels that another one bore before are none of them.
  func renamedLabels(
    of column: Identifier, in oldTable: TableName, now newColumn: Identifier
  ) -> [String: String] {
    guard let table, let (before, after) = images,
      case .enumeration(let old)? = before.snapshot.type(of: column, in: oldTable),
      case .enumeration(let new)? = after.snapshot.type(of: newColumn, in: table),
      old.count == new.count
    else { return [:] }
    let renamed = zip(old, new).filter { $0 != $1 }
    guard renamed.allSatisfy({ !new.contains($0) && !old.contains($1) }) else { return [:] }
    return Dictionary(renamed) { first, _ in first }
  }

  /// Whether the column is a foreign key now, and no row to which it leads has had this value, before or
  /// after. False where these are too many to be kept.
  func pointedToNothing(_ cell: Cell, _ origin: ColumnImage, in column: Identifier) -> Bool {
    guard let table, let (before, after) = images, let value = origin.kind.canonical(cell),
      let shape = after.snapshot.tables(around: [table]).first(where: { $0.name == table })
    else { return false }
    return shape.foreignKeys.contains { key in
      guard key.columns == [column], let target = key.referencedColumns.first,
        let now = after[key.table]
      else { return false }
      return [now, before[key.table]].compactMap { $0 }.allSatisfy { image in
        guard case .rows(let rows) = image.content,
          let place = image.columns.firstIndex(where: { $0.name == target })
        else { return false }
        let kind = image.columns[place].kind
        return !rows.contains { kind.canonical($0[place]).map(ExactText.init) == ExactText(value) }
      }
    }
  }
}

extension Snapshot {
  /// The column's type beneath all domains.
  fileprivate func type(of column: Identifier, in table: TableName) -> ColumnType? {
    tables(around: [table]).first { $0.name == table }?.columns.first { $0.name == column }?.type
      .base
  }
}
