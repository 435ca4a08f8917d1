import Databases

/// Compares a table at two times of which the values are kept.
struct ValuesComparison {
  private let before: TableImage
  private let after: TableImage
  private let oldRows: [[Cell]]
  private let newRows: [[Cell]]
  private var columns: ColumnMatching
  private let rows: RowMatching
  private let references: References

  init(
    _ before: TableImage, _ oldRows: [[Cell]], _ after: TableImage, _ newRows: [[Cell]],
    _ columns: ColumnMatching, _ references: References
  ) {
    self.references = references
    self.before = before
    self.after = after
    self.oldRows = oldRows
    self.newRows = newRows
    self.columns = columns
    rows = RowMatching(before, oldRows, after, newRows, columns: columns)
    joinRenamed()
  }

  /// A column that is gone and a new one that has the same values are the same. Values that a default
  /// alone would give tell nothing.
  private mutating func joinRenamed() {
    for new in columns.added {
      let text = after.columns[new].constantDefault
      let same = columns.dropped.first { old in
        let comparison = ValueComparison(
          from: before.columns[old], to: after.columns[new])
        var isTelling = false
        for row in rows.pairs {
          let (one, other) = (oldRows[row.before][old], newRows[row.after][new])
          if let change = comparison.change(one, other), !change.keepsValue { return false }
          if !other.isNull, after.columns[new].kind.canonical(other) != text { isTelling = true }
        }
        return isTelling
      }
      if let same { columns.join(same, new) }
    }
  }

  var facts: RowsDifference.Table {
    var table = RowsDifference.Table(
      before: before.name, after: after.name, rowsBefore: oldRows.count, rowsAfter: newRows.count)
    table.rowsLost = rows.lost.count
    table.rowsAdded = rows.added.count
    table.keyColumns = rows.key.map { before.columns[$0].name }
    table.lost = rows.lost.prefix(RowsDifference.sampleSize).map { sample(oldRows[$0], of: before) }
    table.added = rows.added.prefix(RowsDifference.sampleSize).map {
      sample(newRows[$0], of: after)
    }
    let moved = columns.moved
    var found = columns.pairs.map {
      column(from: $0.before, to: $0.after, isMoved: moved.contains($0.after))
    }
    found += columns.added.map { new in
      var column = RowsDifference.Column(before: nil, after: after.columns[new].name)
      column.typeAfter = after.columns[new].type
      column.valuesAfter = newRows.count { !$0[new].isNull }
      return column
    }
    found += columns.dropped.map { old in
      let image = before.columns[old]
      var column = RowsDifference.Column(before: image.name, after: nil)
      column.typeBefore = image.type
      column.computedBefore = image.computation
      column.valuesBefore = oldRows.count { !$0[old].isNull }
      column.notDefault = oldRows.count {
        !$0[old].isNull && image.kind.canonical($0[old]) != image.constantDefault
      }
      return column
    }
    table.columns = found.filter(\.saysSomething)
    return table
  }

  private func column(from old: Int, to new: Int, isMoved: Bool) -> RowsDifference.Column {
    let (one, other) = (before.columns[old], after.columns[new])
    var column = RowsDifference.Column(from: one, to: other, isMoved: isMoved)
    column.valuesBefore = oldRows.count { !$0[old].isNull }
    column.valuesAfter = newRows.count { !$0[new].isNull }
    let comparison = ValueComparison(from: one, to: other)
    var changes: [(row: (before: Int, after: Int), change: ValueChange)] = []
    lazy var labels = references.renamedLabels(of: one.name, in: before.name, now: other.name)
    for row in rows.pairs {
      let (was, now) = (oldRows[row.before][old], newRows[row.after][new])
      guard var change = comparison.change(was, now) else { continue }
      if one.kind == .other, let label = was.text, let name = labels[label], name == now.text {
        continue
      }
      if change == .nulled, references.pointedToNothing(was, one, in: other.name) {
        change = .unlinked
      }
      changes.append((row, change))
      column.changes[change, default: 0] += 1
    }
    guard !changes.isEmpty else { return column }
    column.isUniformAfter = Set(rows.pairs.map { newRows[$0.after][new] }).count == 1
    let telling = changes.filter { !$0.change.keepsValue } + changes.filter(\.change.keepsValue)
    column.samples = telling.prefix(RowsDifference.sampleSize).map { row, change in
      RowsDifference.ValueSample(
        key: key(oldRows[row.before]), change: change,
        before: ShownValue(oldRows[row.before][old], of: one, besides: other),
        after: ShownValue(newRows[row.after][new], of: other, besides: one))
    }
    column.shift = shift(changes.map { (oldRows[$0.row.before][old], newRows[$0.row.after][new]) })
    if column.changed > 0 {
      column.holdsValuesOf = source(of: new, insteadOf: old)
      column.isDrawnAnew = isDrawnAnew(
        changes.filter { !$0.change.keepsValue }.map {
          (oldRows[$0.row.before][old], newRows[$0.row.after][new])
        })
    }
    return column
  }

  /// Whether no value is there twice, at both times together.
  private func isDrawnAnew(_ values: [(before: Cell, after: Cell)]) -> Bool {
    let all = values.flatMap { [$0.before, $0.after] }
    return Set(all.compactMap { $0.text.map(ExactText.init) }).count == all.count
  }

  /// By how many seconds all the values moved.
  private func shift(_ values: [(Cell, Cell)]) -> Int? {
    let distances = Set(
      values.map { one, other -> Int64? in
        guard let left = one.text.flatMap({ Moment($0) }),
          let right = other.text.flatMap({ Moment($0) })
        else { return nil }
        return right.microseconds - left.microseconds
      })
    guard distances.count == 1, let distance = distances.first ?? nil, distance != 0,
      distance % 900_000_000 == 0
    else { return nil }
    return Int(distance / 1_000_000)
  }

  /// The column whose values a column now has.
  private func source(of new: Int, insteadOf old: Int) -> Identifier? {
    let candidates = before.columns.indices.filter { candidate in
      guard candidate != old, !rows.key.contains(candidate) else { return false }
      let comparison = ValueComparison(
        from: before.columns[candidate], to: after.columns[new])
      return rows.pairs.contains { !newRows[$0.after][new].isNull }
        && rows.pairs.allSatisfy {
          comparison.change(oldRows[$0.before][candidate], newRows[$0.after][new])?.keepsValue
            ?? true
        }
    }
    return candidates.first.map { before.columns[$0].name }
  }

  private func key(_ row: [Cell]) -> [String] { rows.key.map { row[$0].text ?? "NULL" } }

  private func sample(_ row: [Cell], of table: TableImage) -> RowsDifference.RowSample {
    let places =
      table === before
      ? rows.key : rows.key.compactMap { columns.places[$0] }
    return RowsDifference.RowSample(
      key: places.map { row[$0].text ?? "NULL" },
      values: zip(table.columns, row).map {
        RowsDifference.NamedValue($0.name, ShownValue($1, of: $0))
      })
  }
}

extension RowsDifference.Column {
  /// A renamed column whose values are as they were is worth saying; one that is as it was is not.
  var saysSomething: Bool {
    isAdded || isDropped || isRenamed || isMoved || isTypeChanged || !changes.isEmpty
  }
}
