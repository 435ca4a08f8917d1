/// PostgreSQL's text form of an array of one dimension.
enum ArrayText {
  /// The elements, nil for NULL; nil for what is no such array.
  static func elements(of literal: String) -> [String?]? {
    guard literal.first == "{", literal.last == "}" else { return nil }
    var elements: [String?] = []
    var element = ""
    var (isQuoted, wasQuoted, isEscaped) = (false, false, false)
    let content = literal.dropFirst().dropLast()
    if content.isEmpty { return [] }
    func finish() {
      elements.append(!wasQuoted && element.uppercased() == "NULL" ? nil : element)
      element = ""
      wasQuoted = false
    }
    for character in content {
      if isEscaped {
        element.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
        wasQuoted = true
      } else if character == ",", !isQuoted {
        finish()
      } else if character == "{", !isQuoted {
        return nil
      } else {
        element.append(character)
      }
    }
    finish()
    return elements
  }
}
