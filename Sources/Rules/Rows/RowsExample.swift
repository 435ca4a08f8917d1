import Databases
import History
import Rows
import Schemas
import Walks

extension RowsDifference {
  private static func day(_ columns: [Column] = [], lost: Int = 0, added: Int = 0) -> RowsDifference
  {
    var table = Table(
      before: TableName("day"), after: TableName("day"), rowsBefore: 3, rowsAfter: 3 - lost + added)
    table.rowsLost = lost
    table.rowsAdded = added
    table.columns = columns
    return RowsDifference([table])
  }

  /// Table `day` without so many of its three rows.
  static func example(lost: Int) -> RowsDifference { day(lost: lost) }

  /// Table `day` with so many rows beside its three.
  static func example(added: Int) -> RowsDifference { day(added: added) }

  /// Table `day` without that column, which held three values.
  static func example(dropped: Identifier) -> RowsDifference {
    var column = Column(before: dropped, after: nil)
    column.valuesBefore = 3
    return day([column])
  }

  /// Table `day` with two values of that column changed.
  static func example(changed: Identifier, _ change: ValueChange) -> RowsDifference {
    var column = Column(before: changed, after: changed)
    column.changes = [change: 2]
    return day([column])
  }
}

extension RowFilling {
  /// A fault at the third line of a fixture.
  static func example(rejected: String? = nil, missing: String? = nil) -> RowFilling {
    func faults(_ message: String?) -> [FixtureFault] {
      message.map {
        [
          FixtureFault(
            place: SourcePlace(file: "stairway/fixtures/9f31c02e77ab.yml", line: 3),
            table: TableName("day"), message: $0)
        ]
      } ?? []
    }
    var filling = RowFilling()
    filling.hasProvided = true
    filling.rejected = faults(rejected)
    filling.missing = faults(missing)
    return filling
  }
}
