import Glibc

/// Files and folders, each call with an error that names the path and the system's reason.
package enum Files {
  /// Whether anything is there; a link that leads nowhere is nothing.
  package static func exists(_ path: Path) -> Bool { access(path.text, F_OK) == 0 }

  /// Whether a folder is there, also through a link.
  package static func isFolder(_ path: Path) -> Bool {
    mode(of: path).map { $0 & S_IFMT == S_IFDIR } ?? false
  }

  /// Whether a regular file is there, also through a link.
  package static func isFile(_ path: Path) -> Bool {
    mode(of: path).map { $0 & S_IFMT == S_IFREG } ?? false
  }

  /// Bytes in the file; nil where there is none.
  package static func size(of path: Path) -> Int? { status(of: path).map { Int($0.st_size) } }

  /// When the file's content was last changed, in seconds since 1970; nil where there is none.
  package static func changeTime(of path: Path) -> Double? {
    status(of: path).map { Double($0.st_mtim.tv_sec) + Double($0.st_mtim.tv_nsec) / 1e9 }
  }

  private static func mode(of path: Path) -> mode_t? { status(of: path)?.st_mode }

  /// What the system says of a file or folder, through whatever links; nil where none is there.
  static func status(of path: Path) -> stat? {
    var status = stat()
    return stat(path.text, &status) == 0 ? status : nil
  }

  /// The program of this name: the path itself where it holds a slash, else the first in the search
  /// path that can be run.
  package static func executable(named name: String, searchPath: String) -> Path? {
    func runs(_ path: Path) -> Bool { isFile(path) && access(path.text, X_OK) == 0 }
    if name.contains("/") { return runs(Path(name)) ? Path(name) : nil }
    return searchPath.split(separator: ":").lazy.map { Path(String($0)) / name }.first(where: runs)
  }

  /// The file's bytes.
  /// - Parameter limit: how many of them, from the beginning.
  package static func bytes(of path: Path, upTo limit: Int = .max) throws -> [UInt8] {
    let file = Descriptor(owning: Glibc.open(path.text, O_RDONLY | O_CLOEXEC))
    guard file.number >= 0 else {
      throw PlatformError(.cannotRead, "cannot read \(path)", errno: errno)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(size(of: path) ?? 0, limit))
    do {
      while bytes.count < limit, let more = try readSome(file.number) {
        bytes += more.prefix(limit - bytes.count)
      }
    } catch let error as PlatformError {
      throw PlatformError(.cannotRead, "cannot read \(path)", errno: error.number ?? EIO)
    }
    return bytes
  }

  /// The file's text; bytes that are not UTF-8 become U+FFFD.
  package static func text(of path: Path) throws -> String {
    String(decoding: try bytes(of: path), as: UTF8.self)
  }

  /// Writes the file whole or not at all: beside it under another name first, then renamed over it.
  /// What was there before stays until that moment, and for good where the writing fails.
  package static func write(_ bytes: [UInt8], to path: Path, mode: UInt32 = 0o644) throws {
    try replace(path, mode: mode) { try $0.write(bytes) }
  }

  /// Writes the text's UTF-8, whole or not at all.
  package static func write(_ text: String, to path: Path, mode: UInt32 = 0o644) throws {
    try write(Array(text.utf8), to: path, mode: mode)
  }

  /// Writes the text whole or not at all into the file that a path leads to: links on the way stay.
  package static func rewrite(_ path: Path, with text: String) throws {
    try write(text, to: resolved(path) ?? path)
  }

  /// Copies a file's bytes, whole or not at all; an existing target is replaced by a new file.
  package static func copy(_ source: Path, to target: Path, mode: UInt32 = 0o600) throws {
    let from = Descriptor(owning: Glibc.open(source.text, O_RDONLY | O_CLOEXEC))
    guard from.number >= 0 else {
      throw PlatformError(.cannotRead, "cannot read \(source)", errno: errno)
    }
    try replace(target, mode: mode) { into in
      while let bytes = try readSome(from.number) { try into.write(bytes) }
    }
  }

  private static func replace(
    _ path: Path, mode: UInt32, filling fill: (Descriptor) throws -> Void
  ) throws {
    let beside = path.parent / RandomName.make(prefix: ".\(path.name.prefix(100))")
    let file = Descriptor(
      owning: Glibc.open(beside.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode)))
    guard file.number >= 0 else {
      throw PlatformError(.cannotWrite, "cannot write \(path)", errno: errno)
    }
    do {
      try fill(file)
      file.close()
      if rename(beside.text, path.text) != 0 {
        throw PlatformError(.cannotWrite, "cannot write \(path)", errno: errno)
      }
    } catch {
      unlink(beside.text)
      guard let failure = error as? PlatformError, let number = failure.number else { throw error }
      throw PlatformError(.cannotWrite, "cannot write \(path)", errno: number)
    }
  }

  /// Opens a file to be written from its beginning, made where it is missing.
  package static func open(writing path: Path, mode: UInt32 = 0o600) throws -> Descriptor {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    let number = Glibc.open(path.text, flags, mode_t(mode))
    guard number >= 0 else {
      throw PlatformError(.cannotWrite, "cannot write \(path)", errno: errno)
    }
    return Descriptor(owning: number)
  }

  /// Opens a file to be read from its beginning.
  package static func open(reading path: Path) throws -> Descriptor {
    let number = Glibc.open(path.text, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else {
      throw PlatformError(.cannotRead, "cannot read \(path)", errno: errno)
    }
    return Descriptor(owning: number)
  }

  /// Adds to the end of a file, made where it is missing.
  package static func append(_ text: String, to path: Path, mode: UInt32 = 0o644) throws {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
    let file = Descriptor(owning: Glibc.open(path.text, flags, mode_t(mode)))
    guard file.number >= 0 else {
      throw PlatformError(.cannotWrite, "cannot write \(path)", errno: errno)
    }
    do {
      try file.write(Array(text.utf8))
    } catch let error as PlatformError {
      throw PlatformError(.cannotWrite, "cannot write \(path)", errno: error.number ?? EIO)
    }
  }

  /// Whether every account can pass through this folder and all above it.
  package static func isOpenToAll(_ folder: Path) -> Bool {
    var current = folder
    while true {
      guard let mode = mode(of: current), mode & S_IXOTH != 0 else { return false }
      if current == current.parent { return true }
      current = current.parent
    }
  }

  /// Removes a file; one that is not there is as good.
  package static func remove(_ path: Path) throws {
    guard unlink(path.text) == 0 || errno == ENOENT else {
      throw PlatformError(.cannotWrite, "cannot remove \(path)", errno: errno)
    }
  }
}
