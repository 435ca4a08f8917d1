/// Which columns of a table changed places among those that it has before and after.
struct ColumnOrder {
  /// The fewest columns that have to move to turn the one order into the other.
  let moved: Set<ObjectID>

  init(before: [SchemaObject], after: [SchemaObject]) {
    let old = Self.order(of: before)
    let new = Self.order(of: after)
    guard old != new else {
      moved = []
      return
    }
    let kept = Set(new)
    let places = Dictionary(
      old.filter(kept.contains).enumerated().map { ($1, $0) }
    ) { first, _ in first }
    let common = new.filter { places[$0] != nil }
    let unmoved = Self.longestRise(common.compactMap { places[$0] })
    moved = Set(common.enumerated().filter { !unmoved.contains($0.offset) }.map(\.element))
  }

  private static func order(of objects: [SchemaObject]) -> [ObjectID] {
    objects.compactMap { object -> (ObjectID, Int64)? in
      guard object.id.kind == .column, case .number(let position)? = object[.position] else {
        return nil
      }
      return (object.id, position)
    }.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// The offsets of a longest increasing subsequence.
  private static func longestRise(_ places: [Int]) -> Set<Int> {
    var length = [Int](repeating: 1, count: places.count)
    var previous = [Int?](repeating: nil, count: places.count)
    for end in places.indices {
      for start in 0..<end where places[start] < places[end] && length[start] + 1 > length[end] {
        length[end] = length[start] + 1
        previous[end] = start
      }
    }
    var offsets: Set<Int> = []
    var next = places.indices.max { length[$0] < length[$1] }
    while let offset = next {
      offsets.insert(offset)
      next = previous[offset]
    }
    return offsets
  }
}
