import Platform

extension GitRepository {
  /// All that a commit holds.
  package func tree(of commit: Commit) throws -> CommitTree {
    // Room for some millions of files.
    let printed = try output(
      ["ls-tree", "-r", "-z", "--full-tree", commit.id], limit: 1 << 30)
    let files = Self.entries(printed)
    let links = Set(files.filter(\.isLink).map(\.contents))
    return CommitTree(files, targets: try bytes(of: links), root: root)
  }

  /// Makes sure that files which are missing in the work tree are missing because somebody took them away.
  ///
  /// - Parameter paths: from the top folder on.
  /// - Throws: `RepositoryError` `sparse-checkout` where git itself leaves one of them out
  ///   (<https://git-scm.com/docs/git-sparse-checkout>).
  package func expectCheckedOut(_ paths: [String]) throws {
    guard !paths.isEmpty else { return }
    let printed = try output(["ls-files", "-t", "-z", "--"] + paths)
    let mark = Array("S ".utf8)
    guard let entry = printed.split(separator: 0).first(where: { $0.starts(with: mark) }) else {
      return
    }
    throw RepositoryError.sparse(String(decoding: entry.dropFirst(mark.count), as: UTF8.self))
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
