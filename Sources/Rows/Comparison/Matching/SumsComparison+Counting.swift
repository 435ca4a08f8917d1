import Databases

extension SumsComparison {
  /// The facts with the numbers that a counter finds by the rows' marks, where marks were kept at both
  /// times and the sums tell of a difference.
  ///
  /// - Throws: what the counter throws.
  func facts(countedBy counter: any RowCounter) throws -> RowsDifference.Table {
    var table = facts
    guard let was = old.marks, let now = new.marks, !table.isExact else { return table }
    let joined = columns.joining(table.columns.filter(\.isRenamed), before, after)
    if hasSameKey, !before.key.isEmpty {
      let counts = try counter.counts(from: was, to: now, joined.pairs)
      table.rowsLost = counts.lost
      table.rowsAdded = counts.added
      table.lost = counts.lostKeys.map { RowsDifference.RowSample(key: [$0], values: []) }
      fill(&table, joined, counts.columns.map(\.changes))
      table.isExact = true
      return table
    }
    // Rows that nothing names are only as many as before, or fewer.
    let missing = try counter.missingValues(from: was, to: now, joined.pairs)
    table.rowsLost = max(0, before.rowCount - after.rowCount)
    table.rowsAdded = max(0, after.rowCount - before.rowCount)
    table.notCompared = nil
    let changes = zip(joined.pairs, missing).map { pair, missing -> [ValueChange: Int] in
      let (one, other) = (old.total(of: pair.before).count, new.total(of: pair.after).count)
      // What went with rows that are gone is told with these.
      let gone = max(0, missing - table.rowsLost)
      let nulled = min(gone, max(0, one - other - table.rowsLost))
      return [.nulled: nulled, .replaced: gone - nulled].filter { $0.value > 0 }
    }
    fill(&table, joined, changes)
    let isOtherCompany =
      before.key.isEmpty && after.key.isEmpty && table.rowsLost + table.rowsAdded == 0
      && table.columns.isEmpty && old[0].whole != new[0].whole
    if isOtherCompany { (table.rowsLost, table.rowsAdded) = (1, 1) }
    table.isExact = table.rowsLost == 0
    return table
  }

  /// Puts the counted changes in the place of those that sums gave.
  private func fill(
    _ table: inout RowsDifference.Table, _ joined: ColumnMatching, _ changes: [[ValueChange: Int]]
  ) {
    let rest = table.columns.filter { $0.isAdded || $0.isDropped }
    let known = structure(among: [], joined)
    let moved = joined.moved
    table.columns =
      zip(joined.pairs, changes).map { pair, changes in
        let names = (before.columns[pair.before].name, after.columns[pair.after].name)
        var column =
          known.first { $0.before == names.0 && $0.after == names.1 }
          ?? unchanged(pair, isMoved: moved.contains(pair.after))
        // A clock's time that became a moment is the same one.
        column.changes = column.changes.filter(\.key.keepsValue).merging(changes) { _, new in new }
        return column
      }.filter(\.saysSomething) + rest
  }

  private func unchanged(
    _ pair: (before: Int, after: Int), isMoved: Bool
  ) -> RowsDifference.Column {
    var column = RowsDifference.Column(
      from: before.columns[pair.before], to: after.columns[pair.after], isMoved: isMoved)
    column.valuesBefore = old.total(of: pair.before).count
    column.valuesAfter = new.total(of: pair.after).count
    if column.valuesAfter == 0 { column.isUniformAfter = true }
    return column
  }
}

extension ColumnMatching {
  /// With the columns that were found to be renamed.
  fileprivate func joining(
    _ renamed: [RowsDifference.Column], _ before: TableImage, _ after: TableImage
  ) -> ColumnMatching {
    var joined = self
    for column in renamed {
      guard let old = dropped.first(where: { before.columns[$0].name == column.before }),
        let new = added.first(where: { after.columns[$0].name == column.after })
      else { continue }
      joined.join(old, new)
    }
    return joined
  }
}

extension MarkCounts.Column {
  fileprivate var changes: [ValueChange: Int] {
    [.nulled: nulled, .filled: filled, .replaced: replaced].filter { $0.value > 0 }
  }
}
