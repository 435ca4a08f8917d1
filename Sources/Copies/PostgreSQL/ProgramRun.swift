import Databases
import Platform
import Scratch

/// A program that copies, with what it prints to standard error; ended with what it has started when
/// the run is interrupted.
///
/// It is given nothing of the user's environment but what leads to the server. A password is in its
/// environment, never on its command line, which every account can read.
final class ProgramRun {
  let name: String
  private let process: ChildProcess
  private let errors: UnnamedFile
  private let work: CopyWork

  /// - Parameters:
  ///   - descriptors: its standard input and output, where it has them.
  init(
    _ path: String, _ arguments: [String], variables: [String: String] = [:],
    descriptors: [Int32: Int32] = [:], _ work: CopyWork
  ) throws {
    name = Path(path).name
    self.work = work
    errors = try UnnamedFile(in: Files.temporaryFolder(work.settings.environment))
    var environment = work.settings.programEnvironment
    environment.merge(variables) { $1 }
    process = try ChildProcess(
      Launch(
        path, arguments, environment: environment, workingDirectory: "/",
        descriptors: descriptors.merging([2: errors.descriptor.number]) { own, _ in own }))
  }

  /// Waits until it has ended.
  /// - Throws: `PlatformError` `interrupted`; the program is then ended.
  func wait() throws -> ExitStatus {
    while true {
      if let status = process.wait(seconds: 0.1, clock: work.settings.clock) { return status }
      if work.interruption?.isRaised == true {
        process.terminate(within: 2)
        try work.interruption?.check()
      }
    }
  }

  /// Waits until both have ended, `writer` having written what `reader` reads.
  ///
  /// A writer that fails takes the reader with it, which may not see that what it has is not all.
  /// - Returns: how they ended.
  static func wait(writer: ProgramRun, reader: ProgramRun) throws -> (ExitStatus, ExitStatus) {
    while true {
      let read = reader.process.wait(seconds: 0.05, clock: reader.work.settings.clock)
      if let written = writer.process.status {
        if let read { return (written, read) }
        if !written.isSuccess, !writer.lostItsReader {
          return (written, reader.process.terminate(within: 1))
        }
      }
      if let interruption = reader.work.interruption, interruption.isRaised {
        writer.stop()
        reader.stop()
        try interruption.check()
      }
    }
  }

  /// Ends it, as it is of no use any more.
  func stop() { process.terminate(within: 1) }

  /// Whether it ended because nobody read any more: the reader had all that it wanted, or knows why it
  /// could not go on. SIGPIPE has the number 13 everywhere.
  var lostItsReader: Bool {
    process.status == .signalled(13) || words.contains("Broken pipe")
  }

  /// What it said, the last of it, without credentials.
  var words: String { Credentials.removed(from: errors.tail(64 << 10)) }
}

extension PostgresAddress {
  /// The address as an argument of a program: without what is secret in it.
  var argument: String {
    var plain = self
    plain.password = nil
    plain.parameters["sslpassword"] = nil
    return plain.connectionString
  }

  /// The variables that a program reaches this server with.
  /// - Parameter environment: Stairway's own, of which libpq's files and certificates count.
  func variables(_ environment: [String: String]) -> [String: String] {
    var variables = environment.filter { name, _ in
      ["HOME", "PGPASSFILE", "PGPASSWORD"].contains(name) || name.hasPrefix("PGSSL")
        || name.hasPrefix("PGGSS") || name.hasPrefix("PGKRB")
    }
    if let password { variables["PGPASSWORD"] = password }
    return variables
  }

  /// As what the sessions that look at a source are listed in `pg_stat_activity`.
  static let copyName = "stairway copy"

  /// The same database, for sessions that cannot write: every transaction is read only from the start.
  /// - Parameter seconds: for which they wait for a lock.
  func readOnly(waiting seconds: Double) -> PostgresAddress {
    var address = self
    let options = parameters["options"].map { "\($0) " } ?? ""
    address.parameters["options"] =
      options + "-c default_transaction_read_only=on -c lock_timeout=\(Int(seconds * 1_000))"
    address.parameters["fallback_application_name"] = Self.copyName
    address.parameters["connect_timeout"] = parameters["connect_timeout"] ?? "10"
    return address
  }
}
