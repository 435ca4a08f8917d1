import Glibc
import Testing

@testable import Platform

struct FilesTests {
  @Test func `what is written is read back`() throws {
    let folder = try Folder()
    let path = folder.path / "é file"
    try Files.write("líne\n", to: path)
    #expect(try Files.text(of: path) == "líne\n")
    try Files.write("", to: path)
    #expect(try Files.bytes(of: path) == [])
    #expect(try Files.names(in: folder.path) == ["é file"])
  }

  @Test func `a write that fails leaves the old file and nothing beside it`() throws {
    let folder = try Folder()
    let path = folder.path / "report"
    try Files.write("old", to: path)
    // Renaming a file over a folder fails after everything was written.
    let blocked = folder.path / "blocked"
    try Files.makeFolder(blocked / "inside")
    let error = #expect(throws: PlatformError.self) { try Files.write("new", to: blocked) }
    #expect(error?.message.hasPrefix("cannot write \(blocked): ") == true)
    #expect(try Files.names(in: folder.path) == ["blocked", "report"])
    #expect(try Files.text(of: path) == "old")
  }

  @Test func `a full disk is told apart`() throws {
    let folder = try Folder()
    try Files.write("something", to: folder.path / "from")
    let error = #expect(throws: PlatformError.self) {
      try Files.open(writing: "/dev/full").write("x")
    }
    #expect(error?.code == .diskFull)
    #expect(error?.message.hasSuffix(PlatformError.fullDiskText) == true)
  }

  @Test func `a folder that cannot be made is told with the system's first reason`() throws {
    let folder = try Folder()
    // What is looked up after the refusal must not change its number.
    let link = folder.path / "link"
    #expect(symlink("/no/such", link.text) == 0)
    for path in [link, link / "below"] {
      let error = #expect(throws: PlatformError.self) { try Files.makeFolder(path) }
      #expect(error?.number == EEXIST)
      #expect(error?.code == .alreadyExists)
      #expect(error?.message == "cannot make the folder \(link): File exists")
    }
  }

  @Test func `errors name the path and the reason`() throws {
    let read = #expect(throws: PlatformError.self) { try Files.text(of: "/no/such") }
    #expect(read?.code == .notFound)
    #expect(read?.message == "cannot read /no/such: No such file or directory")
    let folder = #expect(throws: PlatformError.self) { try Files.text(of: "/tmp") }
    #expect(folder?.message == "cannot read /tmp: Is a directory")
    let write = #expect(throws: PlatformError.self) { try Files.write("", to: "/proc/x/y") }
    #expect(write?.code == .notFound)
  }

  @Test func `a tree is removed, and links in it are not followed`() throws {
    let folder = try Folder()
    let kept = folder.path / "kept"
    try Files.makeFolder(kept)
    try Files.write("x", to: kept / "file")
    let tree = folder.path / "tree"
    try Files.makeFolder(tree / "a/b/c")
    try Files.write("x", to: tree / "a/b/file")
    #expect(symlink(kept.text, (tree / "a/link").text) == 0)
    try Files.removeTree(tree)
    #expect(!Files.exists(tree))
    #expect(Files.exists(kept / "file"))
    try Files.removeTree(tree)
  }

  @Test func `a folder is made with those above it, and again without complaint`() throws {
    let folder = try Folder()
    try Files.makeFolder(folder.path / "a/b/c")
    try Files.makeFolder(folder.path / "a/b/c")
    #expect(Files.isFolder(folder.path / "a/b/c"))
    try Files.write("x", to: folder.path / "file")
    let error = #expect(throws: PlatformError.self) {
      try Files.makeFolder(folder.path / "file/below")
    }
    #expect(error != nil)
  }

  @Test func `a copy has the bytes and replaces what was there`() throws {
    let folder = try Folder()
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
    try Files.write(bytes, to: folder.path / "from")
    try Files.write("old", to: folder.path / "to")
    try Files.copy(folder.path / "from", to: folder.path / "to")
    #expect(try Files.bytes(of: folder.path / "to") == bytes)
  }

  @Test func `a program is looked for in the given path only`() throws {
    let folder = try Folder()
    try Files.write("#!/bin/sh\n", to: folder.path / "tool", mode: 0o755)
    try Files.write("no program", to: folder.path / "text")
    let search = "/nowhere:\(folder.path)"
    #expect(Files.executable(named: "tool", searchPath: search) == folder.path / "tool")
    #expect(Files.executable(named: "text", searchPath: search) == nil)
    #expect(Files.executable(named: "sh", searchPath: search) == nil)
    #expect(Files.executable(named: "/bin/sh", searchPath: "") == "/bin/sh")
  }

  @Test func `free space is known where something can be written`() throws {
    let folder = try Folder()
    #expect((Files.freeSpace(in: folder.path) ?? 0) > 0)
    #expect(Files.freeSpace(in: "/no/such/folder") == nil)
    #expect(Files.freeSpace(in: "/proc/self") == nil || Files.freeSpace(in: "/proc/self") == 0)
  }

  @Test func `a lock has one holder at a time`() throws {
    let folder = try Folder()
    let lock = try #require(try FolderLock(folder.path))
    #expect(try FolderLock(folder.path) == nil)
    lock.release()
    #expect(try FolderLock(folder.path) != nil)
  }

  @Test func `locking a folder that is gone leaves nothing in its place`() throws {
    let folder = try Folder()
    #expect(throws: PlatformError.self) { try FolderLock(folder.path / "gone") }
    #expect(!Files.exists(folder.path / "gone"))
  }

  @Test func `a temporary folder is its owner's alone`() throws {
    let folder = try Folder()
    var status = stat()
    #expect(stat(folder.path.text, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
  }
}
