/// The lines in which two texts differ, with a line around them, as `diff -U1` shows them.
enum LineDifference {
  /// What stands for lines that are the same and not shown.
  static let gap = " …"

  static func lines(from old: [String], to new: [String]) -> [String] {
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
    return shortened(all)
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
