/// Finds what somebody may have meant.
package enum Spelling {
  /// The candidate that is nearest to `text` by edit distance, where it is near enough to be meant:
  /// at most a third of the longer one's letters differ, or one is the beginning of the other.
  package static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
    let written = Array(text.lowercased())
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased())
      let distance = distance(written, letters)
      let isBeginning = written.count >= 3 && letters.starts(with: written)
      guard isBeginning || distance * 3 <= max(written.count, letters.count) else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other
  /// (optimal string alignment).
  static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let cost = left[i] == right[j] ? 0 : 1
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + cost)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}
