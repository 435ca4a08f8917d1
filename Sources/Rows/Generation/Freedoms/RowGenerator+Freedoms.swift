import Databases
package import Schemas

extension RowGenerator {
  /// Writes what tables newly take, as users will before anybody thinks of a rollback: for each freedom
  /// one row more that makes use of it; where there can be no further row, one that is there is changed.
  ///
  /// - Parameters:
  ///   - changed: the tables that take more than they did.
  ///   - image: the rows that they and those which they refer to hold.
  ///   - tables: the shapes of both.
  ///   - kind: with edge rows keys are used too that are larger than the old type held.
  ///   - mayChange: whether the rows of a table may be changed.
  /// - Returns: how many rows were written.
  /// - Throws: `DatabaseError` where it is not a row that the engine refused.
  package func useFreedoms(
    of changed: [ChangedTable], _ image: RowImage, _ writer: RowWriter, tables: [TableShape],
    kind: Kind, mayChange: (TableName) -> Bool
  ) throws -> Int {
    var written = 0
    let index = TableIndex(tables)
    for table in changed where !table.after.isPartition && table.after.storage.isReadable {
      let freedoms = table.freedoms(among: index, unused: firstKey + 20_000, image).filter {
        kind == .edge || !$0.isExtreme
      }
      guard !freedoms.isEmpty,
        let search = FreedomSearch(
          table.after, image, tables: index, seed: seed, firstKey: firstKey)
      else { continue }
      for (number, freedom) in freedoms.enumerated() {
        if let row = search.furtherRow(using: freedom, number),
          try writer.insert([row], tables: tables).isEmpty
        {
          written += 1
        } else if mayChange(table.after.name),
          let (row, key) = search.changedRow(using: freedom, number),
          try writer.change(row, .having(key), tables: tables)
        {
          written += 1
        }
      }
    }
    return written
  }
}
