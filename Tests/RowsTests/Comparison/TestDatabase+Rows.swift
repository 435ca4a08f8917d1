import Databases
import Rows
import Schemas
import TestSupport
import Testing

extension TestDatabase {
  func image(_ limits: RowLimits = RowLimits()) throws -> RowImage {
    try RowReader(address: address, limits: limits).image(of: snapshot())
  }

  /// What the statements make of the rows, as a reader sees it that has seen them before, and which
  /// must see what one does that has not.
  func difference(_ statements: [String], limits: RowLimits = RowLimits()) throws
    -> RowsDifference
  {
    let reader = try RowReader(address: address, limits: limits)
    let before = try reader.image(of: snapshot())
    for statement in statements { try execute(statement) }
    let after = try reader.image(of: snapshot())
    let fresh = try image(limits)
    #expect(RowsDifference(from: after, to: fresh).tables == [])
    #expect(after.ordered.map(\.name) == fresh.ordered.map(\.name))
    return RowsDifference(from: before, to: after, statements: statements)
  }
}

extension RowLimits {
  /// So little that every table with a row is a large one.
  static let none = RowLimits(rows: 0, bytes: 0)

  /// Both ways in which a table is compared.
  static let both = [RowLimits(), none]
}
