import Formats

/// A value as a settings file, a variable or a flag gives it, before anything is known of its type.
struct SettingNode: Sendable, Hashable {
  enum Content: Sendable, Hashable {
    case text(String)
    case list([SettingNode])
    case map([Entry])
    /// A key without a value: as if it were not there.
    case nothing
  }

  struct Entry: Sendable, Hashable {
    let key: String
    let place: String
    let value: SettingNode
  }

  let content: Content
  /// Where it stands, for sentences: `stairway.yml:3`, `--engine`, `STAIRWAY_ENGINES`.
  let place: String

  init(_ content: Content, at place: String) {
    self.content = content
    self.place = place
  }

  /// What it is, as a sentence about a wrong type names it.
  var title: String {
    switch content {
    case .text(let text): "'\(text)'"
    case .list: "a list"
    case .map: "a mapping"
    case .nothing: "nothing"
    }
  }

  var entries: [Entry] {
    if case .map(let entries) = content { entries } else { [] }
  }

  subscript(key: String) -> SettingNode? { entries.first { $0.key == key }?.value }
}

extension SettingNode {
  /// The same value out of a YAML file, each part with its line.
  init(_ node: YAMLNode, file: String) {
    let place = "\(file):\(node.line)"
    if let items = node.sequence {
      self.init(.list(items.map { SettingNode($0, file: file) }), at: place)
    } else if let entries = node.mapping {
      self.init(
        .map(
          entries.map {
            Entry(
              key: $0.key, place: "\(file):\($0.line)", value: SettingNode($0.value, file: file))
          }), at: place)
    } else if let text = node.string {
      self.init(.text(text), at: place)
    } else {
      self.init(.nothing, at: place)
    }
  }
}
