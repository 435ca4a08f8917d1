internal import History
internal import Projects
internal import Schemas
internal import Walks

/// Makes what a session told of its connections into measurements of revisions and statements.
struct TraceReading {
  let answer: SessionAnswer
  let trace: SessionTrace

  /// A statement as it was measured: several of the driver's where so many were sent that the last of
  /// those that are kept stands for all that follow.
  struct Span {
    /// Its place among the answer's statements.
    let index: Int
    var measured: [SessionTrace.Statement]

    var began: Double { measured.first?.began ?? 0 }
    var ended: Double { measured.last?.ended ?? 0 }
  }

  /// A revision's statements, in order.
  struct Chapter {
    let part: SessionTrace.Part
    let end: Double
    var spans: [Span]

    /// The place of an answer's statement among the revision's own.
    func place(of statement: Int?) -> Int? {
      statement.flatMap { index in spans.firstIndex { $0.index == index } }
    }
  }

  var chapters: [Chapter] {
    var chapters = trace.parts.map {
      Chapter(part: $0, end: $0.ended ?? trace.duration, spans: [])
    }
    for statement in trace.statements {
      guard answer.statements.indices.contains(statement.statement),
        let chapter = chapters.lastIndex(where: { $0.part.began <= statement.began }),
        statement.began <= chapters[chapter].end
      else { continue }
      if let last = chapters[chapter].spans.indices.last,
        chapters[chapter].spans[last].index == statement.statement
      {
        chapters[chapter].spans[last].measured.append(statement)
      } else {
        chapters[chapter].spans.append(Span(index: statement.statement, measured: [statement]))
      }
    }
    return chapters
  }

  /// As it was sent; empty where it is not among those that are kept.
  func sql(of statement: SessionTrace.Statement) -> String {
    answer.statements.indices.contains(statement.statement)
      ? answer.statements[statement.statement].sql : ""
  }

  /// In how many transactions something was committed: each statement outside of one is one by itself,
  /// where it does more than read.
  var committed: Int {
    let alone = trace.statements.count { statement in
      guard statement.isAlone == true || statement.isWrapped == true,
        answer.statements.indices.contains(statement.statement),
        answer.statements[statement.statement].error == nil
      else { return false }
      let first = sql(of: statement).drop { !$0.isLetter }.prefix { $0.isLetter }.lowercased()
      return !["select", "show", "set", "reset", "explain"].contains(first)
    }
    return trace.transactions.count(where: \.isCommitted) + alone
  }

  /// When the transaction ends that is open at this moment; nil where none is.
  func endOfTransaction(at moment: Double) -> Double? {
    trace.transactions.first { $0.began <= moment && moment <= $0.ended }?.ended
  }

  /// The measurement of a revision, without what an engine has to add.
  func step(_ chapter: Chapter) -> StepMeasurement {
    let revision = chapter.part.revision
    var step = StepMeasurement(
      revision: revision, begin: chapter.part.began, duration: chapter.end - chapter.part.began)
    if revision == answer.stoppedAt { step.outcome = answer.outcome }
    step.statements = chapter.spans.map { span in
      let sent = answer.statements[span.index]
      var measured = StatementMeasurement(
        sql: sent.sql, line: sent.line, begin: span.began - chapter.part.began,
        duration: sent.duration, error: sent.error)
      measured.rowCount = sent.rowCount
      measured.followsReferences = sent.followsReferences
      return measured
    }
    return step
  }

  /// A lock as the revision's own account has it.
  func heldLock(
    _ lock: SessionTrace.Lock, on relation: ObjectID?, _ mode: LockMode, in chapter: Chapter,
    after wait: Double = 0
  ) -> HeldLock {
    let whole = max(0, lock.released - lock.taken)
    let waited = min(wait, whole)
    return HeldLock(
      relation: relation, mode: mode, statement: chapter.place(of: lock.statement),
      taken: max(0, lock.taken - chapter.part.began), waited: waited, held: whole - waited)
  }

  /// The revision in whose time a lock was taken; what env.py takes before all of them is the first's.
  func chapter(of lock: SessionTrace.Lock, in chapters: [Chapter]) -> Int? {
    chapters.lastIndex { $0.part.began <= lock.taken } ?? chapters.indices.first
  }
}
