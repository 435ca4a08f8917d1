import Databases
import Rows
import Schemas

extension TestDatabase {
  func image(_ limits: RowLimits = RowLimits()) throws -> RowImage {
    try RowReader(address: address, limits: limits).image(of: snapshot())
  }

  /// What the statements make of the rows.
  func difference(_ statements: [String], limits: RowLimits = RowLimits()) throws
    -> RowsDifference
  {
    let before = try image(limits)
    for statement in statements { try execute(statement) }
    return RowsDifference(from: before, to: try image(limits), statements: statements)
  }
}

extension RowLimits {
  /// So little that every table with a row is a large one.
  static let none = RowLimits(rows: 0, bytes: 0)

  /// Both ways in which a table is compared.
  static let both = [RowLimits(), none]
}
