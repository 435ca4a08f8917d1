private import CXML

/// Writes an XML document into memory through libxml2's `xmlTextWriter`.
///
/// Whatever text is given, the document is well-formed: the writer escapes, and characters that XML
/// 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets) are shown as `#x07`.
package struct XMLText: ~Copyable {
  private let buffer: xmlBufferPtr
  private let writer: xmlTextWriterPtr

  /// Begins a UTF-8 document.
  ///
  /// - Throws: `FormatError` where libxml2 has no memory.
  package init() throws {
    (buffer, writer) = try Self.open()
  }

  deinit {
    xmlFreeTextWriter(writer)
    xmlBufferFree(buffer)
  }

  private static func open() throws -> (xmlBufferPtr, xmlTextWriterPtr) {
    XMLLibrary.prepare()
    guard let buffer = xmlBufferCreate() else { throw fault("xmlBufferCreate") }
    xmlBufferSetAllocationScheme(buffer, XML_BUFFER_ALLOC_DOUBLEIT)
    guard let writer = xmlNewTextWriterMemory(buffer, 0) else {
      xmlBufferFree(buffer)
      throw fault("xmlNewTextWriterMemory")
    }
    guard
      xmlTextWriterSetIndent(writer, 1) >= 0, xmlTextWriterSetIndentString(writer, "  ") >= 0,
      xmlTextWriterStartDocument(writer, "1.0", "UTF-8", nil) >= 0
    else {
      xmlFreeTextWriter(writer)
      xmlBufferFree(buffer)
      throw fault("xmlTextWriterStartDocument")
    }
    return (buffer, writer)
  }

  /// Writes an element around whatever the body writes.
  ///
  /// - Parameter attributes: in this order; those with nil are left out.
  package mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:],
    _ body: (inout XMLText) throws -> Void = { _ in }
  ) throws {
    try check(xmlTextWriterStartElement(writer, name), "xmlTextWriterStartElement")
    for case (let name, let value?) in attributes {
      try check(
        xmlTextWriterWriteAttribute(writer, name, Self.shown(value)), "xmlTextWriterWriteAttribute")
    }
    try body(&self)
    try check(xmlTextWriterEndElement(writer), "xmlTextWriterEndElement")
  }

  /// Writes an element that holds only text.
  package mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String
  ) throws {
    try element(name, attributes) { try $0.text(text) }
  }

  /// Writes text into the open element.
  package mutating func text(_ text: String) throws {
    try check(xmlTextWriterWriteString(writer, Self.shown(text)), "xmlTextWriterWriteString")
  }

  /// Ends the document and hands it out.
  package consuming func finish() throws -> String {
    try check(xmlTextWriterEndDocument(writer), "xmlTextWriterEndDocument")
    try check(xmlTextWriterFlush(writer), "xmlTextWriterFlush")
    guard let content = xmlBufferContent(buffer) else { throw Self.fault("xmlBufferContent") }
    return String(
      decoding: UnsafeBufferPointer(start: content, count: Int(xmlBufferLength(buffer))),
      as: UTF8.self)
  }

  /// The text with every character that XML 1.0 cannot hold replaced by its number.
  package static func shown(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isForbidden) else { return text }
    var shown = ""
    shown.reserveCapacity(text.utf8.count + 8)
    for scalar in text.unicodeScalars {
      if isForbidden(scalar) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        shown += "#x" + (digits.count < 2 ? "0" : "") + digits
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0..<0x20, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private func check(_ status: Int32, _ call: String) throws {
    if status < 0 { throw Self.fault(call) }
  }

  private static func fault(_ call: String) -> FormatError {
    FormatError(.xmlWriter, source: "libxml2", message: "\(call) failed: out of memory")
  }
}

/// Sets libxml2 up once, before any thread uses it.
enum XMLLibrary {
  private static let isPrepared: Void = xmlInitParser()
  static func prepare() { _ = isPrepared }
}
