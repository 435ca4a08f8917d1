import Databases
import Platform
import Scratch

/// Restores a dump into a database that is dropped afterwards.
struct DumpCopying {
  let work: CopyWork
  let dump: DumpFile
  private let clients: PostgresClients

  init(_ work: CopyWork, from path: Path) throws {
    self.work = work
    guard
      case .dump(let dump) = try DumpFile.Content(
        of: path, environment: work.settings.programEnvironment)
    else {
      throw CopyError(.badSource, "\(path) is a SQLite file, not a dump")
    }
    self.dump = dump
    clients = try PostgresClients(work.settings)
  }

  private var title: String { dump.path.text }

  func copy() throws -> ProductionCopy {
    // An archive packs its rows itself, so that its size says little: a third at best.
    let isPacked = dump.compression != nil || dump.form != .plain
    let room = Room(
      bytes: dump.size * (isPacked ? 4 : 1), isExact: false, passing: 0,
      checkpoints: work.plan.checkpoints)
    if dump.form == .tar { try checkTar() }
    if dump.form != .plain, dump.compression == nil { try checkArchive() }
    let (server, isPrivate) = try CopyTarget.server(room, of: title, work)
    let target = try CopyTarget(on: server, isPrivate: isPrivate, work)
    let changes = CopyChanges(work, target: target)
    try changes.checkRights()
    var record = CopyRecord(source: title, method: .file)
    record.takenAt = dump.writtenAt
    record.leftOut = dump.form == .plain ? try runScript(target) : try restore(target)
    record.leftOut += try target.disconnectForeignServers()
    return try changes.finish(record, selecting: true)
  }

  // MARK: Archives

  private func checkTar() throws {
    var check = TarCheck()
    try ProgramPipe(work).read(unpacking: dump, through: nil) { check.take($0) }
    guard !check.isWhole else { return }
    throw CopyError(
      .truncatedDump, "\(title) ends in the middle", fix: "copy or write the dump again")
  }

  /// Whether `pg_restore` can read its table of contents, before a server is started for it.
  private func checkArchive() throws {
    let run = try ProgramRun(
      clients.path("pg_restore"), ["--list", "--file=/dev/null", dump.path.text], work)
    guard !(try run.wait().isSuccess) else { return }
    let words = RestoreErrors(run.words).others
    throw ArchiveRestoring.archiveError(title, words, clients)
      ?? CopyError(
        .unreadableDump,
        "\(title) cannot be read: \(words.first ?? "pg_restore says nothing of why")",
        fix: "copy or write the dump again")
  }

  private func restore(_ target: CopyTarget) throws -> [String] {
    let roles = try rolesOfArchive()
    try target.make(roles: roles.sorted().map { RoleMaking.statement($0) })
    let reason = try target.reasonForNoOwners(naming: roles)
    let archive = ArchiveRestoring(
      work, clients: clients, target: target, title: title, isBare: reason != nil)
    let leftOut = reason.map { [$0] } ?? []
    guard let compression = dump.compression else {
      return leftOut + (try archive.restore(dump.path, inOrder: dump.form == .tar))
    }
    let (program, arguments) = compression.unpacking
    let input = try Files.open(reading: dump.path)
    return leftOut + (try archive.stream((program, arguments, [:]), input: input))
  }

  /// The roles that the archive's statements name.
  private func rolesOfArchive() throws -> Set<String> {
    let reader = ScriptReader(.collectingRoles)
    var arguments = ["--schema-only", "--file=-"]
    if dump.compression == nil { arguments.append(dump.path.text) }
    try ProgramPipe(work).read(
      unpacking: dump.compression == nil ? nil : dump,
      through: (clients.path("pg_restore"), arguments)
    ) { bytes in _ = try reader.take(bytes) }
    return reader.roles
  }

  // MARK: SQL

  private func runScript(_ target: CopyTarget) throws -> [String] {
    let mode: ScriptReader.Mode =
      target.isPrivate ? .makingRoles : .withoutOwners(roles: try target.roles())
    let reader = ScriptReader(mode, source: title)
    work.tell("running \(title)")
    let input = try Pipe()
    let psql = try ProgramRun(
      clients.path("psql"),
      [
        "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
        "--dbname=\(target.address.argument)",
      ],
      variables: target.address.variables([:]), descriptors: [0: input.reading.number], work)
    input.reading.close()
    var refusal: (any Error)?
    do {
      let interruption = work.interruption
      try ProgramPipe(work).read(unpacking: dump, through: nil) { bytes in
        try input.writing.write(try reader.take(bytes)[...], interruption: interruption)
      }
      try input.writing.write(try reader.end()[...], interruption: interruption)
    } catch let error as PlatformError where error.code == .brokenPipe {
      // It has stopped at an error, which it has said.
    } catch {
      refusal = error
    }
    if refusal != nil { psql.stop() }
    input.writing.close()
    let status = try psql.wait()
    if let refusal { throw refusal }
    let errors = RestoreErrors(psql.words)
    if !status.isSuccess {
      if psql.words.contains(PlatformError.fullDiskText) {
        throw CopyWork.full(errors.refusals.first?.message ?? "psql \(status)")
      }
      _ = try errors.leftOut(
        of: title, excluded: [], isPrivate: target.isPrivate, server: target.server.origin)
      throw CopyError(
        .restoreFailed, "\(title) could not be run: \(psql.lastLine ?? "psql \(status)")",
        fix: "see what psql says when it runs it in an empty database")
    }
    return reader.leftOut
  }
}

extension ProgramRun {
  /// Without values of rows.
  fileprivate var lastLine: String? {
    words.split(whereSeparator: \.isNewline).last.map { HiddenValues.hide(in: String($0)) }
  }
}
