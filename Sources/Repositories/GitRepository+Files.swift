import Platform

extension GitRepository {
  /// All that a commit holds, with what its modules hold that can be read.
  package func tree(of commit: Commit) throws -> CommitTree {
    var (files, open) = try entries(of: commit, in: "")
    var (read, closed): ([CommittedModule], [CommittedModule]) = ([], [])
    while !open.isEmpty {
      let held = try held(Set(open.map(\.commit.id)))
      closed += open.filter { !held.contains($0.commit.id) }
      let modules = open.filter { held.contains($0.commit.id) }
      read += modules
      open = []
      for module in modules {
        let inner = try entries(of: module.commit, in: module.path + "/")
        files += inner.files
        open += inner.modules
      }
    }
    let links = Set(files.filter(\.isLink).map(\.contents))
    return CommitTree(
      files, targets: try bytes(of: links), modules: read, closed: closed, root: root)
  }

  /// Makes sure that files which are missing in the work tree are missing because somebody took them away.
  ///
  /// - Parameters:
  ///   - paths: from the top folder on; of folders, all that lies below them.
  ///   - name: what they are called; nil for any.
  /// - Throws: `RepositoryError` `sparse-checkout` where git itself leaves one of them out
  ///   (<https://git-scm.com/docs/git-sparse-checkout>).
  package func expectCheckedOut(_ paths: [String], named name: String? = nil) throws {
    let file = try leftOut(of: paths).first { name == nil || Path($0).name == name }
    if let file { throw RepositoryError.sparse(file) }
  }

  /// The files at paths, or below them, that git itself leaves out.
  package func leftOut(of paths: [String]) throws -> [String] {
    guard !paths.isEmpty else { return [] }
    let printed = try output(["ls-files", "-t", "-z", "--"] + paths)
    let mark = Array("S ".utf8)
    return printed.split(separator: 0).filter { $0.starts(with: mark) }
      .map { String(decoding: $0.dropFirst(mark.count), as: UTF8.self) }
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

  /// What a commit itself lists: `mode type name<TAB>path<NUL>`
  /// (<https://git-scm.com/docs/git-ls-tree#_output_format>).
  ///
  /// - Parameter prefix: where its top folder lies, with a slash at its end.
  private func entries(
    of commit: Commit, in prefix: String
  ) throws -> (files: [CommittedFile], modules: [CommittedModule]) {
    // Room for some millions of files.
    let printed = try output(
      ["ls-tree", "-r", "-z", "--full-tree", commit.id], limit: 1 << 30)
    var files: [CommittedFile] = []
    var modules: [CommittedModule] = []
    for entry in printed.split(separator: 0) {
      guard let tab = entry.firstIndex(of: UInt8(ascii: "\t")) else { continue }
      let head = String(decoding: entry[..<tab], as: UTF8.self).split(separator: " ")
      guard head.count == 3 else { continue }
      let (path, name) = (
        prefix + String(decoding: entry[(tab + 1)...], as: UTF8.self), String(head[2])
      )
      if head[1] == "commit" {
        modules.append(CommittedModule(path: path, commit: Commit(id: name)))
      } else {
        files.append(CommittedFile(path: path, contents: name, isLink: head[0] == "120000"))
      }
    }
    return (files, modules)
  }
}
