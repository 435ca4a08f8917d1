/// Breaks lines at spaces so that they fit a terminal.
enum Wrapping {
  /// The text's lines, none wider than `width` columns but for words that are wider by themselves:
  /// paths stay whole, so that a terminal can open them.
  ///
  /// - Parameter width: nil: as they are.
  static func lines(_ text: String, width: Int?) -> [String] {
    let given = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let width else { return given }
    return given.flatMap { wrapped($0, width: max(width, 20)) }
  }

  private static func wrapped(_ line: String, width: Int) -> [String] {
    guard columns(of: line) > width else { return [line] }
    let indent = String(line.prefix { $0 == " " })
    var lines: [String] = []
    var current = indent
    var used = indent.count
    var isEmpty = true
    for word in line.dropFirst(indent.count).split(separator: " ", omittingEmptySubsequences: false)
    {
      let size = columns(of: word)
      if !isEmpty, used + 1 + size > width {
        lines.append(current)
        current = indent
        used = indent.count
        isEmpty = true
      }
      current += (isEmpty ? "" : " ") + word
      used += (isEmpty ? 0 : 1) + size
      isEmpty = false
    }
    return lines + [current]
  }

  /// Columns that a terminal takes for the text: two for East Asian characters and emoji.
  static func columns(of text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { sum, character in
      sum + (character.unicodeScalars.first.map(isWide) == true ? 2 : 1)
    }
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
