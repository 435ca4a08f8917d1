import Schemas
import Walks

extension Double {
  /// Seconds as findings tell them: `340 ms`, `3.4 s`, `12 s`, `3 min 05 s`.
  package var duration: String {
    if self < 0.9995 { return "\(Int((self * 1_000).rounded())) ms" }
    if self < 9.95 {
      let tenths = Int((self * 10).rounded())
      return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
    let whole = Int(rounded())
    if whole < 60 { return "\(whole) s" }
    return "\(whole / 60) min \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
  }
}

extension Int {
  /// Bytes as people read them: `1.5 GiB`.
  package var bytes: String {
    var value = Double(self)
    var unit = "bytes"
    for next in ["KiB", "MiB", "GiB", "TiB"] where abs(value) >= 1024 {
      value /= 1024
      unit = next
    }
    guard unit != "bytes" else { return counted("byte") }
    let tenths = Int((value * 10).rounded())
    return abs(tenths) >= 100 || tenths % 10 == 0
      ? "\((tenths + (tenths < 0 ? -5 : 5)) / 10) \(unit)"
      : "\(tenths / 10).\(abs(tenths % 10)) \(unit)"
  }
}

extension HeldLock {
  /// The lock in one line, as evidence: `ACCESS EXCLUSIVE on table users: taken after 20 ms, held for
  /// 3.4 s`.
  var words: String {
    let begin =
      waited > 0
      ? "asked for after \(taken.duration), waited for \(waited.duration)"
      : "taken after \(taken.duration)"
    return "\(mode.title) on \(relation?.description ?? "the whole file"): \(begin), "
      + "held for \(held.duration)"
  }
}

extension RelationMeasurement {
  /// How large it is, as evidence: `table users: about 41200 rows, 120 MiB before, 240 MiB after`.
  var words: String {
    var parts: [String] = []
    if let rows { parts.append("about \(rows.counted("row"))") }
    if let size {
      parts.append("\(size.before.bytes) before")
      parts.append(size.after.map { "\($0.bytes) after" } ?? "gone afterwards")
    }
    return "\(relation): \(parts.joined(separator: ", "))"
  }
}
