private import FoundationEssentials

/// JSON as files of this project hold it: the same value always gives the same text.
package enum JSONText {
  /// Encodes with sorted keys, slashes as they are, and without a trailing newline.
  ///
  /// - Parameter pretty: one member a line, for people and diffs; false for one line.
  package static func encode(_ value: some Encodable, pretty: Bool = true) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Decodes a value from a text.
  ///
  /// - Parameter name: what errors call the text, usually its path.
  /// - Throws: `FormatError` with the path of the member that is missing or wrong.
  package static func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, from text: String, name: String
  ) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw FormatError(.json, source: name, message: sentence(for: error))
    }
  }

  /// The text between double quotes, with only those characters escaped that JSON demands.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += #"\""#
      case "\\": result += #"\\"#
      case "\n": result += #"\n"#
      case "\r": result += #"\r"#
      case "\t": result += #"\t"#
      case "\0"..<" ":
        result += #"\u00"# + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func sentence(for error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      return "\(place(context.codingPath))there is no \"\(key.stringValue)\""
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      return place(context.codingPath) + context.debugDescription
    @unknown default:
      return "the text could not be read"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "" }
    let names = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
    return "at \(names.joined().drop { $0 == "." }): "
  }
}
