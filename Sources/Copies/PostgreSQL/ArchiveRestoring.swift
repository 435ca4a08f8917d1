import Databases
import Platform
import Scratch

/// Restores what `pg_dump` wrote in a form of its own (custom, directory, tar) with `pg_restore`.
struct ArchiveRestoring {
  let work: CopyWork
  let clients: PostgresClients
  let target: CopyTarget
  /// The source, for sentences.
  let title: String
  /// Whether owners and privileges are left out.
  let isBare: Bool

  init(
    _ work: CopyWork, clients: PostgresClients, target: CopyTarget, title: String, isBare: Bool
  ) {
    self.work = work
    self.clients = clients
    self.target = target
    self.title = title
    self.isBare = isBare
  }

  /// Restores from a path.
  ///
  /// - Parameters:
  ///   - excluded: the names of tables that are not in it on purpose.
  ///   - beforeConstraints: called when the rows are there, and keys, indexes and triggers are not.
  /// - Returns: what was left out.
  func restore(
    _ path: Path, excluded: Set<String> = [], inOrder: Bool = false,
    beforeConstraints: () throws -> Void = {}
  ) throws -> [String] {
    let jobs = inOrder || work.plan.jobs < 2 ? [] : ["--jobs=\(work.plan.jobs)"]
    work.tell("restoring the rows of \(title)")
    var leftOut = try run(
      ["--section=pre-data", "--section=data"] + jobs + [path.text], excluded)
    try beforeConstraints()
    work.tell("building the indexes and constraints of \(title)")
    leftOut += try run(["--section=post-data"] + jobs + [path.text], excluded)
    return leftOut
  }

  /// Restores what a program prints, as it comes.
  func stream(
    _ command: (String, [String], [String: String]), input: Descriptor? = nil
  ) throws -> [String] {
    work.tell("copying \(title)")
    let pipe = try Pipe()
    var descriptors = [Int32(1): pipe.writing.number]
    if let input { descriptors[0] = input.number }
    let writer = try ProgramRun(
      command.0, command.1, variables: command.2, descriptors: descriptors, work)
    let reader = try ProgramRun(
      clients.path("pg_restore"), arguments,
      variables: target.address.variables([:]), descriptors: [0: pipe.reading.number], work)
    pipe.writing.close()
    pipe.reading.close()
    let (written, read) = try ProgramRun.wait(writer: writer, reader: reader)
    if !written.isSuccess, !writer.lostItsReader {
      throw writer.name == "pg_dump"
        ? DumpFailure.error(title, writer.words, written)
        : Self.unpackFailure(title, writer)
    }
    return try leftOut(reader, read, [])
  }

  static func unpackFailure(_ title: String, _ run: ProgramRun) -> CopyError {
    let words = run.words.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it failed"
    return CopyError(
      .truncatedDump, "\(title) cannot be unpacked to its end: \(words)",
      fix: "copy the dump again; \(run.name) --test says whether it is whole")
  }

  private func run(
    _ options: [String], _ excluded: Set<String>
  ) throws -> [String] {
    let run = try ProgramRun(
      clients.path("pg_restore"), arguments + options,
      variables: target.address.variables([:]), work)
    let status = try run.wait()
    return try leftOut(run, status, excluded)
  }

  private var arguments: [String] {
    let always = [
      "--no-password", "--no-tablespaces", "--no-subscriptions",
      "--dbname=\(target.address.argument)",
    ]
    return always + (isBare ? ["--no-owner", "--no-privileges"] : [])
  }

  private func leftOut(
    _ run: ProgramRun, _ status: ExitStatus, _ excluded: Set<String>
  ) throws -> [String] {
    guard !status.isSuccess else { return [] }
    let errors = RestoreErrors(run.words)
    if let archive = Self.archiveError(title, errors.others, clients) { throw archive }
    if run.words.contains(PlatformError.fullDiskText) {
      throw CopyWork.full(errors.refusals.first?.message ?? "pg_restore \(status)")
    }
    let left = try errors.leftOut(
      of: title, excluded: excluded, isPrivate: target.isPrivate, server: target.server.origin)
    guard !errors.refusals.isEmpty else {
      throw CopyError(
        .restoreFailed,
        "\(title) could not be restored: \(errors.others.first ?? "pg_restore \(status)")",
        fix: "see whether pg_restore alone restores it into an empty database")
    }
    return left
  }

  /// What is wrong with the archive itself; nil where it is something else.
  static func archiveError(
    _ title: String, _ words: [String], _ clients: PostgresClients?
  ) -> CopyError? {
    let truncated = [
      "unexpected end of file", "end of file", "could not read from input file",
      "could not find block ID", "incomplete tar header", "could not uncompress data: (null)",
    ]
    for line in words {
      if let mark = line.firstRange(of: "unsupported version (") {
        let format = line[mark.upperBound...].prefix { $0 != ")" }
        return CopyError(
          .sourceTooNew,
          "\(title) was written by a newer pg_dump (format \(format)) than pg_restore here"
            + (clients.map { ", which is \($0.version) (\($0.folder))" } ?? ""),
          fix: "apt-get install the postgresql-client and postgresql of the version that wrote it")
      }
      if truncated.contains(where: { line.contains($0) }) {
        return CopyError(
          .truncatedDump, "\(title) ends in the middle: \(line)",
          fix: "copy or write the dump again")
      }
      let damaged = [
        "does not appear to be a valid archive", "corrupt", "could not uncompress",
        "invalid", "unrecognized", "could not open input file", "found unexpected",
        "out of memory", "bad dumpId", "could not read",
      ]
      if damaged.contains(where: { line.contains($0) }) {
        return CopyError(
          .unreadableDump, "\(title) is damaged: \(line)", fix: "copy or write the dump again")
      }
    }
    return nil
  }
}
