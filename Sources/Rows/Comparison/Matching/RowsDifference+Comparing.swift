import Databases
import Schemas

extension RowsDifference {
  /// Compares two images of one database.
  ///
  /// A table is the same as before by PostgreSQL's oid, by what the statements did, by name, or by its
  /// rows; a column by its number, the statements, its name or its values.
  /// - Parameter statements: those that ran between the two, in order, as they were sent. They are read
  ///   for SQLite alone, which has nothing but names.
  package init(from before: RowImage, to after: RowImage, statements: [String] = []) {
    // Without a counter nothing is asked, and nothing can fail.
    self = (try? Self(from: before, to: after, statements: statements, counter: nil)) ?? Self()
  }

  /// - Parameter counter: counts what differs in large tables of which marks were kept; nil where none
  ///   were.
  /// - Throws: what the counter throws.
  init(
    from before: RowImage, to after: RowImage, statements: [String], counter: (any RowCounter)?
  ) throws {
    let trace = TableTrace(before.engine == .sqlite ? statements : [])
    var tables: [Table] = []
    var gone: [TableImage] = []
    var made: [TableImage] = []
    for pair in TableMatching(from: before, to: after, trace).pairs {
      switch (pair.before, pair.after) {
      case (let old?, let new?):
        let references = References(of: new.name, from: before, to: after)
        let facts = try Self.facts(old, new, pair.origin, references, counter)
        if facts.saysSomething { tables.append(facts) }
      case (let old?, nil): gone.append(old)
      case (nil, let new?): made.append(new)
      case (nil, nil): continue
      }
    }
    gone.sort { $0.name.precedes($1.name) }
    made.sort { $0.name.precedes($1.name) }
    tables += try Self.joinRenamed(&gone, &made)
    tables += gone.map(Self.gone).filter(\.saysSomething)
    tables += made.map(Self.made).filter(\.saysSomething)
    self.init(tables.sorted { $0.name.precedes($1.name) })
    for index in self.tables.indices { self.tables[index].learnAncestors(before.snapshot) }
    let moved = MovedRows(from: before, to: after, trace)
    for index in self.tables.indices where self.tables[index].after != nil {
      self.tables[index].movedTo = moved.target(of: self.tables[index])
    }
  }

  /// The same with samples for a large table, from rows that `RowReader.rows` read of its
  /// `differingBuckets` at both times. Its numbers stay: these rows are only some of those concerned.
  package func showing(_ before: TableImage, _ after: TableImage, statements: [String] = [])
    -> RowsDifference
  {
    let trace = TableTrace(before.oid == nil ? statements : [])
    let origin = trace.origin(of: after.name.name.raw)
    guard let shown = try? Self.facts(before, after, origin) else { return self }
    return RowsDifference(
      tables.map { table in
        guard table.after == after.name, table.before == before.name else { return table }
        var table = table
        table.lost = shown.lost
        table.added = shown.added
        table.columns = table.columns.map { column in
          var column = column
          let same = shown.columns.first { $0.after == column.after && $0.before == column.before }
          column.samples = same?.samples ?? []
          column.shift = same?.shift
          return column
        }
        return table
      })
  }

  private static func facts(
    _ old: TableImage, _ new: TableImage, _ origin: TableTrace.Origin?,
    _ references: References = References(), _ counter: (any RowCounter)? = nil
  ) throws -> Table {
    let columns = ColumnMatching(old, new, origin)
    if case .rows(let oldRows) = old.content, case .rows(let newRows) = new.content {
      return ValuesComparison(old, oldRows, new, newRows, columns, references).facts
    }
    guard let oldSums = old.sums, let newSums = new.sums else {
      var table = Table(
        before: old.name, after: new.name, rowsBefore: old.rowCount, rowsAfter: new.rowCount)
      // What could be read neither before nor after has not changed as far as can be told.
      table.notCompared = new.unreadable ?? old.unreadable
      table.isExact = false
      return table
    }
    let comparison = SumsComparison(old, oldSums, new, newSums, columns)
    return try counter.map { try comparison.facts(countedBy: $0) } ?? comparison.facts
  }

  /// A table that is gone and a new one with the same rows in the same columns are the same.
  private static func joinRenamed(
    _ gone: inout [TableImage], _ made: inout [TableImage]
  ) throws -> [Table] {
    var found: [Table] = []
    try made.removeAll { new in
      guard new.rowCount > 0 else { return false }
      for (index, old) in gone.enumerated()
      where old.rowCount == new.rowCount && old.columns.count == new.columns.count {
        let facts = try facts(old, new, nil)
        guard facts.rowsLost == 0, facts.rowsAdded == 0, facts.notCompared == nil,
          facts.columns.allSatisfy({ !$0.isDropped && !$0.isAdded && $0.changed == 0 })
        else { continue }
        found.append(facts)
        gone.remove(at: index)
        return true
      }
      return false
    }
    return found
  }

  private static func gone(_ old: TableImage) -> Table {
    var table = Table(before: old.name, after: nil, rowsBefore: old.rowCount, rowsAfter: 0)
    table.rowsLost = old.rowCount
    table.keyColumns = old.key.map { old.columns[$0].name }
    table.lost = old.samples
    table.notCompared = old.unreadable
    return table
  }

  private static func made(_ new: TableImage) -> Table {
    var table = Table(before: nil, after: new.name, rowsBefore: 0, rowsAfter: new.rowCount)
    table.rowsAdded = new.rowCount
    table.keyColumns = new.key.map { new.columns[$0].name }
    table.added = new.samples
    table.notCompared = new.unreadable
    return table
  }
}

extension RowsDifference.Table {
  /// - Parameter snapshot: the schema before the change.
  fileprivate mutating func learnAncestors(_ snapshot: Snapshot) {
    guard after != nil, let name = before else { return }
    if rowsLost > 0 { ancestors = snapshot.ancestors(of: name) }
    for index in columns.indices where (columns[index].changes[.nulled] ?? 0) > 0 {
      guard let column = columns[index].before else { continue }
      columns[index].clearedUnder = snapshot.ancestors(clearing: column, of: name)
    }
  }
}

extension TableImage {
  fileprivate var samples: [RowsDifference.RowSample] {
    guard case .rows(let rows) = content else { return [] }
    return rows.prefix(RowsDifference.sampleSize).map { row in
      RowsDifference.RowSample(
        key: key.map { row[$0].text ?? "NULL" },
        values: zip(columns, row).map {
          RowsDifference.NamedValue($0.name, ShownValue($1, of: $0))
        })
    }
  }
}
