import Platform

/// Reads what programs make of a file, a piece at a time.
struct ProgramPipe {
  let work: CopyWork

  init(_ work: CopyWork) { self.work = work }

  /// - Parameters:
  ///   - dump: the file to read, unpacked on the way where it is packed; nil where the second program
  ///     reads its own.
  ///   - program: what the file goes through, with its arguments; nil for nothing.
  ///   - body: takes each piece.
  /// - Throws: `CopyError` where a program fails, what `body` throws, and `PlatformError` `interrupted`.
  func read(
    unpacking dump: DumpFile?, through program: (String, [String])?,
    _ body: ([UInt8]) throws -> Void
  ) throws {
    var source = try dump.map { try Files.open(reading: $0.path) }
    var runs: [ProgramRun] = []
    func pass(_ path: String, _ arguments: [String]) throws {
      let pipe = try Pipe()
      var descriptors = [Int32(1): pipe.writing.number]
      if let source { descriptors[0] = source.number }
      runs.append(try ProgramRun(path, arguments, descriptors: descriptors, work))
      source?.close()
      pipe.writing.close()
      source = pipe.reading
    }
    if let compression = dump?.compression {
      try pass(compression.unpacking.program, compression.unpacking.arguments)
    }
    if let program { try pass(program.0, program.1) }
    guard let source else { return }
    do {
      while let bytes = try source.read(interruption: work.interruption) { try body(bytes) }
    } catch {
      for run in runs { run.stop() }
      throw error
    }
    let statuses = try runs.map { try $0.wait() }
    for (run, status) in zip(runs, statuses) where !status.isSuccess && !run.lostItsReader {
      if run.name == "pg_restore" {
        let words = RestoreErrors(run.words).others
        // Where the program before it failed, that is the reason.
        if statuses.first?.isSuccess == false, runs.count > 1 { continue }
        throw ArchiveRestoring.archiveError(work.plan.source.title, words, nil)
          ?? CopyError(
            .unreadableDump,
            "\(work.plan.source.title) cannot be read: \(words.first ?? "pg_restore \(status)")",
            fix: "copy or write the dump again")
      }
      throw ArchiveRestoring.unpackFailure(work.plan.source.title, run)
    }
  }
}
