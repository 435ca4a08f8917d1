import Databases
import Platform
import Rows
import Scratch
import Schemas

/// Copies a database that is on a server: looks at it, then `CREATE DATABASE … TEMPLATE` where that
/// is possible, else `pg_dump` and `pg_restore`.
struct PostgresCopying {
  let work: CopyWork
  let source: PostgresAddress
  private let clients: PostgresClients

  init(_ work: CopyWork, from source: PostgresAddress) throws {
    self.work = work
    self.source = source.readOnly(waiting: work.plan.longestWait)
    clients = try PostgresClients(work.settings)
  }

  private var title: String { source.redacted }

  func copy() throws -> ProductionCopy {
    work.tell("looking at \(title)")
    let check = try watched { try SourceCheck(source, plan: work.plan, clients: clients) }
    // A dump that is restored by several jobs lies packed beside the copy meanwhile.
    let room = Room(
      bytes: check.bytes, isExact: true, passing: check.bytes / 3,
      checkpoints: work.plan.checkpoints)
    try work.interruption?.check()
    let (server, isPrivate) = try CopyTarget.server(room, of: title, work)
    if let given = server as? PostgresServer, check.selection.isEmpty,
      let copy = try copyInPlace(on: given, check)
    {
      return copy
    }
    let target = try CopyTarget(on: server, isPrivate: isPrivate, work)
    try refuseOlder(target, than: check)
    let changes = CopyChanges(work, target: target)
    try changes.checkRights()
    var record = CopyRecord(source: title, method: .dump)
    record.takenAt = work.settings.clock.utc()
    record.leftOut = try watched { try restore(check, into: target, changes) }
    record.schemaOnlyTables = check.selection.schemaOnly
    record.excludedTables = check.selection.excluded + check.selection.along
    return try changes.finish(record)
  }

  /// Says meanwhile who keeps tables of the source locked, and names them where that lasts too long. No
  /// session of its own is left on the source then, which could be in a template's way.
  private func watched<Result>(_ body: () throws -> Result) throws -> Result {
    let watch = SourceWatch(work, on: source, doing: "copying \(title)")
    defer { watch.end() }
    let wait = work.plan.longestWaitWords
    do {
      return try body()
    } catch let error as DatabaseError where error.isLockTimeout {
      throw CopyError.locked(title, by: watch.end(), after: wait, error.message)
    } catch let error as CopyError where error.code == .sourceLocked {
      throw CopyError.locked(title, by: watch.end(), after: wait, error.message)
    }
  }

  /// The server that the copy is on is the newest that was found, which need not be new enough.
  private func refuseOlder(_ target: CopyTarget, than check: SourceCheck) throws {
    let major = Int(target.server.version.prefix { $0.isNumber }) ?? 0
    guard major < check.majorVersion else { return }
    throw CopyError(
      .serverTooOld,
      "\(title) is PostgreSQL \(check.version), and the copy would be on \(target.server.version) "
        + "(\(target.server.origin))",
      fix:
        "apt-get install postgresql-\(check.majorVersion), or set STAIRWAY_POSTGRES_URL to a server "
        + "of that version")
  }

  // MARK: On the same server

  /// Copies within the server where it is the source's own and nobody is connected there; nil where
  /// that cannot be, for the dump to do it.
  private func copyInPlace(
    on server: PostgresServer, _ check: SourceCheck
  ) throws -> ProductionCopy? {
    guard try isOn(server) else { return nil }
    work.tell("copying \(title) within its server")
    let database: any ScratchDatabase
    do {
      database = try server.lend(copyOf: source.database)
    } catch is ScratchError {
      return nil
    }
    let target = try CopyTarget(database, on: server, work)
    let changes = CopyChanges(work, target: target)
    try changes.checkRights()
    var record = CopyRecord(source: title, method: .template)
    record.takenAt = work.settings.clock.utc()
    record.leftOut = try target.disconnectForeignServers()
    return try changes.finish(record)
  }

  /// A lock that is taken there and seen here is on one server, whatever it is called.
  private func isOn(_ server: PostgresServer) throws -> Bool {
    let number = Int64.random(in: 1 ... .max)
    let connection = try PostgresConnection(source)
    _ = try connection.rows("SELECT pg_advisory_lock($1::bigint)", [String(number)])
    return try server.sees(lock: number)
  }

