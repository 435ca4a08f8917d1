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
  /// - Returns: how it was done, as a sentence for the record.
  /// - Throws: `StateLost` where the same revisions do not lead to the same schema any more.
  func restore(_ wanted: State) throws -> String {
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
        throw StateLost(
          reason: "revision \(revision) could not be taken up again to restore the state before it")
      }
    }
    state = try observe()
    let difference = SchemaDifference(from: wanted.snapshot, to: state.snapshot)
    guard !difference.isStructural else {
      throw StateLost(
        reason: """
          the same revisions gave another schema when they were taken up again to restore it: \
          \(difference.changes.prefix(3).map(\.id.description).joined(separator: ", "))
          """)
    }
    try keepCopy()
    // What a second restoration finds has been without its rows already.
    if !rows.areGone { rows.gone = wanted.rows }
    rows.areGone = true
    return replayed.isEmpty
      ? "restored from a copy"
      : "restored by taking \(replayed.count) revision\(replayed.count == 1 ? "" : "s") up again"
  }

  /// Empties the database and makes the history's starting point again.
  func makeOrigin() throws {
    disconnect()
    try database.reset()
    session.move(to: database.address)
    if let answer = session.prepareOrigin() {
      guard case .succeeded = answer.outcome else { throw OriginFailed(answer) }
    }
  }

  private func keepCopy() throws {
    disconnect()
    if let rescue { database.discard(rescue.checkpoint) }
    rescue = nil
    rescue = (try database.checkpoint(), applied)
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
