package import Platform

/// A file as a commit holds it.
package struct CommittedFile: Hashable, Sendable {
  /// From the repository's top folder on.
  package let path: String
  /// The name of its contents; the same wherever they are the same. Those of a link are where it leads.
  package let contents: String
  package let isLink: Bool
}

/// Where the links on the way to a place of a commit lead.
package enum CommittedPlace: Hashable, Sendable {
  /// Within the repository: the path from its top folder on.
  case inside(String)
  /// Out of the repository, or round in a circle: the absolute path.
  case outside(Path)
}

/// All that a commit holds, listed once.
package struct CommitTree: Sendable {
  /// Its files and links in git's order, those of its modules behind them.
  package let files: [CommittedFile]
  /// Those of its modules that were looked into.
  private let modules: [CommittedModule]
  /// Those that could not be.
  private let closed: [CommittedModule]
  private let byPath: [String: CommittedFile]
  /// What the links say, by their paths.
  private let links: [String: String]
  /// The work tree's top folder: what absolute links lead into.
  private let root: Path

  /// - Parameter targets: what each link says, by the name of its contents.
  init(
    _ files: [CommittedFile], targets: [String: [UInt8]], modules: [CommittedModule],
    closed: [CommittedModule], root: Path
  ) {
    self.files = files
    self.modules = modules
    self.closed = closed
    self.root = root
    byPath = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
    links = Dictionary(
      files.filter(\.isLink).map {
        ($0.path, String(decoding: targets[$0.contents] ?? [], as: UTF8.self))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The file or link at a path; nil where there is none.
  package func file(at path: String) -> CommittedFile? { byPath[path] }

  /// The module that holds what is at a path, the innermost one; nil where none does.
  package func module(of path: String) -> CommittedModule? {
    modules.filter { $0.holds(path) }.max { $0.path.count < $1.path.count }
  }

  /// A module that could not be looked into and holds a folder, or lies in it; nil where there is none.
  package func closedModule(at folder: String, isRecursive: Bool) -> CommittedModule? {
    guard case .inside(let place) = place(of: folder) else { return nil }
    return closed.first {
      $0.holds(place) || isRecursive && $0.path.hasPrefix(place.isEmpty ? "" : place + "/")
    }
  }

  /// Where a path leads, every link on the way followed, whether or not something is there.
  package func place(of path: String) -> CommittedPlace {
    var open = path.split(separator: "/").map(String.init)[...]
    var done: [String] = []
    var count = 0
    while let next = open.popFirst() {
      if next == "." || next == "..", next == "." || done.popLast() != nil { continue }
      // Above the top, whatever leads there is as good as a link.
      var target: String? = root.parent.text
      if next != ".." {
        done.append(next)
        target = links[done.joined(separator: "/")]
      }
      guard let target else { continue }
      count += 1
      // As many as Linux follows.
      guard count <= 40 else { return .outside(root / path) }
      _ = done.popLast()
      open = target.split(separator: "/").map(String.init) + open
      guard target.hasPrefix("/") else { continue }
      let inside = Path("/" + open.joined(separator: "/")).withoutDots.relative(to: root)
      if inside.isAbsolute { return .outside(inside) }
      done = []
      open = inside.text.split(separator: "/").map(String.init)[...]
    }
    return .inside(done.joined(separator: "/"))
  }

  /// The files and links in a folder, links on the way to it followed; none where it is not there.
  ///
  /// - Parameters:
  ///   - folder: without slash at its end and empty for the top.
  ///   - isRecursive: also those in folders below.
  package func files(in folder: String, isRecursive: Bool) -> [CommittedFile] {
    guard case .inside(let place) = place(of: folder) else { return [] }
    let prefix = place.isEmpty ? "" : place + "/"
    return files.filter { file in
      file.path.utf8.starts(with: prefix.utf8)
        && (isRecursive || !file.path.utf8.dropFirst(prefix.utf8.count).contains(UInt8(ascii: "/")))
    }
  }
}

extension Path {
  /// The same without `.` and `..`, as its text alone has it.
  fileprivate var withoutDots: Path {
    var kept: [Substring] = []
    for component in text.split(separator: "/") where component != "." {
      if component == ".." { _ = kept.popLast() } else { kept.append(component) }
    }
    return Path("/" + kept.joined(separator: "/"))
  }
}
