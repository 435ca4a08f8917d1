internal import Databases
internal import Projects
internal import Schemas

/// The tables that migrations seem to touch, by the words of what the tool prints for them: all of them
/// where it cannot print.
struct TouchedTables {
  private let words: Set<Substring>?
  private let leftOut: ObjectID

  /// - Parameter leftOut: the tool's own table.
  init(_ printed: PrintedSQL, besides leftOut: ObjectID) {
    self.leftOut = leftOut
    guard case .script(let parts) = printed else {
      words = nil
      return
    }
    words = Set(
      parts.flatMap { part in
        part.sql.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "$") }
      })
  }

  func contains(_ table: ObjectID) -> Bool {
    table != leftOut && (words?.contains(table.name.raw[...]) ?? true)
  }
}
