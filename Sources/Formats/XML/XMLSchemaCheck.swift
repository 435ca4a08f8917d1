private import CXML

/// Holds XML documents against an XML Schema, by libxml2's validator.
package enum XMLSchemaCheck {
  /// Validates a document.
  ///
  /// - Parameters:
  ///   - document: the XML text; nothing outside it (entities, the network) is read.
  ///   - schema: the text of an .xsd that includes no other.
  /// - Returns: libxml2's sentences about what the schema does not permit, each with its line;
  ///   empty where the document is valid.
  /// - Throws: `FormatError` where either text is not well-formed, or the schema is none.
  package static func problems(of document: String, against schema: String) throws -> [String] {
    XMLLibrary.prepare()
    let log = ErrorLog()
    let parsed = try parse(document, name: "document", log)
    defer { xmlFreeDoc(parsed) }
    let text = try parse(schema, name: "schema", log)
    defer { xmlFreeDoc(text) }
    guard let parser = xmlSchemaNewDocParserCtxt(text) else { throw noMemory }
    defer { xmlSchemaFreeParserCtxt(parser) }
    xmlSchemaSetParserStructuredErrors(parser, ErrorLog.receive, log.pointer)
    guard let rules = xmlSchemaParse(parser) else {
      throw FormatError(.xmlSyntax, source: "schema", message: log.text)
    }
    defer { xmlSchemaFree(rules) }
    guard let validator = xmlSchemaNewValidCtxt(rules) else { throw noMemory }
    defer { xmlSchemaFreeValidCtxt(validator) }
    log.messages = []
    xmlSchemaSetValidStructuredErrors(validator, ErrorLog.receive, log.pointer)
    let status = xmlSchemaValidateDoc(validator, parsed)
    if status != 0, log.messages.isEmpty { return ["the document is not valid (\(status))"] }
    return log.messages
  }

  private static func parse(
    _ text: String, name: String, _ log: ErrorLog
  ) throws -> xmlDocPtr {
    guard let context = xmlNewParserCtxt() else { throw noMemory }
    defer { xmlFreeParserCtxt(context) }
    let flags = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
    let document = xmlCtxtReadMemory(
      context, text, Int32(clamping: text.utf8.count), name, "UTF-8", Int32(flags))
    guard let document else {
      let error = xmlCtxtGetLastError(context)?.pointee
      throw FormatError(
        .xmlSyntax, source: name, line: error.map { Int($0.line) },
        message: trimmed(error?.message.map { String(cString: $0) } ?? "not well-formed"))
    }
    return document
  }

  private static var noMemory: FormatError {
    FormatError(.xmlSyntax, source: "libxml2", message: "out of memory")
  }

  fileprivate static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Gathers what libxml2 says; lent to it as a pointer for the length of one call.
private final class ErrorLog {
  var messages: [String] = []

  var text: String { messages.isEmpty ? "not a schema" : messages.joined(separator: "; ") }
  var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  static let receive: xmlStructuredErrorFunc = { context, error in
    guard let context, let error = error?.pointee else { return }
    let message = error.message.map { String(cString: $0) } ?? "invalid"
    Unmanaged<ErrorLog>.fromOpaque(context).takeUnretainedValue()
      .messages.append("line \(error.line): \(XMLSchemaCheck.trimmed(message))")
  }
}
