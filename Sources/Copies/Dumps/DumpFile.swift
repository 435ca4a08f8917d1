import Platform

/// What `pg_dump` wrote, told by its content: how it is packed and what is in it.
struct DumpFile: Sendable, Hashable {
  /// How the dump is written.
  enum Form: String, Sendable, Hashable {
    case custom, directory, tar, plain
  }

  /// What the file as a whole is packed with, where it is.
  enum Compression: String, Sendable, Hashable {
    case gzip, zstd

    /// The program that unpacks it to its standard output, and its arguments.
    var unpacking: (program: String, arguments: [String]) {
      switch self {
      case .gzip: ("gzip", ["--decompress", "--stdout"])
      case .zstd: ("zstd", ["--decompress", "--stdout", "--quiet"])
      }
    }
  }

  /// What a path given as a source can hold.
  enum Content: Sendable, Hashable {
    case sqlite
    case dump(DumpFile)
  }

  let path: Path
  let form: Form
  let compression: Compression?

  /// Bytes of the file, or of all files of the folder.
  var size: Int {
    guard form == .directory else { return Files.size(of: path) ?? 0 }
    let names = (try? Files.names(in: path)) ?? []
    return names.reduce(0) { $0 + (Files.size(of: path / $1) ?? 0) }
  }
}

extension DumpFile.Content {
  private static let fix =
    "give what pg_dump wrote (plain, custom, tar or directory; gzip and zstd are unpacked), or a "
    + "SQLite file"

  /// Looks at the first bytes.
  /// - Throws: `CopyError` where it is nothing that can be copied, with what it seems to be.
  init(of path: Path, environment: [String: String]) throws {
    if Files.isFolder(path) {
      guard ["toc.dat", "toc.dat.gz"].contains(where: { Files.isFile(path / $0) }) else {
        throw CopyError(
          .badSource, "\(path) is a folder without toc.dat, so no directory of pg_dump's",
          fix: Self.fix)
      }
      self = .dump(DumpFile(path: path, form: .directory, compression: nil))
      return
    }
    let head = try Self.head(of: path)
    guard !head.isEmpty else {
      throw CopyError(.badSource, "\(path) is empty", fix: Self.fix)
    }
    if head.starts(with: Array("SQLite format 3\u{0}".utf8)) {
      self = .sqlite
      return
    }
    guard let compression = Self.compression(head) else {
      let form = try Self.form(head, of: path)
      self = .dump(DumpFile(path: path, form: form, compression: nil))
      return
    }
    let inner = try Self.unpackedHead(of: path, compression, environment)
    if inner.starts(with: Array("SQLite format 3\u{0}".utf8)) {
      throw CopyError(
        .badSource, "\(path) is a packed SQLite file",
        fix: "unpack it first: \(compression.unpacking.program) -d \(path)")
    }
    let form = try Self.form(inner, of: path)
    self = .dump(DumpFile(path: path, form: form, compression: compression))
  }

  private static func head(of path: Path) throws -> [UInt8] {
    do {
      return try Files.bytes(of: path, upTo: 8_192)
    } catch let error as PlatformError {
      throw CopyError(.badSource, error.message, fix: "see that this account may read it")
    }
  }

