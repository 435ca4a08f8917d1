internal import Databases
internal import Projects
internal import Schemas

/// What each statement did to the files of the project's relations, in the order of the statements.
struct RelationChanges {
  /// What has changed, by oids.
  struct Change: Hashable {
    /// Tables and indexes of before that lie in another file now.
    var moved: [Int] = []
    /// Indexes that came to a table of before.
    var built: [Index] = []
    /// Indexes that took another one's name and place.
    var replaced: [Index] = []
    /// Indexes of before that are gone, though their table is there.
    var dropped: [Int] = []

    var isEmpty: Bool { moved.isEmpty && built.isEmpty && replaced.isEmpty && dropped.isEmpty }
  }

  /// One that was not there before.
  struct Index: Hashable {
    let table: Int
    let id: ObjectID
  }

  private var changes: [SessionTrace.Statement: Change] = [:]
  /// Every table and index of before that some statement put into another file.
  private(set) var moved: Set<Int> = []

  /// - Parameter isCounted: which oids are the project's own.
  init(
    of statements: [SessionTrace.Statement], before: RelationImage, after: RelationImage,
    where isCounted: (Int) -> Bool
  ) {
    var files = before.relations.mapValues(\.file)
    var known = Set(before.relations.values.map(\.id))
    var credited: [Int: ObjectID] = [:]
    /// Of an index that is new; one that is gone again at the end is told by name.
    func index(_ seen: SessionTrace.Relation) -> Index? {
      guard before.relations[seen.relation] == nil,
        let table = after.relations[seen.relation]?.table ?? seen.table, isCounted(table)
      else { return nil }
      if let relation = after.relations[seen.relation] {
        return relation.id.kind == .index ? Index(table: table, id: relation.id) : nil
      }
      guard let holder = before.relations[table]?.id, let name = seen.name else { return nil }
      return Index(
        table: table,
        id: ObjectID(.index, schema: holder.schema, holder.path + [Identifier(name)]))
    }
    for statement in statements {
      var change = Change()
      var gone: [ObjectID] = []
      for seen in statement.relations ?? [] {
        let oid = seen.relation
        if seen.file == nil, let id = credited[oid] ?? before.relations[oid]?.id,
          id.kind == .index, credited[oid] != nil || files[oid] != .some(nil)
        {
          gone.append(id)
        }
        if let index = index(seen), credited.updateValue(index.id, forKey: oid) == nil {
          if known.insert(index.id).inserted {
            change.built.append(index)
          } else {
            change.replaced.append(index)
          }
        }
        guard isCounted(oid), let relation = before.relations[oid] else { continue }
        if seen.isGone == true {
          if let table = relation.table, after.relations[table] != nil {
            change.dropped.append(oid)
          }
          continue
        }
        if let file = seen.file, let last = files[oid] ?? nil, file != last {
          change.moved.append(oid)
          moved.insert(oid)
        }
        files[oid] = .some(seen.file)
      }
      // Another one may have the name from the next statement on.
      known.subtract(gone)
      known.formUnion((change.built + change.replaced).map(\.id))
      if !change.isEmpty { changes[statement] = change }
    }
  }

  func of(_ statement: SessionTrace.Statement) -> Change { changes[statement] ?? Change() }
}
