package import Platform

/// The git repository that a folder lies in; only ever read.
package struct GitRepository: Sendable {
  /// The top folder of its work tree, without links.
  package let root: Path
  /// The clone holds only the newest commits.
  package let isShallow: Bool
  private(set) var git: GitProgram

  /// Finds it.
  ///
  /// - Parameter environment: the process's own.
  /// - Throws: `RepositoryError` where there is no git, no repository, or none that git will read.
  package init(of folder: Path, environment: [String: String]) throws {
    try self.init(of: folder, GitProgram(environment: environment))
  }

  init(of folder: Path, _ git: GitProgram) throws {
    self.git = git
    let arguments = ["rev-parse", "--show-toplevel", "--is-shallow-repository"]
    let answer = try git.run(arguments, in: folder)
    let lines = answer.output.split(separator: "\n")
    guard answer.isSuccess, lines.count == 2 else {
      if answer.errors.contains("dubious ownership") {
        throw RepositoryError.foreignRepository(folder, answer.errors)
      }
      if let store = answer.errors.firstRange(of: "not a git repository: ") {
        throw RepositoryError.lostRepository(
          folder, store: String(answer.errors[store.upperBound...].prefix { !$0.isNewline }))
      }
      if answer.errors.contains("not a git repository")
        || answer.errors.contains("must be run in a work tree")
      {
        throw RepositoryError.noRepository(folder)
      }
      throw RepositoryError.gitFailed(arguments[0], answer)
    }
    root = Path(String(lines[0]))
    isShallow = lines[1] == "true"
  }

  /// The same with what is kept in these folders beside its own.
  func reading(_ stores: [Path]) -> GitRepository {
    var wider = self
    wider.git = git.reading(stores)
    return wider
  }

  /// What a command prints.
  ///
  /// - Parameter limit: bytes that are kept.
  /// - Throws: `RepositoryError` where it fails.
  func output(
    _ arguments: [String], input: String? = nil, limit: Int = 64 << 20
  ) throws -> [UInt8] {
    let answer = try git.run(arguments, in: root, input: input, limit: limit)
    guard answer.isSuccess, !answer.isTruncated else {
      throw RepositoryError.gitFailed(arguments[0], answer)
    }
    return answer.bytes
  }

  /// The same, where failing is an answer too: nil.
  func answer(_ arguments: [String]) throws -> String? {
    let answer = try git.run(arguments, in: root)
    return answer.isSuccess ? answer.output : nil
  }

  /// A place of the work tree as the repository names it, empty for the top, links on the way followed;
  /// also one that is gone with all that it held. nil where it lies elsewhere.
  package func name(of place: Path) -> String? {
    if let found = Files.resolved(place) {
      let inside = found.relative(to: root)
      return inside.isAbsolute ? nil : inside == "." ? "" : inside.text
    }
    guard place.parent != place, let above = name(of: place.parent) else { return nil }
    return above.isEmpty ? place.name : "\(above)/\(place.name)"
  }
}
