package import FoundationEssentials

/// A place in the file system, kept as the text that system calls take; never resolved on its own.
package struct Path: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  /// The path's text, without a trailing slash (but for the root itself).
  package let text: String

  package init(_ text: String) {
    var trimmed = text[...]
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.text = String(trimmed)
  }

  package init(stringLiteral value: String) { self.init(value) }

  package var description: String { text }

  /// The last component: `versions` of `migrations/versions`.
  package var name: String { text.split(separator: "/").last.map(String.init) ?? text }

  /// The folder that holds this path; `.` where the text names none.
  package var parent: Path {
    guard let slash = text.lastIndex(of: "/") else { return "." }
    return slash == text.startIndex ? "/" : Path(String(text[..<slash]))
  }

  /// Whether the text begins at the root.
  package var isAbsolute: Bool { text.hasPrefix("/") }

  /// The component below this folder; an absolute component replaces the whole path.
  package static func / (folder: Path, component: String) -> Path {
    component.hasPrefix("/") ? Path(component) : Path("\(folder.text)/\(component)")
  }

  /// This path as it reads from `folder`: `.` for the folder itself, unchanged what lies elsewhere.
  package func relative(to folder: Path) -> Path {
    if self == folder { return "." }
    let prefix = folder.text + "/"
    return text.hasPrefix(prefix) ? Path(String(text.dropFirst(prefix.count))) : self
  }

  package static func < (left: Path, right: Path) -> Bool { left.text < right.text }

  /// The same place as Foundation's URL, for the calls that want one.
  package var url: URL { URL(fileURLWithPath: text) }
}
