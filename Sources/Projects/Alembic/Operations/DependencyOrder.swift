import Databases
import Schemas

/// In which order the objects of a difference can be made, and in which they can be dropped.
///
/// A snapshot does not say what an object needs: its keys, types and definition name it. A word that is
/// something else's name only puts two lines the other way round.
struct DependencyOrder {
  private let placesWhenMade: [ObjectID: Int]
  private let placesWhenDropped: [ObjectID: Int]

  init(_ changes: [ObjectChange]) {
    let ids = changes.map(\.id)
    let needsWhenMade = Self.needs(of: changes, \.before)
    let needsWhenDropped = Self.needs(of: changes, \.after)
    var neededBy = ids.map { _ in [Int]() }
    for (index, needs) in needsWhenDropped.enumerated() {
      for need in needs { neededBy[need].append(index) }
    }
    func places(_ order: [Int]) -> [ObjectID: Int] {
      Dictionary(order.enumerated().map { (ids[$1], $0) }) { first, _ in first }
    }
    placesWhenMade = places(Self.order(following: needsWhenMade))
    placesWhenDropped = places(Self.order(following: neededBy))
  }

  /// The operation's place among those of its phase.
  func place(of id: ObjectID, in phase: AlembicOperation.Phase) -> Int {
    (phase.drops ? placesWhenDropped : placesWhenMade)[id] ?? 0
  }

  /// Whether it is a key to a table that is dropped before its own: tables that refer to each other have
  /// no order in which they can be dropped as they are.
  func keepsFromDropping(_ object: SchemaObject) -> Bool {
    guard object.text("constraint-type") == "FOREIGN KEY", let name = object.text(.referencedTable),
      let own = placesWhenDropped[ObjectID(.table, schema: object.id.schema, [object.id.holder])]
    else { return false }
    let parts = name.split(separator: ".", maxSplits: 1).map { Identifier(String($0)) }
    let schema = parts.count > 1 ? parts[0] : object.id.schema
    return placesWhenDropped[ObjectID(.table, schema: schema, [parts[parts.count - 1]])]
      .map { $0 < own } ?? false
  }

  /// For each change the places of those that it needs.
  private static func needs(
    of changes: [ObjectChange], _ moment: (ObjectChange) -> SchemaObject?
  ) -> [[Int]] {
    var named: [String: [Int]] = [:]
    var wholes: [Holder: Int] = [:]
    for (index, change) in changes.enumerated() where change.id.path.count == 1 {
      named[bareName(change.id), default: []].append(index)
      wholes[Holder(change.id)] = index
    }
    var needs = changes.map { _ in Set<Int>() }
    for (index, change) in changes.enumerated() {
      guard let object = moment(change) else { continue }
      // What a table or domain holds is made and dropped with it.
      let whole = wholes[Holder(change.id)] ?? index
      for word in words(of: object) { needs[whole].formUnion(named[word] ?? []) }
      needs[whole].remove(whole)
    }
    return needs.map { $0.sorted() }
  }

  private struct Holder: Hashable {
    let schema: String?
    let name: String
    init(_ id: ObjectID) { (schema, name) = (id.schema?.raw, id.path[0].raw) }
  }

  /// A function's without its arguments.
  private static func bareName(_ id: ObjectID) -> String {
    String((id.path.last?.raw ?? "").prefix { $0 != "(" }).lowercased()
  }

  /// Whatever in an object can be the name of another; those of columns cannot.
  private static func words(of object: SchemaObject) -> Set<String> {
    let texts = object.properties.filter { !columnNames.contains($0.key) }.map(\.value.description)
    let arguments = object.id.path.map { $0.raw.drop { $0 != "(" } }.map(String.init)
    let all = texts + arguments + [object.id.schema?.raw ?? ""]
    return Set(
      all.flatMap { text in
        text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map { $0.lowercased() }
      })
  }

  private static let columnNames: Set<PropertyName> = [.columns, .referencedColumns]

  /// The places so that what one follows comes before it, else as they were; in a circle somebody is
  /// first.
  private static func order(following others: [[Int]]) -> [Int] {
    var order: [Int] = []
    var seen = Set<Int>()
    for start in others.indices where seen.insert(start).inserted {
      var path = [(place: start, rest: others[start][...])]
      while let (place, rest) = path.last {
        guard let next = rest.first else {
          order.append(place)
          path.removeLast()
          continue
        }
        path[path.count - 1].rest = rest.dropFirst()
        if seen.insert(next).inserted { path.append((next, others[next][...])) }
      }
    }
    return order
  }
}
