/// The lines in which two texts differ, with a line around them, as `diff -U1` shows them.
enum LineDifference {
  /// What stands for lines that are the same and not shown.
  static let gap = " …"

  /// Beyond this many lines that are not the same at both ends, all of them are told to differ: finding
  /// the least difference takes time with the product of the two numbers.
  private static let limit = 2_000

  static func lines(from old: [String], to new: [String]) -> [String] {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed())
      .prefix { $0 == $1 }.count
    let (former, present) = (old.dropFirst(head).dropLast(tail), new.dropFirst(head).dropLast(tail))
    let differing =
      max(former.count, present.count) > limit
      ? former.map { "-" + $0 } + present.map { "+" + $0 }
      : merged(Array(former), Array(present))
    return shortened(
      old.prefix(head).map { " " + $0 } + differing + old.suffix(tail).map { " " + $0 })
  }

  /// Every line of both, with what became of it.
  private static func merged(_ old: [String], _ new: [String]) -> [String] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var all: [String] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        all.append("-" + old[left])
        left += 1
      } else if right < new.count, inserted.contains(right) {
        all.append("+" + new[right])
        right += 1
      } else {
        all.append(" " + new[right])
        left += 1
        right += 1
      }
    }
    return all
  }

  private static func shortened(_ all: [String]) -> [String] {
    func isNear(_ index: Int) -> Bool {
      (index - 1...index + 1).contains { all.indices.contains($0) && !all[$0].hasPrefix(" ") }
    }
    var shown: [String] = []
    for index in all.indices {
      if isNear(index) {
        shown.append(all[index])
      } else if shown.last != gap, !shown.isEmpty {
        shown.append(gap)
      }
    }
    if shown.last == gap { shown.removeLast() }
    return shown
  }
}
