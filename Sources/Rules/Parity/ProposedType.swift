import Walks

/// The type that the tool's own comparison gives a column, in the project's words: the database knows
/// `VARCHAR(11)` where the model says `sa.Enum("lab", …)`.
struct ProposedType {
  private let column: String
  private let expression: String

  /// nil where the operation changes no type, or names one that a revision would have to import.
  init?(_ operation: ToolsOperation) {
    guard operation.kind == "alter_column", operation.changes.contains("type"),
      let column = operation.name, let range = Self.type(in: operation.code),
      operation.code[range].hasPrefix("sa.")
    else { return nil }
    self.column = column
    expression = operation.code[range].split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// A line that alters the column, with this type; any other line as it is.
  func replacingType(in line: String) -> String {
    guard line.contains("alter_column("), line.contains("\"\(column)\", "),
      let range = Self.type(in: line)
    else { return line }
    return line.replacingCharacters(in: range, with: expression)
  }

  /// The argument after `type_=`, up to the comma or parenthesis that ends it.
  private static func type(in code: String) -> Range<String.Index>? {
    guard let name = code.firstRange(of: "type_=") else { return nil }
    var depth = 0
    var quote: Character?
    for index in code[name.upperBound...].indices {
      let character = code[index]
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case "(", "[": depth += 1
      case ")" where depth == 0, "," where depth == 0: return name.upperBound..<index
      case ")", "]": depth -= 1
      default: break
      }
    }
    return nil
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + self[range.upperBound...]
  }
}
