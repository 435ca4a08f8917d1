internal import History
internal import Projects
internal import Schemas
internal import Scratch
internal import Walks

extension Lane {
  /// Puts back the state in which exactly the revisions of `applied` have been taken up.
  ///
  /// From the last copy where there is one, else from an empty database, by taking the revisions up
  /// again. The state reached is compared with the one wanted, and kept as a copy: where one
  /// revision fails, more do.
  ///
  /// - Parameter exactly: whether something will be held against `wanted`; else what the same revisions
  ///   lead to now serves those that follow as well, e.g. where they draw a name at random.
  /// - Returns: how it was done, as a sentence for the record.
  /// - Throws: `StateLost` where a revision is refused that was taken up before, or where the schema is
  ///   another one and must not be.
  func restore(_ wanted: State, exactly: Bool = true) throws -> String {
    disconnect()
    var replayed = applied[...]
    if let rescue, applied.starts(with: rescue.applied) {
      try database.restore(rescue.checkpoint)
      session.move(to: database.address)
      replayed = applied.dropFirst(rescue.applied.count)
    } else {
      try makeOrigin()
    }
    for revision in replayed {
      let answer = session.step(revision, .up)
      guard case .succeeded = answer.outcome else {
        throw StateLost(replaying: revision, told(answer.outcome))
      }
    }
    state = try observe()
    let difference = SchemaDifference(from: wanted.snapshot, to: state.snapshot)
    let other = difference.changes.filter { $0.weight == .structural }.prefix(3)
      .map(\.id.description).joined(separator: ", ")
    guard other.isEmpty || !exactly else {
      throw StateLost(
        reason: """
          the same revisions gave another schema when they were taken up again to restore it: \(other)
          """)
    }
    try keepCopy()
    // What a second restoration finds has been without its rows already.
    if !rows.areGone { rows.gone = wanted.rows }
    rows.areGone = true
    guard !replayed.isEmpty else { return "restored from a copy" }
    let revisions = "\(replayed.count) revision\(replayed.count == 1 ? "" : "s")"
    return "restored by taking \(revisions) up again"
      + (other.isEmpty ? "" : ", which gave another schema: \(other)")
  }

  /// Empties the database and makes the history's starting point again.
  func makeOrigin() throws {
    disconnect()
    letGoOfCopy()
    try database.reset()
    session.move(to: database.address)
    // It was there when the walk began.
    if !session.environmentStatements.isEmpty { _ = session.touch() }
    if let answer = session.prepareOrigin() {
      guard case .succeeded = answer.outcome else { throw OriginFailed(answer) }
    }
  }

  private func keepCopy() throws {
    disconnect()
    letGoOfCopy()
    rescue = (try database.checkpoint(), applied)
  }

  /// Drops the copy of an earlier state, whose privileges would keep roles from being dropped.
  func letGoOfCopy() {
    if let rescue { database.discard(rescue.checkpoint) }
    rescue = nil
  }

  /// Nobody may be connected while a database is copied, restored or emptied.
  private func disconnect() {
    letGo()
    session.releaseConnections()
  }

  /// Closes the lane's own connections.
  func letGo() {
    observer = nil
    rowWriter = nil
  }
}
