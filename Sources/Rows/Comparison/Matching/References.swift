import Databases
import Schemas

/// Where the references of one table could lead, to tell one that pointed to nothing from one that was
/// taken away.
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
