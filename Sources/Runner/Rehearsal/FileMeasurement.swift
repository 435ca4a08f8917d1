internal import Projects
internal import Schemas
internal import Walks

/// What a trace says of a SQLite file, with what lay in it before and after.
struct FileMeasurement {
  let reading: TraceReading
  let before: FileImage
  let after: FileImage

  var steps: [StepMeasurement] {
    let chapters = reading.chapters
    var steps = chapters.map(reading.step)
    for (number, chapter) in chapters.enumerated() {
      for (place, span) in chapter.spans.enumerated() {
        steps[number].statements[place].rewritten = span.measured.flatMap { $0.roots ?? [] }
          .compactMap { before.objects[$0] }
      }
    }
    for lock in reading.trace.locks {
      guard let number = reading.chapter(of: lock, in: chapters),
        let mode = LockMode(serverName: lock.mode)
      else { continue }
      // Whoever reads a file with a write-ahead log sees the state of before.
      if mode == .fileExclusive, before.journalMode == "wal" { continue }
      steps[number].locks.append(reading.heldLock(lock, on: nil, mode, in: chapters[number]))
    }
    return steps
  }

  func relations(of steps: [StepMeasurement]) -> [RelationMeasurement] {
    Set(steps.flatMap(\.rewritten)).sorted().map {
      RelationMeasurement(relation: $0, isRewritten: true)
    }
  }
}
