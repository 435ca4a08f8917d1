package import Platform

/// A commit of another repository that stands in the place of a folder
/// (<https://git-scm.com/docs/gitsubmodules>).
package struct CommittedModule: Hashable, Sendable {
  /// From the top folder of the outermost repository on.
  package let path: String
  /// What it stands at.
  package let commit: Commit

  /// Whether a path of the outermost repository lies in it.
  package func holds(_ path: String) -> Bool {
    path == self.path || path.hasPrefix(self.path + "/")
  }
}

extension GitRepository {
  /// The same, reading also what the repositories hold in whose work trees these folders lie: modules of
  /// this one, or modules of theirs.
  ///
  /// - Throws: `RepositoryError` `foreign-repository`.
  package func opened(to folders: [Path]) throws -> GitRepository {
    var places: Set<Path> = []
    for folder in folders {
      var place = Files.resolved(folder) ?? folder
      while place != root, !place.relative(to: root).isAbsolute {
        if Files.exists(place / ".git") { places.insert(place) }
        place = place.parent
      }
    }
    return reading(try places.sorted().compactMap(store))
  }

  /// The innermost folder of the work tree around another that is a repository's own, as this one names it;
  /// nil where there is none.
  package func module(around folder: Path) -> String? {
    var place = Files.resolved(folder) ?? folder
    while place != root, !place.relative(to: root).isAbsolute {
      if Files.exists(place / ".git") { return name(of: place) }
      place = place.parent
    }
    return nil
  }

  /// Where a repository keeps what it holds; nil where none has its top folder there.
  private func store(of place: Path) throws -> Path? {
    let arguments = ["rev-parse", "--show-toplevel", "--git-path", "objects"]
    let answer = try git.run(arguments, in: place)
    if answer.errors.contains("dubious ownership") {
      throw RepositoryError.foreignRepository(place, answer.errors)
    }
    let lines = answer.output.split(separator: "\n").map(String.init)
    guard answer.isSuccess, lines.count == 2, Path(lines[0]) == place else { return nil }
    return place / lines[1]
  }

  /// Makes sure that a module is not the reason for which folders hold nothing.
  ///
  /// - Throws: `RepositoryError` `missing-submodule` where one of them lies in a module that is not checked
  ///   out.
  package func expectModules(around folders: [Path]) throws {
    let names = Set(folders.compactMap(name)).flatMap(Self.withThoseAbove)
    if let module = try missingModules(at: names).first {
      throw RepositoryError.moduleNotCheckedOut(module)
    }
  }

  /// Makes sure that a module is not the reason for which something was not found in a folder.
  ///
  /// - Parameter isLookedFor: whether it may lie in a module, named from that folder on.
  /// - Throws: `RepositoryError` `missing-submodule` where that one is not checked out.
  package func expectModules(
    within folder: Path, where isLookedFor: (String) -> Bool
  ) throws {
    let folder = Files.resolved(folder) ?? folder
    guard let place = name(of: folder) else { return }
    let missing = try missingModules(at: [place.isEmpty ? "." : place]).first { module in
      isLookedFor((root / module).relative(to: folder).text)
    }
    if let missing { throw RepositoryError.moduleNotCheckedOut(missing) }
  }

  /// The modules at some places, or below them, whose folders are empty.
  private func missingModules(at names: [String]) throws -> [String] {
    guard !names.isEmpty else { return [] }
    let printed = try output(["ls-files", "--stage", "-z", "--"] + names)
    let modules = printed.split(separator: 0).filter { $0.starts(with: Array("160000 ".utf8)) }
    return modules.map { entry in
      String(decoding: entry.drop { $0 != UInt8(ascii: "\t") }.dropFirst(), as: UTF8.self)
    }.filter { !Files.exists(root / $0 / ".git") }
  }

  /// `a/b/c` with `a/b` and `a`.
  private static func withThoseAbove(_ name: String) -> [String] {
    let parts = name.split(separator: "/")
    return parts.indices.map { parts[...$0].joined(separator: "/") }
  }

  /// Those of some commits that can be read.
  func held(_ commits: Set<String>) throws -> Set<String> {
    guard git.readsElsewhere, !commits.isEmpty else { return [] }
    let printed = try output(
      ["cat-file", "--batch-check"], input: commits.sorted().map { $0 + "\n" }.joined())
    // `name type size`, or `name missing`.
    let lines = String(decoding: printed, as: UTF8.self).split(separator: "\n")
    return Set(
      lines.map { $0.split(separator: " ") }.filter { $0.count == 3 }.map { String($0[0]) })
  }

  /// Why nobody can look into a module as a commit names it.
  package func closed(_ module: CommittedModule) -> RepositoryError {
    let place = root / module.path
    if Files.exists(place / ".git") {
      return .missingModuleCommit(
        module, in: place, isShallow: (try? GitRepository(of: place, git))?.isShallow == true)
    }
    let isEmpty = ((try? Files.names(in: place)) ?? []).isEmpty
    return isEmpty ? .moduleNotCheckedOut(module.path) : .formerModule(module)
  }
}
