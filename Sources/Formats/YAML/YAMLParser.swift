private import CYAML

/// One event of libyaml's, as a value.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  let kind: Kind
  let anchor: String?
  /// A tag written out in the text; nil where there is none.
  let tag: String?
  /// 1-based.
  let line: Int
  /// 1-based.
  let column: Int
}

/// Owns a libyaml parser and the text that it reads.
struct YAMLParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let source: String

  init(_ text: String, name: String) throws {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    bytes = .allocate(capacity: max(text.utf8.count, 1))
    _ = bytes.update(fromContentsOf: text.utf8)
    source = name
    guard yaml_parser_initialize(parser) == 1 else {
      throw FormatError(.yamlSyntax, source: name, message: "libyaml has no memory for a parser")
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, text.utf8.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event; after `streamEnd` none may be asked for.
  mutating func next() throws -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { yaml_event_delete(&event) }
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    var tag: UnsafeMutablePointer<yaml_char_t>?
    let kind: YAMLEvent.Kind
    switch event.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT:
      kind = .alias(Self.text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      (anchor, tag) = (scalar.anchor, scalar.tag)
      let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      kind = .scalar(
        String(decoding: value, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT:
      (anchor, tag) = (event.data.sequence_start.anchor, event.data.sequence_start.tag)
      kind = .sequenceStart
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      (anchor, tag) = (event.data.mapping_start.anchor, event.data.mapping_start.tag)
      kind = .mappingStart
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .streamEnd
    }
    return YAMLEvent(
      kind: kind, anchor: Self.text(anchor), tag: Self.text(tag),
      line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
  }

  /// libyaml's own words: the problem, and what it was reading when it met it.
  private func problem() -> FormatError {
    let state = parser.pointee
    var message = state.problem.map { String(cString: $0) } ?? "the text is not YAML"
    if let context = state.context {
      message += " \(String(cString: context))"
      if state.context_mark.line < state.problem_mark.line {
        message += " that begins in line \(state.context_mark.line + 1)"
      }
    }
    // The reader, which meets bytes and characters that YAML forbids, sets no mark.
    let isReader = state.error == YAML_READER_ERROR
    let mark = isReader ? state.mark : state.problem_mark
    return FormatError(
      .yamlSyntax, source: source, line: Int(mark.line) + 1, column: Int(mark.column) + 1,
      message: message)
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}
