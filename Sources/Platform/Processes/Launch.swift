/// What to start, and in which surroundings. Nothing is inherited but what is named here.
package struct Launch: Sendable {
  /// A path, or a name that is looked for in the `PATH` of `environment`.
  package var executable: String
  package var arguments: [String]
  /// The whole environment of the child.
  package var environment: [String: String]
  /// Where it starts; nil for the present folder.
  package var workingDirectory: Path?
  /// The child's descriptor → the parent's. Standard input, output and error that are not named
  /// are `/dev/null`.
  package var descriptors: [Int32: Int32]
  /// Who it runs as, where that is somebody else; only root can ask for it.
  package var user: UserAccount?

  package init(
    _ executable: String, _ arguments: [String] = [], environment: [String: String],
    workingDirectory: Path? = nil, descriptors: [Int32: Int32] = [:], user: UserAccount? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.descriptors = descriptors
    self.user = user
  }

  /// The executable and its arguments with what makes it run as `user`: `setpriv`, else `runuser`,
  /// since `posix_spawn` cannot change who a process runs as.
  func command() throws -> (path: Path, arguments: [String]) {
    func find(_ name: String) -> Path? {
      Files.executable(named: name, searchPath: environment["PATH"] ?? "")
        ?? Files.executable(named: name, searchPath: "/usr/bin:/bin:/usr/sbin:/sbin")
    }
    guard let path = find(executable) else {
      throw PlatformError(.notFound, "cannot start \(executable): no such program")
    }
    guard let user else { return (path, [path.text] + arguments) }
    if let setpriv = find("setpriv") {
      let change = ["--reuid=\(user.uid)", "--regid=\(user.gid)", "--clear-groups", "--"]
      return (setpriv, ["setpriv"] + change + [path.text] + arguments)
    }
    if let runuser = find("runuser") {
      return (runuser, ["runuser", "-u", user.name, "--", path.text] + arguments)
    }
    throw PlatformError(
      .cannotStart, "cannot run \(executable) as \(user.name): neither setpriv nor runuser is here")
  }
}
