internal import Databases
internal import Projects
internal import Schemas
internal import Walks

/// What a trace says of a PostgreSQL database, with what lay in it before and after.
///
/// Only relations of before count: what a migration makes itself is in nobody's way.
struct PostgresMeasurement {
  let reading: TraceReading
  let before: RelationImage
  let after: RelationImage
  /// The table of the tool's own, which is no part of the project's data.
  let versionTable: ObjectID
  /// The session's own locks, and those that were seen from outside.
  private let locks: [SessionTrace.Lock]

  init(
    _ reading: TraceReading, before: RelationImage, after: RelationImage,
    sightings: [LockWatch.Sighting], versionTable: ObjectID
  ) {
    self.reading = reading
    self.before = before
    self.after = after
    self.versionTable = versionTable
    locks = reading.trace.locks + Self.locks(of: sightings, in: reading.trace)
  }

  /// The sightings that lie within one statement, as locks of it, where the session has not told of them
  /// itself.
  static func locks(
    of sightings: [LockWatch.Sighting], in trace: SessionTrace
  ) -> [SessionTrace.Lock] {
    sightings.filter(\.isGranted).compactMap { seen -> SessionTrace.Lock? in
      let statement = trace.statements.last {
        $0.clock[0] <= seen.first && seen.first <= $0.clock[1]
      }
      guard let statement else { return nil }
      let known = trace.locks.contains {
        $0.relation == seen.relation && $0.mode == seen.mode && $0.taken <= statement.ended
          && $0.released >= statement.began
      }
      if known { return nil }
      func moment(_ clock: Double) -> Double {
        statement.began + min(max(clock, statement.clock[0]), statement.clock[1])
          - statement.clock[0]
      }
      return SessionTrace.Lock(
        relation: seen.relation, mode: seen.mode, statement: statement.statement,
        taken: moment(seen.before), released: moment(seen.gone ?? statement.clock[1]))
    }
  }

  /// The relation of before with this oid, where it is the project's.
  private func relation(_ oid: Int?) -> RelationImage.Relation? {
    guard let oid, let relation = before.relations[oid], relation.id.heldBy != versionTable else {
      return nil
    }
    return relation
  }

  var steps: [StepMeasurement] {
    let chapters = reading.chapters
    var steps = chapters.map(reading.step)
    var files = before.relations.mapValues(\.file)
    for (number, chapter) in chapters.enumerated() {
      for (place, span) in chapter.spans.enumerated() {
        for measured in span.measured {
          fill(&steps[number].statements[place], from: measured, files: &files)
        }
      }
    }
    for lock in locks {
      guard let number = reading.chapter(of: lock, in: chapters),
        let mode = LockMode(serverName: lock.mode)
      else { continue }
      if let index = newIndexes[lock.relation ?? 0],
        let place = chapters[number].place(of: lock.statement),
        !steps.flatMap(\.statements).contains(where: { $0.built.contains(index) })
      {
        steps[number].statements[place].built.append(index)
      }
      guard let relation = relation(lock.relation) else { continue }
      steps[number].locks.append(
        reading.heldLock(lock, on: relation.id, mode, in: chapters[number]))
    }
    attributeRewrites(unexplainedBy: files, to: &steps)
    return steps
  }

  /// Indexes on tables of before that came with the rehearsal, but for those that were only made anew.
  private var newIndexes: [Int: ObjectID] {
    let names = Set(before.relations.values.map(\.id))
    return after.relations.filter { oid, relation in
      relation.id.kind == .index && before.relations[oid] == nil && !names.contains(relation.id)
        && self.relation(relation.table) != nil
    }.mapValues(\.id)
  }

  private func fill(
    _ statement: inout StatementMeasurement, from measured: SessionTrace.Statement,
    files: inout [Int: Int?]
  ) {
    if before.logsAsProduction, let wal = measured.wal {
      statement.walBytes = (statement.walBytes ?? 0) + wal
    }
    for seen in measured.relations ?? [] {
      guard let known = relation(seen.relation) else { continue }
      if let file = seen.file, let last = files[seen.relation] ?? nil, file != last {
        statement.rewritten.append(known.id)
      }
      files[seen.relation] = .some(seen.file)
      // Where the server has no estimate: a page holds a row at least.
      let all = known.rows.map { Double($0) * 0.9 } ?? Double(known.pages)
      if seen.scans > 0, known.id.kind == .table, seen.read > 0, Double(seen.read) >= all,
        !statement.scanned.contains(known.id)
      {
        statement.scanned.append(known.id)
      }
      if seen.inserted + seen.updated + seen.deleted > 0, known.id.kind == .table {
        let end = reading.endOfTransaction(at: measured.began) ?? measured.ended
        statement.rows.append(
          TouchedRows(
            table: known.id, inserted: seen.inserted, updated: seen.updated,
            deleted: seen.deleted, held: end - measured.began))
      }
    }
  }

  /// What lies elsewhere at the end and was not seen to move was moved outside of a transaction, by the
  /// statement that kept everybody from it.
  private func attributeRewrites(
    unexplainedBy files: [Int: Int?], to steps: inout [StepMeasurement]
  ) {
    for (oid, image) in before.relations.sorted(by: { $0.key < $1.key }) {
      guard let relation = relation(oid), let file = after.relations[oid]?.file, image.file != nil,
        file != files[oid] ?? nil
      else { continue }
      for number in steps.indices {
        let lock = steps[number].locks.first {
          $0.relation == relation.id && $0.mode == .accessExclusive
        }
        if let place = lock?.statement {
          steps[number].statements[place].rewritten.append(relation.id)
          break
        }
      }
    }
  }

  var relations: [RelationMeasurement] {
    var waits = WaitingTimes()
    for lock in locks {
      guard let relation = relation(lock.relation), let mode = LockMode(serverName: lock.mode)
      else { continue }
      waits.add(
        mode.blocks, on: relation.id.heldBy, from: lock.taken, until: lock.released)
    }
    return before.relations.compactMap { oid, image -> RelationMeasurement? in
      guard relation(oid) != nil else { return nil }
      let now = after.relations[oid]
      let isStored = image.file != nil
      let measured = RelationMeasurement(
        relation: image.id, rows: image.rows,
        size: isStored ? SizeChange(before: image.size, after: now?.size) : nil,
        isRewritten: isStored && now != nil && now?.file != image.file,
        longestReadWait: waits.longest(for: .readsAndWrites, on: image.id),
        longestWriteWait: waits.longest(for: .writes, on: image.id))
      let isUntouched =
        !measured.isRewritten && measured.longestWriteWait == 0
        && now?.size == image.size
      return isUntouched ? nil : measured
    }.sorted { $0.relation < $1.relation }
  }
}
