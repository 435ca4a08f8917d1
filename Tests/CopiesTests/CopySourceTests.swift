import Databases
import Glibc
import Platform
import Testing

@testable import Copies

struct CopySourceTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func source(_ bytes: [UInt8], _ name: String = "shop.bin") throws -> CopySource {
    try Files.write(bytes, to: folder.path / name)
    return try CopySource(name, relativeTo: folder.path)
  }

  @Test func `a password in what is no source is not shown`() throws {
    let error = #expect(throws: CopyError.self) {
      try CopySource("host=db password=s3cret dbnam=shop", relativeTo: "/")
    }
    #expect(error?.message.contains("s3cret") == false)
    #expect(error?.message.hasSuffix("nothing is there") == true)
  }

  @Test func `a URL is a server's address, however its driver is written`() throws {
    for text in [
      "postgresql://ann:s3cret@db/shop", "postgres://ann:s3cret@db/shop",
      "postgresql+psycopg2://ann:s3cret@db/shop",
    ] {
      let source = try CopySource(text, relativeTo: "/")
      #expect(source.title == "postgresql://ann@db:5432/shop")
      #expect(source.engine == .postgresql)
      #expect(source.nameToConfirm == nil)
    }
    let inPlace = try CopySource("postgresql://ann@db/shop", relativeTo: "/", inPlace: true)
    #expect(inPlace.nameToConfirm == "shop")
  }

  @Test func `an address may be written in keywords`() throws {
    let source = try CopySource(
      "host=db port = 5433 user=ann password='s3 cret' dbname=shop", relativeTo: "/")
    #expect(source.title == "postgresql://ann@db:5433/shop")
    let inPlace = try CopySource("dbname=shop host=db", relativeTo: "/", inPlace: true)
    #expect(inPlace.nameToConfirm == "shop")
  }

  @Test func `the content says what a file is, not its name`() throws {
    #expect(
      try source(Array("SQLite format 3\u{0}".utf8), "dump.sql")
        == .sqlite(folder.path / "dump.sql"))
    #expect(
      try source(Array("PGDMP\u{1}".utf8), "shop.sqlite") == .dump(folder.path / "shop.sqlite"))
    #expect(
      try source(Array("--\n-- PostgreSQL database dump\n--\n".utf8))
        == .dump(folder.path / "shop.bin"))
    #expect(
      try CopySource("sqlite:///shop.sqlite", relativeTo: folder.path)
        == .dump(folder.path / "shop.sqlite"))
  }

  /// What a file begins with, and the code and words that it is refused with.
  struct Refused: Sendable, CustomTestStringConvertible {
    let start: [UInt8]
    let code: CopyError.Code
    let words: String

    var testDescription: String { words }

    static let all = [
      Refused(start: [], code: .badSource, words: "is empty"),
      Refused(start: Array("-----BEGIN PGP MESSAGE-----".utf8), code: .encryptedDump, words: "PGP"),
      Refused(start: Array("Salted__12345678".utf8), code: .encryptedDump, words: "openssl"),
      Refused(
        start: Array("age-encryption.org/v1".utf8), code: .encryptedDump,
        words: "encrypted with age"),
      Refused(start: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0], code: .unreadableDump, words: "xz"),
      Refused(start: [0x50, 0x4b, 3, 4, 0], code: .unreadableDump, words: "zip"),
      Refused(
        start: (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }, code: .unreadableDump,
        words: "neither a dump"),
      Refused(
        start: Array("-- MySQL dump 10.13".utf8), code: .unreadableDump, words: "dump of MySQL's"),
      Refused(
        start: Array("PRAGMA foreign_keys=OFF;\nBEGIN".utf8), code: .unreadableDump,
        words: ".dump prints"),
      Refused(
        start: Array("--\n-- PostgreSQL database cluster dump\n--".utf8), code: .severalDatabases,
        words: "pg_dumpall"),
    ]
  }

  @Test(arguments: Refused.all)
  func `what is no dump is refused by what it is`(_ refused: Refused) throws {
    let error = #expect(throws: CopyError.self) { try source(refused.start) }
    #expect(error?.code == refused.code)
    #expect(error?.message.contains(refused.words) == true)
    #expect(error?.fix != nil)
  }

  @Test func `a pipe is refused, since it can be read once only`() throws {
    let pipe = folder.path / "pipe"
    #expect(mkfifo(pipe.text, 0o600) == 0)
    let error = #expect(throws: CopyError.self) { try CopySource("pipe", relativeTo: folder.path) }
    #expect(error?.code == .badSource)
    #expect(error?.message.contains("is a pipe or a device") == true)
    #expect(error?.fix?.contains("pg_dump --format=custom") == true)
  }

  @Test func `a server's refusal is one line without tabs`() {
    let refused = DatabaseError(
      .cannotConnect, message: "connection refused\n\tIs the server running\n\thereabouts?")
    let error = CopyError(.sourceUnreachable, "cannot connect", refused)
    #expect(error.message == "cannot connect: connection refused Is the server running hereabouts?")
  }

  @Test func `a source that is not there, or of another kind, is a mistake of the command line`()
    throws
  {
    for text in ["nothing.dump", "mysql://ann@db/shop", "postgresql://ann:s3cret@db:port/shop"] {
      let error = #expect(throws: CopyError.self) { try CopySource(text, relativeTo: folder.path) }
      #expect(error?.code == .badSource)
      #expect(error?.isUsage == true)
      #expect(error?.message.contains("s3cret") == false)
    }
    let dump = #expect(throws: CopyError.self) {
      _ = try source(Array("PGDMP\u{1}".utf8))
      return try CopySource("shop.bin", relativeTo: folder.path, inPlace: true)
    }
    #expect(dump?.message.contains("no database that could be used in place") == true)
  }
}
