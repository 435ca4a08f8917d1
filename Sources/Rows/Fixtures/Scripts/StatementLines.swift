/// At which lines the statements of a PostgreSQL script begin, for errors of which the server tells no
/// place. Nothing is run by it, so that a body of `BEGIN ATOMIC` costs a wrong line at most.
///
/// It passes over what may hold a semicolon by
/// <https://www.postgresql.org/docs/current/sql-syntax-lexical.html>.
struct StatementLines {
  private let text: [UInt8]
  private var next = 0
  private var line = 1
  private var lines: [Int] = []

  init(_ script: String) {
    text = Array(script.utf8)
    scan()
  }

  /// - Parameter index: from 0; statements of comments and blanks only do not count.
  func line(of index: Int) -> Int { index < lines.count ? lines[index] : lines.last ?? 1 }

  private mutating func scan() {
    var isInside = false
    var depth = 0
    while next < text.count {
      let byte = text[next]
      if begins("--") {
        skip(to: "\n")
      } else if begins("/*") {
        skipComment()
      } else if byte == UInt8(ascii: ";"), depth <= 0 {
        isInside = false
        advance()
      } else if byte == 32 || (9...13).contains(byte) {
        advance()
      } else {
        if !isInside {
          lines.append(line)
          (isInside, depth) = (true, 0)
        }
        switch byte {
        case UInt8(ascii: "'"): skipQuoted(escapes: isEscaping)
        case UInt8(ascii: "\""): skipQuoted(escapes: false)
        case UInt8(ascii: "$"): skipDollarQuoted()
        case UInt8(ascii: "("): advance(); depth += 1
        case UInt8(ascii: ")"): advance(); depth -= 1
        default: advance()
        }
      }
    }
  }

  private func begins(_ word: StaticString) -> Bool {
    word.withUTF8Buffer { text[next...].starts(with: $0) }
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where next < text.count {
      if text[next] == 10 { line += 1 }
      next += 1
    }
  }

  private mutating func skip(to end: StaticString) {
    while next < text.count, !begins(end) { advance() }
    advance(end.utf8CodeUnitCount)
  }

  /// Comments nest.
  private mutating func skipComment() {
    var depth = 0
    repeat {
      if begins("/*") {
        depth += 1
        advance(2)
      } else if begins("*/") {
        depth -= 1
        advance(2)
      } else {
        advance()
      }
    } while depth > 0 && next < text.count
  }

  /// Whether the quote that comes next follows an `E` that is no name's last letter.
  private var isEscaping: Bool {
    guard next > 0, text[next - 1] | 32 == UInt8(ascii: "e") else { return false }
    return next < 2 || !isNamePart(text[next - 2])
  }

  private func isNamePart(_ byte: UInt8) -> Bool {
    byte >= 128 || byte == UInt8(ascii: "_") || (48...57).contains(byte)
      || (97...122).contains(byte | 32)
  }

  /// A doubled quote ends one text and begins the next, which is as good.
  private mutating func skipQuoted(escapes: Bool) {
    let quote = text[next]
    advance()
    while next < text.count, text[next] != quote {
      advance(escapes && text[next] == UInt8(ascii: "\\") ? 2 : 1)
    }
    advance()
  }

  private mutating func skipDollarQuoted() {
    let start = next
    advance()
    guard start == 0 || !isNamePart(text[start - 1]) else { return }
    while next < text.count, isNamePart(text[next]) { advance() }
    guard next < text.count, text[next] == UInt8(ascii: "$") else { return }
    advance()
    let tag = text[start..<next]
    while next < text.count, !text[next...].starts(with: tag) { advance() }
    advance(tag.count)
  }
}
