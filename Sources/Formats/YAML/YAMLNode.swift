/// One node of a YAML document with its place, so that whoever reads it can name the line.
package struct YAMLNode: Sendable, Hashable {
  /// What a node can be; aliases are already replaced by what they stand for.
  package enum Content: Sendable, Hashable {
    /// `isPlain`: written without quotes, so that `yes` and `5` may be more than text.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    /// In the order of the file; no key comes twice.
    case mapping([Entry])
  }

  /// A key with its place and its value.
  package struct Entry: Sendable, Hashable {
    package let key: String
    /// Of the key; 1-based.
    package let line: Int
    /// Of the key; 1-based, in characters.
    package let column: Int
    package let value: YAMLNode

    package init(key: String, line: Int, column: Int, value: YAMLNode) {
      self.key = key
      self.line = line
      self.column = column
      self.value = value
    }
  }

  package let content: Content
  /// Where the node begins; 1-based. A node that came through an alias names its anchor's place.
  package let line: Int
  /// 1-based, in characters.
  package let column: Int
  /// The tag that is written before the node, where it is one of YAML's own: `binary` for `!!binary`.
  package let tag: String?

  package init(_ content: Content, line: Int, column: Int, tag: String? = nil) {
    self.content = content
    self.line = line
    self.column = column
    self.tag = tag
  }
}
