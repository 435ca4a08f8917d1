package import Platform

/// A file as a commit holds it.
package struct CommittedFile: Hashable, Sendable {
  /// From the repository's top folder on.
  package let path: String
  /// The name of its contents; the same wherever they are the same. Those of a link are where it leads.
  package let contents: String
  package let isLink: Bool
}

/// Where a link of a commit leads.
package enum LinkTarget: Hashable, Sendable {
  case file(CommittedFile)
  /// Out of the repository, or to what it does not hold: the absolute path.
  case outside(Path)
}

extension GitRepository {
  /// The files that a commit holds in a folder; modules are no files.
  ///
  /// - Parameters:
  ///   - folder: as `name(of:)` gives it; one that the commit does not have is empty.
  ///   - isRecursive: also those in folders below.
  package func files(
    in folder: String, at commit: Commit, isRecursive: Bool
  ) throws -> [CommittedFile] {
    let options = ["ls-tree", "-z", "--full-tree"] + (isRecursive ? ["-r"] : [])
    return Self.entries(
      try output(options + [commit.id] + (folder.isEmpty ? [] : ["--", folder + "/"])))
  }

  /// Every file that a commit holds, without links.
  package func allFiles(at commit: Commit) throws -> [CommittedFile] {
    try files(in: "", at: commit, isRecursive: true).filter { !$0.isLink }
  }

  /// Where a link leads, through others too.
  package func target(of link: CommittedFile, at commit: Commit) throws -> LinkTarget {
    var file = link
    // As many as Linux follows.
    for _ in 0..<40 where file.isLink {
      let text = String(
        decoding: try bytes(of: [file.contents])[file.contents] ?? [], as: UTF8.self)
      let target = ((root / file.path).parent / text).withoutDots
      let name = target.relative(to: root)
      guard !name.isAbsolute,
        let next = Self.entries(
          try output(["ls-tree", "-z", "--full-tree", commit.id, "--", name.text])
        ).first
      else { return .outside(target) }
      file = next
    }
    return file.isLink ? .outside(root / file.path) : .file(file)
  }

  /// The bytes of contents, by their names.
  ///
  /// - Throws: `RepositoryError` `damaged-repository` where it does not hold all of them.
  package func bytes(of contents: Set<String>) throws -> [String: [UInt8]] {
    guard !contents.isEmpty else { return [:] }
    let names = contents.sorted()
    let printed = try output(
      ["cat-file", "--batch"], input: names.map { $0 + "\n" }.joined())[...]
    var found: [String: [UInt8]] = [:]
    var rest = printed
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let head = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
      rest = rest[(end + 1)...]
      guard head.count == 3, let size = Int(head[2]), rest.count >= size else { continue }
      found[String(head[0])] = Array(rest.prefix(size))
      rest = rest.dropFirst(size + 1)
    }
    if let missing = names.first(where: { found[$0] == nil }) {
      throw RepositoryError.damaged(root, "the contents \(missing.prefix(10)) of a file are")
    }
    return found
  }

  /// `mode type name<TAB>path<NUL>` (<https://git-scm.com/docs/git-ls-tree#_output_format>).
  private static func entries(_ printed: [UInt8]) -> [CommittedFile] {
    printed.split(separator: 0).compactMap { entry in
      guard let tab = entry.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
      let head = String(decoding: entry[..<tab], as: UTF8.self).split(separator: " ")
      guard head.count == 3, head[1] == "blob" else { return nil }
      return CommittedFile(
        path: String(decoding: entry[(tab + 1)...], as: UTF8.self), contents: String(head[2]),
        isLink: head[0] == "120000")
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
