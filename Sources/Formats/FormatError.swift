/// A text is not what it should be: which text, where in it, and what its parser said.
package struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of fault it is; stable, for code that decides on it.
  package enum Code: String, Sendable {
    case yamlSyntax = "yaml-syntax"
    case yamlDuplicateKey = "yaml-duplicate-key"
    /// Well-formed YAML that no setting needs: several documents, keys that are not text, tags.
    case yamlUnsupported = "yaml-unsupported"
    /// Nested or multiplied beyond what a file written by hand can mean.
    case yamlTooLarge = "yaml-too-large"
    case xmlSyntax = "xml-syntax"
    case xmlWriter = "xml-writer"
    case json
    case jsonDuplicateKey = "json-duplicate-key"
    case csvSyntax = "csv-syntax"
    case notUTF8 = "not-utf-8"
  }

  package let code: Code
  /// The file, or whatever the caller called the text.
  package let source: String
  /// 1-based; nil where the parser did not say.
  package let line: Int?
  /// 1-based; nil where the parser did not say.
  package let column: Int?
  /// One sentence without a trailing full stop, the parser's own words in it.
  package let message: String

  package init(
    _ code: Code, source: String, line: Int? = nil, column: Int? = nil, message: String
  ) {
    self.code = code
    self.source = source
    self.line = line
    self.column = column
    self.message = message
  }

  /// `stairway.yml:3`, or the source alone.
  package var place: String { line.map { "\(source):\($0)" } ?? source }

  package var description: String { "\(place): \(message)" }
}
