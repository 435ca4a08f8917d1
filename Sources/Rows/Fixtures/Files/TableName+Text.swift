import Databases
import Schemas

extension TableName {
  /// Reads `table` or `schema.table`, each as the catalog holds it; a part that holds a dot stands
  /// between double quotes, those in it doubled. Nil for any other number of parts.
  init?(written text: String) {
    var parts = [""]
    var isQuoted = false
    var last: Character?
    for character in text {
      switch character {
      case "\"":
        // The second of a doubled pair, which closed the quotes and opens them again.
        if !isQuoted, last == "\"", !(parts.last ?? "").isEmpty { parts[parts.count - 1] += "\"" }
        isQuoted.toggle()
      case "." where !isQuoted: parts.append("")
      default: parts[parts.count - 1].append(character)
      }
      last = character
    }
    guard !isQuoted, parts.count <= 2, !parts.contains("") else { return nil }
    self.init(
      schema: parts.count == 2 ? Identifier(parts[0]) : nil, Identifier(parts[parts.count - 1]))
  }

  /// As sentences and fixtures write it.
  var written: String {
    [schema, name].compactMap { $0?.raw }.map { part in
      guard part.contains(where: { $0 == "." || $0 == "\"" }) else { return part }
      return
        "\"\(part.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }.joined(separator: ".")
  }
}
