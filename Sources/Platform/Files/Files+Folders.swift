private import Glibc

extension Files {
  /// Makes the folder and those above it; one that is there already is as good.
  package static func makeFolder(_ path: Path, mode: UInt32 = 0o755) throws {
    guard mkdir(path.text, mode_t(mode)) != 0 else { return }
    let failure = errno
    if isFolder(path) { return }
    guard failure == ENOENT, path.parent != path else {
      throw PlatformError(.cannotWrite, "cannot make the folder \(path)", errno: failure)
    }
    try makeFolder(path.parent, mode: mode)
    guard mkdir(path.text, mode_t(mode)) != 0 else { return }
    let again = errno
    guard isFolder(path) else {
      throw PlatformError(.cannotWrite, "cannot make the folder \(path)", errno: again)
    }
  }

  /// The folder for temporary files: `TMPDIR` where that is a folder, else `/tmp`.
  package static func temporaryFolder(_ environment: [String: String]) -> Path {
    environment["TMPDIR"].map { Path($0) }.flatMap { isFolder($0) ? $0 : nil } ?? "/tmp"
  }

  /// Makes a folder that was not there, for its owner only: `<parent>/<prefix>-<pid>-<random>`.
  package static func makeTemporaryFolder(in parent: Path, prefix: String) throws -> Path {
    let path = parent / RandomName.make(prefix: prefix)
    guard mkdir(path.text, 0o700) == 0 else {
      throw PlatformError(.cannotWrite, "cannot make a folder in \(parent)", errno: errno)
    }
    return path
  }

  /// The names in a folder, sorted, without `.` and `..`.
  package static func names(in folder: Path) throws -> [String] {
    guard let open = opendir(folder.text) else {
      throw PlatformError(.cannotRead, "cannot list \(folder)", errno: errno)
    }
    defer { closedir(open) }
    return entries(of: open).sorted()
  }

  /// Gives a file or folder another name in the same file system; a file of that name is replaced at
  /// once.
  package static func move(_ source: Path, to target: Path) throws {
    guard rename(source.text, target.text) == 0 else {
      throw PlatformError(.cannotWrite, "cannot write \(target)", errno: errno)
    }
  }

  /// Removes a file or a folder with all that is in it; links are removed, not followed. What is not
  /// there is as good.
  package static func removeTree(_ path: Path) throws {
    try removeTree(named: path.text, in: AT_FDCWD, reported: path)
  }

  private static func removeTree(named name: String, in parent: Int32, reported: Path) throws {
    if unlinkat(parent, name, 0) == 0 || errno == ENOENT { return }
    guard errno == EISDIR || errno == EPERM else {
      throw PlatformError(.cannotWrite, "cannot remove \(reported)", errno: errno)
    }
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    let number = openat(parent, name, flags)
    guard number >= 0, let open = fdopendir(number) else {
      throw PlatformError(.cannotWrite, "cannot remove \(reported)", errno: errno)
    }
    defer { closedir(open) }
    for entry in entries(of: open) {
      try removeTree(named: entry, in: number, reported: reported / entry)
    }
    guard unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT else {
      throw PlatformError(.cannotWrite, "cannot remove \(reported)", errno: errno)
    }
  }

  private static func entries(of folder: OpaquePointer) -> [String] {
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Bytes that Stairway could write in this folder's file system; nil where the folder is not there
  /// or cannot be written to.
  package static func freeSpace(in folder: Path) -> Int? {
    var system = statvfs()
    guard access(folder.text, W_OK | X_OK) == 0, statvfs(folder.text, &system) == 0,
      system.f_flag & UInt(ST_RDONLY) == 0
    else { return nil }
    return Int(
      clamping: system.f_bavail.multipliedReportingOverflow(by: system.f_frsize).partialValue)
  }

  /// Gives a file or folder to another account.
  package static func give(_ path: Path, to user: UserAccount) throws {
    guard lchown(path.text, user.uid, user.gid) == 0 else {
      throw PlatformError(.cannotWrite, "cannot give \(path) to \(user.name)", errno: errno)
    }
  }

  /// Sets a file's or folder's permission bits.
  package static func setMode(_ mode: UInt32, of path: Path) throws {
    guard chmod(path.text, mode_t(mode)) == 0 else {
      throw PlatformError(.cannotWrite, "cannot change the permissions of \(path)", errno: errno)
    }
  }

  /// The account number that a file or folder belongs to, links not followed; nil where none is there.
  package static func owner(of path: Path) -> UInt32? {
    var status = stat()
    return lstat(path.text, &status) == 0 ? status.st_uid : nil
  }

  /// The path from the root on, without links and dots; nil where nothing is there.
  package static func resolved(_ path: Path) -> Path? {
    guard let text = realpath(path.text, nil) else { return nil }
    defer { free(text) }
    return Path(String(cString: text))
  }

  /// Where a link leads, as it is written; nil for what is no link.
  package static func target(ofLink path: Path) -> String? {
    var space = [UInt8](repeating: 0, count: 4096)
    let count = readlink(path.text, &space, space.count)
    return count < 0 ? nil : String(decoding: space.prefix(count), as: UTF8.self)
  }
}
