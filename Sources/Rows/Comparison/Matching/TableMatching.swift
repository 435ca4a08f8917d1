import Databases
import Schemas

/// A table before and after; one of the two is nil where it was dropped or made.
struct TablePair {
  var before: TableImage?
  var after: TableImage?
  /// The names before of columns, by their names after in small letters, as statements tell them.
  var origin: TableTrace.Origin?
}

/// Finds which table after is which table before: by PostgreSQL's oid, by what the statements did, by
/// name. What was not touched is left out.
struct TableMatching {
  private(set) var pairs: [TablePair] = []
  private var before: [TableName: TableImage]
  private var after: [TableName: TableImage]

  init(from old: RowImage, to new: RowImage, _ trace: TableTrace) {
    before = old.tables.filter { new.tables[$0.key] !== $0.value }
    after = new.tables.filter { old.tables[$0.key] !== $0.value }
    joinPartitions()
    matchByOID()
    if old.engine == .sqlite { matchByStatements(trace) }
    matchByName(on: old.engine, trace)
    pairs += before.values.map { TablePair(before: $0) } + after.values.map { TablePair(after: $0) }
  }

  private mutating func pair(
    _ old: TableImage, _ new: TableImage, _ origin: TableTrace.Origin? = nil
  ) {
    before[old.name] = nil
    after[new.name] = nil
    pairs.append(TablePair(before: old, after: new, origin: origin))
  }

  /// A table that became a partition of another is compared as a part of that one, and likewise one
  /// that was detached.
  private mutating func joinPartitions() {
    Self.join(&before, as: after)
    Self.join(&after, as: before)
  }

  private static func join(
    _ tables: inout [TableName: TableImage], as others: [TableName: TableImage]
  ) {
    for whole in others.values where !whole.partitions.isEmpty {
      let parts = tables.values.filter { $0.oid.map { whole.partitions.contains($0) } ?? false }
        .sorted { $0.name.precedes($1.name) }
      guard let first = parts.first else { continue }
      let base = tables.values.first { $0.oid == whole.oid } ?? first
      let joined = parts.filter { $0 !== base }.reduce(base) { $0.joined(with: $1) ?? $0 }
      for part in parts { tables[part.name] = nil }
      tables[joined.name] =
        base === first && base.oid != whole.oid
        ? joined.renumbered(whole.oid) : joined
    }
  }

  private mutating func matchByOID() {
    let numbers = Dictionary(after.values.compactMap { table in table.oid.map { ($0, table) } }) {
      first, _ in first
    }
    for old in before.values {
      if let oid = old.oid, let new = numbers[oid] { pair(old, new) }
    }
  }

  private mutating func matchByStatements(_ trace: TableTrace) {
    let old = Dictionary(before.values.map { ($0.name.name.raw.lowercased(), $0) }) { first, _ in
      first
    }
    let origins = after.values.compactMap { new in
      trace.origin(of: new.name.name.raw).map {
        (new: new, origin: $0, isRebuilt: $0.isName(new.name))
      }
    }
    // A table is itself after it was rebuilt, whatever else was filled from it.
    for (new, origin, _) in origins.sorted(by: {
      $0.isRebuilt != $1.isRebuilt ? $0.isRebuilt : $0.new.name.precedes($1.new.name)
    }) {
      guard let table = origin.table, let source = old[table], before[source.name] != nil else {
        continue
      }
      pair(source, new, origin)
    }
  }

  private mutating func matchByName(on engine: Engine, _ trace: TableTrace) {
    let names = Dictionary(after.values.map { ($0.name.folded(on: engine), $0) }) { first, _ in
      first
    }
    for old in before.values {
      if let new = names[old.name.folded(on: engine)] { pair(old, new) }
    }
  }
}

extension TableTrace.Origin {
  /// Whether it is what had this name before.
  fileprivate func isName(_ name: TableName) -> Bool { table == name.name.raw.lowercased() }
}

extension TableImage {
  /// The rows of both tables, in this one's columns; nil where they cannot be put together.
  func joined(with other: TableImage) -> TableImage? {
    let names = Dictionary(other.columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
    let places = columns.map { names[$0.name] }
    switch (content, other.content) {
    case (.rows(let own), .rows(let rows)):
      let added = rows.map { row in places.map { place in place.map { row[$0] } ?? .null } }
      return with(content: .rows(own + added))
    default:
      guard let own = sums, let rest = other.sums,
        key.map({ columns[$0].name })
          == other.key.map({ other.columns[$0].name })
      else { return nil }
      var joined = own
      for index in Set(own.buckets.keys).union(rest.buckets.keys) {
        let (one, other) = (own[index], rest[index])
        var bucket = RowSums.Bucket(width: columns.count)
        bucket.rows = one.rows + other.rows
        bucket.whole = one.whole &+ other.whole
        for (column, place) in places.enumerated() {
          bucket.columns[column] =
            one.columns[column] + (place.map { other.columns[$0] } ?? .init())
        }
        joined.put(bucket, at: index)
      }
      return with(content: .sums(joined))
    }
  }

  func renumbered(_ oid: UInt32?) -> TableImage {
    TableImage(
      name, oid: oid, file: file, partitions: partitions, columns: columns.map { $0.withoutNumber },
      key: key, content: content)
  }

  private func with(content: Content) -> TableImage {
    TableImage(
      name, oid: oid, file: file, partitions: partitions, columns: columns, key: key,
      content: content)
  }
}

extension ColumnImage {
  /// For a column whose number is that of another table.
  fileprivate var withoutNumber: ColumnImage {
    ColumnImage(
      name: name, type: type, number: nil, kind: kind, constantDefault: constantDefault,
      computation: computation, clockOffsets: clockOffsets)
  }
}
