/// Breaks lines so that they fit a terminal.
package enum Wrapping {
  /// Text for a person: what a line goes on with stands below what it says, which is behind its first gap
  /// where it has one, as the lines of a table do.
  ///
  /// - Parameter width: of the terminal; nil where it is none.
  package static func page(_ text: String, width: Int?) -> String {
    guard let width else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      lines(String(line), width: width, hanging: hanging(of: line, width)).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func hanging(of line: Substring, _ width: Int) -> Int {
    let indent = line.prefix { $0 == " " }.count
    let said = line.dropFirst(indent)
    if let gap = said.firstRange(of: "  ") {
      let name = said[..<gap.lowerBound]
      let blanks = said[gap.lowerBound...].prefix { $0 == " " }
      let column = columns(of: name) + blanks.count
      if indent + column <= width / 2 { return column }
    }
    return indent < 4 ? 2 : 0
  }

  /// The text's lines, none wider than `width` columns: broken at spaces, and within a word only where it
  /// is wider than the terminal by itself.
  ///
  /// - Parameters:
  ///   - text: may be coloured; a tab is four blanks there.
  ///   - width: nil: as they are.
  ///   - hanging: columns by which what a line goes on with stands further in than its beginning.
  package static func lines(_ text: String, width: Int?, hanging: Int = 0) -> [String] {
    let given = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let width else { return given }
    return given.flatMap { line in
      wrapped(line.replacing("\t", with: "    "), width: max(width, 8), hanging: hanging)
    }
  }

  private static func wrapped(_ line: String, width: Int, hanging: Int) -> [String] {
    guard columns(of: line) > width else { return [line] }
    let given = line.prefix { $0 == " " }.count
    // An indent must leave room for what it indents.
    let indent = min(given, width / 2)
    let later = String(repeating: " ", count: min(indent + hanging, width / 2))
    var lines: [String] = []
    var current = String(repeating: " ", count: indent)
    var used = indent
    var isEmpty = true
    func end() {
      lines.append(current)
      current = later
      used = later.count
      isEmpty = true
    }
    for word in line.dropFirst(given).split(separator: " ", omittingEmptySubsequences: false) {
      var rest = word
      var size = columns(of: rest)
      if !isEmpty, used + 1 + size > width { end() }
      while isEmpty, used + size > width {
        let piece = beginning(of: rest, columns: width - used)
        current += piece
        rest = rest.dropFirst(piece.count)
        size = columns(of: rest)
        end()
      }
      current += (isEmpty ? "" : " ") + rest
      used += (isEmpty ? 0 : 1) + size
      isEmpty = false
    }
    return lines + [current]
  }

  /// The first so many columns of a word that has more, or a little less, up to a sign that parts it.
  private static func beginning(of word: Substring, columns: Int) -> Substring {
    var room = columns
    var isColour = false
    var end = word.startIndex
    var parted: Substring.Index?
    for index in word.indices {
      room -= width(of: word[index], &isColour)
      if room < 0 { break }
      end = word.index(after: index)
      if room <= columns / 3, partings.contains(word[index]) { parted = end }
    }
    return word[..<(parted ?? max(end, word.index(after: word.startIndex)))]
  }

  private static let partings: Set<Character> = ["/", "_", "-", ".", ",", ":", ";", "=", "&", "("]

  /// Columns that a terminal takes for the text: two for East Asian characters and emoji, none for what
  /// colours it.
  static func columns(of text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) { return text.utf8.count }
    var isColour = false
    return text.reduce(0) { $0 + width(of: $1, &isColour) }
  }

  /// - Parameter isColour: whether the character belongs to a sequence that sets a colour.
  private static func width(of character: Character, _ isColour: inout Bool) -> Int {
    if isColour || character == "\u{1B}" {
      isColour = character != "m"
      return 0
    }
    return character.unicodeScalars.first.map(isWide) == true ? 2 : 1
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