  // MARK: By a dump

  /// - Returns: what was left out.
  private func restore(
    _ check: SourceCheck, into target: CopyTarget, _ changes: CopyChanges
  ) throws -> [String] {
    try target.make(roles: check.roles)
    var leftOut = try target.set(check.settings)
    let reason = try target.reasonForNoOwners()
    if let reason { leftOut.append(reason) }
    let archive = ArchiveRestoring(
      work, clients: clients, target: target, title: title, isBare: reason != nil)
    let excluded = Set(check.selection.leftOut.map(\.name.raw))
    if work.plan.jobs < 2, check.selection.isEmpty {
      leftOut += try archive.stream(dump(["--format=custom", "--compress=0"]))
    } else {
      let places = work.settings.places(room: check.bytes)
      let folder = try ScratchFolder(in: places, settings: work.settings)
      defer { folder.remove() }
      let path = folder.path / "dump"
      work.tell("dumping \(title), \(CopyError.size(check.bytes))")
      try dumped(
        dump(
          ["--format=directory", "--compress=1", "--jobs=\(work.plan.jobs)", "--file=\(path)"]
            + Self.options(check.selection)))
      leftOut += try archive.restore(path, excluded: excluded) {
        guard !check.selection.schemaOnly.isEmpty else { return }
        try changes.removeDangling(
          from: check.selection.schemaOnly,
          among: check.tables.filter { !check.selection.excluded.contains($0.name) })
      }
    }
    return leftOut + (try target.disconnectForeignServers())
  }

  /// Names as patterns that mean just them.
  private static func options(_ selection: TableSelection) -> [String] {
    selection.leftOut.map { "--exclude-table=\($0.quoted)" }
      + selection.schemaOnly.map { "--exclude-table-data=\($0.quoted)" }
  }

  private func dump(_ options: [String]) -> (String, [String], [String: String]) {
    // Without the wait a table that a migration holds would hold the copy, and queue those behind it.
    let always = [
      "--no-password", "--lock-wait-timeout=\(Int(work.plan.longestWait * 1_000))",
      "--dbname=\(source.argument)",
      "--no-subscriptions",
    ]
    return (
      clients.path("pg_dump"), options + always, source.variables(work.settings.environment)
    )
  }

  private func dumped(_ command: (String, [String], [String: String])) throws {
    let run = try ProgramRun(command.0, command.1, variables: command.2, work)
    let status = try run.wait()
    guard status.isSuccess else { throw DumpFailure.error(title, run.words, status) }
  }
}

/// What ends a `pg_dump`, by its words.
enum DumpFailure {
  static func error(_ title: String, _ words: String, _ status: ExitStatus) -> CopyError {
    let lines = words.split(whereSeparator: \.isNewline).map(String.init)
      .filter { $0.contains("error:") || $0.contains("ERROR:") || $0.contains("FATAL:") }
    let line = lines.first.map(plain) ?? "pg_dump \(status)"
    if words.contains(PlatformError.fullDiskText) { return CopyWork.full(line) }
    let isLost = [
      "terminating connection", "server closed the connection", "connection to server was lost",
      "could not receive data", "SSL connection has been closed", "no connection to the server",
    ].contains { words.contains($0) }
    if isLost {
      return CopyError(
        .sourceLost, "the connection to \(title) was lost in the middle: \(line)",
        fix: "run it again; where a pooler or a limit on statements ends sessions, go around it")
    }
    // What --lock-wait-timeout sets is a limit on the statement that locks.
    let isInVain = words.contains("canceling statement") && words.contains("Query was: LOCK TABLE")
    if isInVain || words.contains("lock timeout") || words.contains("could not obtain lock") {
      return CopyError(.sourceLocked, line)
    }
    if words.contains("permission denied") {
      return CopyError(
        .sourceNotPermitted, "\(title): \(line)",
        fix: "grant what it needs, or leave the table out with --exclude-table")
    }
    return CopyError(.sourceUnreachable, "\(title) could not be dumped: \(line)")
  }

  /// The sentence without the program's name.
  private static func plain(_ line: String) -> String {
    for mark in ["ERROR:  ", "FATAL:  ", "error: "] {
      if let range = line.firstRange(of: mark) { return String(line[range.upperBound...]) }
    }
    return line
  }
}
