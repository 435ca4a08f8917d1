import Platform

/// The `git` of the PATH, run so that it only reads: no lock is taken, no pager, editor or prompt is
/// opened, and nothing that the repository's configuration names is started.
struct GitProgram: Sendable {
  private var environment: [String: String]

  /// - Parameter environment: the process's own; what would lead git elsewhere or make it speak
  ///   another language is taken out.
  init(environment: [String: String]) {
    var kept = environment.filter { name, _ in
      !name.hasPrefix("GIT_") || Self.passedOn.contains { name.hasPrefix($0) }
    }
    // A hook of git's own sets GIT_DIR and GIT_INDEX_FILE, which lead away from the folder that is
    // meant; what a user says of certificates and credentials a partial clone may need.
    kept["LC_ALL"] = "C"
    kept["LANGUAGE"] = nil
    kept["GIT_OPTIONAL_LOCKS"] = "0"
    kept["GIT_TERMINAL_PROMPT"] = "0"
    kept["GIT_LITERAL_PATHSPECS"] = "1"
    self.environment = kept
  }

  /// The same, which finds what other repositories keep as well, in order
  /// (<https://git-scm.com/docs/git#Documentation/git.txt-codeGITALTERNATEOBJECTDIRECTORIEScode>).
  func reading(_ stores: [Path]) -> GitProgram {
    guard !stores.isEmpty else { return self }
    var wider = self
    wider.environment[Self.stores] = stores.map { store in
      "\"" + store.text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }.joined(separator: ":")
    return wider
  }

  /// Whether it finds more than a repository's own.
  var readsElsewhere: Bool { environment[Self.stores] != nil }

  private static let stores = "GIT_ALTERNATE_OBJECT_DIRECTORIES"

  private static let passedOn = [
    "GIT_CONFIG", "GIT_SSH", "GIT_ASKPASS", "GIT_SSL", "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
  ]

  /// `core.fsmonitor` and `core.hooksPath` may name programs of the repository's.
  private static let harmless = [
    "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
  ]

  /// Runs a command in a folder.
  ///
  /// - Parameters:
  ///   - input: what it reads from standard input.
  ///   - limit: bytes of output that are kept.
  /// - Throws: `RepositoryError` `no-git` where there is no git.
  func run(
    _ arguments: [String], in folder: Path, input: String? = nil, limit: Int = 1 << 20
  ) throws -> CapturedRun {
    guard let git = Files.executable(named: "git", searchPath: environment["PATH"] ?? "") else {
      throw RepositoryError.noGit
    }
    let temporary = Files.temporaryFolder(environment)
    let file = try input.map { try UnnamedFile(in: temporary, holding: $0) }
    var launch = Launch(
      git.text, Self.harmless + arguments, environment: environment, workingDirectory: folder)
    if let file { launch.descriptors[0] = file.descriptor.number }
    return try ChildProcess.run(launch, limit: limit)
  }
}