  private static func compression(_ head: [UInt8]) -> DumpFile.Compression? {
    if head.starts(with: [0x1f, 0x8b]) { return .gzip }
    return head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) ? .zstd : nil
  }

  private static func unpackedHead(
    of path: Path, _ compression: DumpFile.Compression, _ environment: [String: String]
  ) throws -> [UInt8] {
    let file = try Files.open(reading: path)
    let (program, arguments) = compression.unpacking
    let output = try Pipe()
    let child: ChildProcess
    do {
      child = try ChildProcess(
        Launch(
          program, arguments, environment: environment,
          descriptors: [0: file.number, 1: output.writing.number]))
    } catch let error as PlatformError where error.code == .notFound {
      throw CopyError(
        .missingProgram, "\(path) is packed with \(program), which is not here",
        fix: "apt-get install \(program)")
    }
    output.writing.close()
    defer { child.terminate(within: 0) }
    var head: [UInt8] = []
    while head.count < 8_192, let more = try output.reading.read(interruption: nil) { head += more }
    guard !head.isEmpty else {
      throw CopyError(
        .truncatedDump, "\(path) is packed with \(program) and cannot be unpacked",
        fix: "see what `\(program) --test \(path)` says, and copy the dump again")
    }
    return head
  }

  private static func form(_ head: [UInt8], of path: Path) throws -> DumpFile.Form {
    if head.starts(with: Array("PGDMP".utf8)) { return .custom }
    if head.count > 262, head[257...261].elementsEqual("ustar".utf8) {
      guard head.starts(with: Array("toc.dat".utf8)) else {
        throw CopyError(
          .unreadableDump, "\(path) is a tar archive, but not one that pg_dump wrote",
          fix: "unpack it, and give the dump that is in it")
      }
      return .tar
    }
    if let other = Self.otherFormat(head) { throw other.error(for: path) }
    guard Self.looksLikeText(head) else {
      throw CopyError(
        .unreadableDump,
        "\(path) is neither a dump of PostgreSQL's nor a SQLite file; it may be encrypted or damaged",
        fix: Self.fix)
    }
    let text = String(decoding: head, as: UTF8.self)
    if text.contains("PostgreSQL database cluster dump") {
      throw DumpFile.severalDatabases(path, "it was written by pg_dumpall")
    }
    for (mark, tool) in [("-- MySQL dump", "MySQL"), ("-- MariaDB dump", "MariaDB")]
    where text.contains(mark) {
      throw CopyError(
        .unreadableDump, "\(path) is a dump of \(tool)'s, which Stairway does not know",
        fix: Self.fix)
    }
    if text.hasPrefix("PRAGMA foreign_keys=") {
      throw CopyError(
        .unreadableDump, "\(path) is what SQLite's .dump prints, not a SQLite file",
        fix: "make a file of it: sqlite3 copy.db < \(path)")
    }
    return .plain
  }

  /// No byte that text does not hold; a sign that is cut off at the end counts as whole.
  private static func looksLikeText(_ head: [UInt8]) -> Bool {
    let isPrintable = head.allSatisfy { $0 >= 32 && $0 != 127 || (9...13).contains($0) || $0 == 27 }
    guard isPrintable else { return false }
    let replaced = String(decoding: head, as: UTF8.self).unicodeScalars.count { $0 == "\u{fffd}" }
    // Latin-1 has a letter beyond ASCII now and then, noise has them everywhere.
    return replaced * 10 < head.count
  }

  /// A format that is known, and not read, by its first bytes.
  private struct Known {
    let start: [UInt8]
    let title: String
    let code: CopyError.Code
    let fix: String

    func error(for path: Path) -> CopyError {
      CopyError(code, "\(path) is \(title)", fix: fix)
    }
  }

  private static func otherFormat(_ head: [UInt8]) -> Known? {
    known.first { head.starts(with: $0.start) }
  }

  private static let known: [Known] = [
    Known(
      start: Array("-----BEGIN PGP".utf8), title: "encrypted with PGP", code: .encryptedDump,
      fix: "decrypt it first: gpg --decrypt FILE > dump"),
    Known(
      start: [0x85], title: "encrypted with PGP, as its first byte says", code: .encryptedDump,
      fix: "decrypt it first: gpg --decrypt FILE > dump"),
    Known(
      start: [0x8c], title: "encrypted with PGP, as its first byte says", code: .encryptedDump,
      fix: "decrypt it first: gpg --decrypt FILE > dump"),
    Known(
      start: Array("Salted__".utf8), title: "encrypted with openssl", code: .encryptedDump,
      fix: "decrypt it first: openssl enc -d …"),
    Known(
      start: Array("age-encryption.org/".utf8), title: "encrypted with age", code: .encryptedDump,
      fix: "decrypt it first: age --decrypt FILE > dump"),
    Known(
      start: [0x50, 0x4b, 3, 4], title: "a zip archive", code: .unreadableDump,
      fix: "unpack it first: unzip FILE"),
    Known(
      start: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], title: "packed with xz", code: .unreadableDump,
      fix: "unpack it first: xz --decompress FILE"),
    Known(
      start: Array("BZh".utf8), title: "packed with bzip2", code: .unreadableDump,
      fix: "unpack it first: bunzip2 FILE"),
    Known(
      start: [0x04, 0x22, 0x4d, 0x18], title: "packed with lz4", code: .unreadableDump,
      fix: "unpack it first: lz4 -d FILE"),
  ]
}

extension DumpFile {
  static func severalDatabases(_ path: Path, _ why: String) -> CopyError {
    CopyError(
      .severalDatabases, "\(path) holds more than one database: \(why)",
      fix: "dump the one that is to be rehearsed: pg_dump --format=custom --file=shop.dump shop")
  }
}
