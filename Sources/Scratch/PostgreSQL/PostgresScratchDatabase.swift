import Databases

/// One database on a server; its checkpoints are databases copied from it, and a restored database
/// has the name that it had.
///
/// Restoring drops and copies back (20 ms on a private server) rather than switching to a database of
/// another name: applications keep their address, and nothing is left to be dropped later.
final class PostgresScratchDatabase: ScratchDatabase {
  private let name: String
  private let administration: PostgresAdministration
  private var checkpoints: Set<Checkpoint> = []
  /// The server's roles when the database was made, and at each checkpoint: they are part of a state, though
  /// no database holds them. nil on a server that others use, whose roles nobody touches.
  private var roles: (atFirst: Set<String>, at: [Checkpoint: Set<String>])?
  private var made = 0

  /// Makes the database; the name is one that only this run can have made.
  /// - Parameters:
  ///   - source: somebody's database that it is a copy of; nil for an empty one.
  ///   - ownsRoles: whether nobody else uses the server.
  init(
    _ name: String, on administration: PostgresAdministration, copyOf source: String? = nil,
    ownsRoles: Bool = false
  ) throws {
    self.name = name
    self.administration = administration
    try reporting("cannot make the scratch database \(name)") {
      if let source {
        try administration.copy(source, as: name)
      } else {
        try administration.create(name)
      }
      if ownsRoles { roles = (try administration.roles(), [:]) }
    }
  }

  var address: DatabaseAddress { .postgresql(administration.address.database(name)) }

  func checkpoint() throws -> Checkpoint {
    made += 1
    let checkpoint = Checkpoint(name: "\(name)_c\(made)")
    try reporting("cannot copy the scratch database \(name)") {
      try administration.create(checkpoint.name, template: name)
      if roles != nil { roles?.at[checkpoint] = try administration.roles() }
    }
    checkpoints.insert(checkpoint)
    return checkpoint
  }

  func restore(_ checkpoint: Checkpoint) throws {
    guard checkpoints.contains(checkpoint) else {
      throw ScratchError(
        .serverRefused, "cannot restore the scratch database \(name): its checkpoint was let go")
    }
    try reporting("cannot restore the scratch database \(name)") {
      try administration.drop(name)
      if let known = roles?.at[checkpoint] { try administration.dropRoles(except: known) }
      try administration.create(name, template: checkpoint.name)
    }
  }

  func discard(_ checkpoint: Checkpoint) {
    guard checkpoints.remove(checkpoint) != nil else { return }
    roles?.at[checkpoint] = nil
    // One that cannot be dropped now is dropped with the server's others at the end.
    try? administration.drop(checkpoint.name)
  }

  func reset() throws {
    try reporting("cannot empty the scratch database \(name)") {
      try administration.drop(name)
      if let roles { try administration.dropRoles(except: roles.atFirst) }
      try administration.create(name)
    }
  }

  func drop() {
    for checkpoint in checkpoints { discard(checkpoint) }
    try? administration.drop(name)
    administration.close()
  }

  private func reporting(_ what: String, _ body: () throws -> Void) throws {
    do { try body() } catch { throw ScratchError(error, .serverRefused, what) }
  }
}
