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
  private let changes: RelationChanges
  /// The session's own locks, and those of its statements outside of a transaction.
  private let locks: [SessionTrace.Lock]
  private let alone: AloneLocks
  private let waits: LockWaits
  /// Others work on the copy too, so that not all that the server counts is the migration's.
  private let isShared: Bool

  init(
    _ reading: TraceReading, before: RelationImage, after: RelationImage,
    seenBy watch: LockWatch.Account, versionTable: ObjectID, isShared: Bool = false
  ) {
    self.reading = reading
    self.before = before
    self.after = after
    self.versionTable = versionTable
    self.isShared = isShared
    changes = RelationChanges(of: reading.trace.statements, before: before, after: after) {
      before.relations[$0].map { $0.id.heldBy != versionTable } ?? false
    }
    alone = AloneLocks(of: reading, changes, before: before, seenBy: watch)
    waits = LockWaits(of: reading.trace, seenBy: watch)
    locks = reading.trace.locks + alone.locks
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
    for (number, chapter) in chapters.enumerated() {
      for (place, span) in chapter.spans.enumerated() {
        for measured in span.measured {
          fill(&steps[number].statements[place], from: measured)
        }
      }
    }
    for lock in locks {
      guard let number = reading.chapter(of: lock, in: chapters),
        let mode = LockMode(serverName: lock.mode), let relation = relation(lock.relation)
      else { continue }
      steps[number].locks.append(
        reading.heldLock(
          lock, on: relation.id, mode, in: chapters[number], after: waits.wait(for: lock)))
    }
    return steps
  }

  private func fill(
    _ statement: inout StatementMeasurement, from measured: SessionTrace.Statement
  ) {
    if before.logsAsProduction, let wal = measured.wal {
      statement.walBytes = (statement.walBytes ?? 0) + wal
    }
    let change = changes.of(measured)
    statement.rewritten += change.moved.compactMap { relation($0)?.id }
    // What a refused one leaves is INVALID.
    if statement.error == nil {
      statement.built += change.built.map(\.id)
      // Also where processes beside the session's own did the reading, whose counts are not its.
      statement.scanned += Set(change.built.map(\.table)).compactMap { relation($0) }
        .filter { $0.pages > 0 }.map(\.id).sorted()
    }
    statement.rows += truncated(by: measured, change.moved)
    if isShared, measured.isAlone == true { return }
    for seen in measured.relations ?? [] {
      guard let known = relation(seen.relation), known.id.kind == .table else { continue }
      // Where the server has no estimate: a page holds a row at least.
      let all = known.rows.map { Double($0) * 0.9 } ?? Double(known.pages)
      if seen.scans > 0, seen.read > 0, Double(seen.read) >= all,
        !statement.scanned.contains(known.id)
      {
        statement.scanned.append(known.id)
      }
      if seen.inserted + seen.updated + seen.deleted > 0 {
        let end = reading.endOfTransaction(at: measured.began) ?? measured.ended
        statement.rows.append(
          TouchedRows(
            table: known.id, root: known.root, inserted: seen.inserted, updated: seen.updated,
            deleted: seen.deleted, held: end - measured.began))
      }
    }
  }

  /// The rows that a TRUNCATE took, which no counter of the server's has
  /// (<https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ALL-TABLES-VIEW>):
  /// all that the table had, whose file is another one since. Where the word stands within a program, the
  /// table has to be empty at the end.
  private func truncated(
    by measured: SessionTrace.Statement, _ moved: some Sequence<Int>
  ) -> [TouchedRows] {
    let words = reading.sql(of: measured).lowercased().split { !$0.isLetter }
    guard words.contains("truncate") else { return [] }
    let end = reading.endOfTransaction(at: measured.began) ?? measured.ended
    return moved.compactMap { oid -> TouchedRows? in
      guard let known = relation(oid), known.id.kind == .table, let rows = known.rows, rows > 0,
        words.first == "truncate" || after.relations[oid]?.pages == 0
      else { return nil }
      return TouchedRows(
        table: known.id, root: known.root, inserted: 0, updated: 0, deleted: rows,
        held: end - measured.began)
    }
  }

  /// What has to be said of locks that nobody can be sure to have seen.
  ///
  /// `VACUUM` and `ANALYZE` keep nobody from reading or writing, and a query only those from a table who
  /// change its definition.
  var notes: [String] {
    alone.uncertain.compactMap { statement, gap in
      let sql = reading.sql(of: statement)
      let first = sql.prefix { $0.isLetter }.uppercased()
      if ["VACUUM", "ANALYZE", "ANALYSE", "SELECT", "WITH", "EXPLAIN"].contains(first) {
        return nil
      }
      return
        "what `\(sql.prefix(60))\(sql.count > 60 ? "…" : "")` locked outside of a transaction was "
        + "watched from a second connection only: a lock held for less than "
        + "\(max(1, Int((gap * 1_000).rounded(.up)))) ms may be missing"
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
        relation: image.id, root: image.root, rows: image.rows,
        size: isStored ? SizeChange(before: image.size, after: now?.size) : nil,
        // Also of what was dropped later, or is where it was because nothing was kept.
        isRewritten: isStored
          && (changes.moved.contains(oid) || now != nil && now?.file != image.file),
        longestReadWait: waits.longest(for: .readsAndWrites, on: image.id),
        longestRowLockWait: waits.longest(for: .writesAndRowLocks, on: image.id),
        longestWriteWait: waits.longest(for: .writes, on: image.id))
      let isUntouched =
        !measured.isRewritten && measured.longestWriteWait == 0
        && now?.size == image.size
      return isUntouched ? nil : measured
    }.sorted { $0.relation < $1.relation }
  }
}
