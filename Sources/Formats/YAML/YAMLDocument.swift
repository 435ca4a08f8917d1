/// Reads a text that holds one YAML document.
package enum YAMLDocument {
  /// Parses through libyaml and replaces aliases by what they stand for.
  ///
  /// - Parameter name: what errors call the text, usually its path.
  /// - Returns: the document's root; an empty text is an empty (null) scalar at its first line.
  /// - Throws: `FormatError` with the line, for syntax, duplicate keys, keys that are no text, tags
  ///   of the writer's own, several documents, and aliases that multiply beyond all use.
  package static func parse(_ text: String, name: String) throws -> YAMLNode {
    var composer = YAMLComposer(source: name)
    var parser = try YAMLParser(text, name: name)
    return try composer.document(&parser)
  }
}

/// Builds nodes from events.
private struct YAMLComposer {
  /// More than any file written by hand; a bomb of aliases passes it at once.
  static let nodeLimit = 1_000_000
  static let depthLimit = 100

  let source: String
  private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
  /// Nodes so far, those behind aliases counted as often as they are used.
  private var size = 0

  init(source: String) { self.source = source }

  mutating func document(_ parser: inout YAMLParser) throws -> YAMLNode {
    var root: YAMLNode?
    while true {
      let event = try parser.next()
      switch event.kind {
      case .streamEnd:
        return root ?? YAMLNode(.scalar("", isPlain: true), line: 1, column: 1)
      case .streamStart, .documentEnd: continue
      case .documentStart:
        guard root == nil else {
          throw error(.yamlUnsupported, event, "a second document begins; one is expected")
        }
        root = try node(try parser.next(), &parser, depth: 0)
      default: throw error(.yamlSyntax, event, "a document is expected")
      }
    }
  }

  private mutating func node(
    _ event: YAMLEvent, _ parser: inout YAMLParser, depth: Int
  ) throws -> YAMLNode {
    guard depth <= Self.depthLimit else {
      throw error(.yamlTooLarge, event, "nested more than \(Self.depthLimit) levels deep")
    }
    if case .alias(let name) = event.kind { return try aliased(name, event) }
    let sizeBefore = size
    try count(1, event)
    let node = YAMLNode(
      try content(event, &parser, depth: depth), line: event.line, column: event.column,
      tag: event.tag.flatMap(Self.name(ofTag:)))
    if let anchor = event.anchor { anchors[anchor] = (node, size - sizeBefore) }
    return node
  }

  private mutating func aliased(_ name: String, _ event: YAMLEvent) throws -> YAMLNode {
    guard let known = anchors[name] else {
      throw error(.yamlSyntax, event, "the alias *\(name) has no anchor before it")
    }
    try count(known.size, event)
    return known.node
  }

  private mutating func count(_ nodes: Int, _ event: YAMLEvent) throws {
    size += nodes
    guard size <= Self.nodeLimit else {
      throw error(
        .yamlTooLarge, event,
        "the document holds more than \(Self.nodeLimit) nodes, aliases counted")
    }
  }

  private mutating func content(
    _ event: YAMLEvent, _ parser: inout YAMLParser, depth: Int
  ) throws -> YAMLNode.Content {
    switch event.kind {
    case .scalar(let text, let isPlain):
      return .scalar(text, isPlain: try isPlain && !isTagged(event, as: "str"))
    case .sequenceStart:
      _ = try isTagged(event, as: "seq")
      var items: [YAMLNode] = []
      while true {
        let next = try parser.next()
        if case .sequenceEnd = next.kind { return .sequence(items) }
        items.append(try node(next, &parser, depth: depth + 1))
      }
    case .mappingStart:
      _ = try isTagged(event, as: "map")
      return .mapping(try entries(&parser, depth: depth))
    default:
      throw error(.yamlSyntax, event, "a value is expected")
    }
  }

  private mutating func entries(
    _ parser: inout YAMLParser, depth: Int
  ) throws -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let event = try parser.next()
      if case .mappingEnd = event.kind { return entries }
      let key = try node(event, &parser, depth: depth + 1)
      guard case .scalar(let text, _) = key.content else {
        throw error(.yamlUnsupported, event, "a key must be text, and this one is \(key.title)")
      }
      if let first = lines.updateValue(event.line, forKey: text) {
        throw error(.yamlDuplicateKey, event, "the key \"\(text)\" is already in line \(first)")
      }
      let value = try node(try parser.next(), &parser, depth: depth + 1)
      entries.append(.init(key: text, line: event.line, column: event.column, value: value))
    }
  }

  /// Whether the node's tag is this one of YAML's own; other tags of YAML's own say nothing that the
  /// text does not, and a writer's own tags would be lost silently, so they are refused.
  private func isTagged(_ event: YAMLEvent, as name: String) throws -> Bool {
    guard let tag = event.tag else { return false }
    if tag == "!" { return true }
    guard let own = Self.name(ofTag: tag) else {
      throw error(.yamlUnsupported, event, "the tag \(tag) means nothing here")
    }
    return own == name
  }

  /// What follows `!!`; nil for a tag that is not of YAML's own.
  private static func name(ofTag tag: String) -> String? {
    let prefix = "tag:yaml.org,2002:"
    return tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : nil
  }

  private func error(
    _ code: FormatError.Code, _ event: YAMLEvent, _ message: String
  ) -> FormatError {
    FormatError(code, source: source, line: event.line, column: event.column, message: message)
  }
}
